import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fail, type Failure } from '../../shared/failure.ts'
import { canonicalJson, hashOfEntry, noHash } from '../catalog/audit-hash.ts'
import { asCatalog, by, catalogInThread, type CatalogInThread } from '../catalog/testing/catalog-in-thread.ts'
import { exportAudit } from './export.ts'
import { auditHead, headName, signingKeyName, type AuditHead } from './head.ts'
import { verifyAudit } from './verify.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

/** A keychain in memory that can be locked. */
function keyring() {
  const items = new Map<string, string>()
  const state: { failure: Failure | null } = { failure: null }
  const answering = <T>(answer: () => T): T => (state.failure ? fail(state.failure) : answer())
  return {
    items,
    state,
    readValue: async (name: string) => answering(() => items.get(name) ?? null),
    writeValue: async (name: string, value: string) => answering(() => void items.set(name, value)),
  }
}

let catalog: CatalogInThread
let keychain: ReturnType<typeof keyring>
let head: AuditHead
beforeEach(() => {
  catalog = catalogInThread()
  keychain = keyring()
  head = auditHead({ catalog: asCatalog(catalog), values: keychain })
})
afterEach(() => catalog.dispose())

const record = (count: number) => {
  for (let n = 0; n < count; n++)
    catalog.recordEvent({
      event: 'artifact-decrypted',
      on: `model ${n}.pkl`,
      artifactId: null,
      keyId: null,
      jobId: null,
      facts: { n, to: 'standard output', whole: n % 2 === 0, sha256: null },
      by,
    })
}
const verify = () => verifyAudit({ catalog: asCatalog(catalog), head })

/** Edits the file as someone with a SQLite shell would. */
function tamper(edit: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(catalog.path)
  db.exec('DROP TRIGGER IF EXISTS audit_is_never_changed; DROP TRIGGER IF EXISTS audit_is_never_cut')
  edit(db)
  db.close()
}

describe('an audit log', () => {
  it('is intact and vouched for after its head was written, and while entries continue it', async () => {
    record(3)
    const written = await head.write()
    expect(await verify()).toMatchObject({
      intact: true,
      entries: 5,
      tailVouched: true,
      reason: null,
      brokenAt: null,
    })
    record(2)
    expect(await verify()).toMatchObject({ intact: true, entries: 7, tailVouched: true })
    expect('head' in written && written.head.entries).toBe(5)
  })

  it('notes the making of its signing key once', async () => {
    await Promise.all([head.write(), head.write(), head.write()])
    await head.write()
    expect(catalog.auditRange(1, 100).map(({ event }) => event)).toEqual([
      'installation-created',
      'audit-key-made',
    ])
    expect(await verify()).toMatchObject({ intact: true, tailVouched: true })
  })

  it('is not called broken while the keychain is locked, only not vouched for', async () => {
    record(3)
    await head.write()
    keychain.state.failure = { code: 'keychain/locked' }
    expect(await verify()).toMatchObject({
      intact: true,
      tailVouched: false,
      brokenAt: null,
      reason: 'Nothing vouches for the newest entries: the keychain is locked',
    })
    expect(await head.write()).toEqual({ failure: { code: 'keychain/locked' } })
    keychain.state.failure = null
    expect(await verify()).toMatchObject({ intact: true, tailVouched: true })
  })

  it('says so when nothing was signed yet, and when the keychain is another one', async () => {
    expect((await verify()).reason).toContain('no head has been signed yet')
    await head.write()
    keychain.items.clear()
    expect(await verify()).toMatchObject({ intact: true, tailVouched: false })
    expect((await verify()).reason).toContain('does not hold the head')
  })

  it('finds a head that somebody else signed', async () => {
    record(2)
    await head.write()
    const other = auditHead({ catalog: asCatalog(catalog), values: keyring() })
    const forged = await other.write()
    keychain.items.set(headName, JSON.stringify('head' in forged ? forged.head : null))
    expect(await verify()).toMatchObject({ intact: false, tailVouched: false })
  })

  it('is not signed anew once its tail is lost, so that no later job hides the loss', async () => {
    record(3)
    await head.write()
    tamper((db) => db.exec('DELETE FROM audit WHERE sequence >= 4'))
    record(4)
    expect(await head.write()).toMatchObject({ failure: { code: 'audit/broken', sequence: 5 } })
    expect(await verify()).toMatchObject({ intact: false, brokenAt: 5, tailVouched: true })
  })

  it('refuses to be changed or cut by the program itself', () => {
    const db = new DatabaseSync(catalog.path)
    expect(() => db.exec('DELETE FROM audit')).toThrow('append-only')
    expect(() => db.exec(`UPDATE audit SET who = 'x'`)).toThrow('append-only')
    db.close()
  })
})

const entries = 12
const column = fc.constantFrom(
  'at',
  'event',
  'category',
  'subject',
  'who',
  'via',
  'facts',
  'job_id',
  'hash',
  'previous_hash',
)
const place = fc.integer({ min: 1, max: entries })
const attack = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), sequence: place }),
  fc.record({ kind: fc.constant('change' as const), sequence: place, column }),
  fc.uniqueArray(place, { minLength: 2, maxLength: 2 }).map(([one = 1, other = 2]) => ({
    kind: 'swap' as const,
    sequence: Math.min(one, other),
    with: Math.max(one, other),
  })),
  fc.record({ kind: fc.constant('delete-some' as const), sequence: place, and: fc.array(place) }),
  fc.record({ kind: fc.constant('insert' as const), sequence: place }),
  fc.record({ kind: fc.constant('cut' as const), sequence: fc.integer({ min: 2, max: entries }) }),
  fc.record({ kind: fc.constant('slip-in' as const), sequence: fc.integer({ min: -3, max: 0 }) }),
  fc.record({ kind: fc.constant('rewrite' as const), sequence: place }),
)
type Attack = typeof attack extends fc.Arbitrary<infer T> ? T : never

const copyOf = (sequence: string, from: string) =>
  `INSERT INTO audit SELECT ${sequence}, at, event, category, subject, artifact_id, key_id, job_id, who, via, facts,
     previous_hash, hash FROM audit WHERE sequence = ${from}`

function carryOut(db: DatabaseSync, attacked: Attack): void {
  const { kind, sequence } = attacked
  if (kind === 'delete') db.exec(`DELETE FROM audit WHERE sequence = ${sequence}`)
  if (kind === 'cut') db.exec(`DELETE FROM audit WHERE sequence >= ${sequence}`)
  if (kind === 'change') {
    const value = attacked.column === 'at' ? 'at + 1' : `${attacked.column} || 'x'`
    db.exec(`UPDATE audit SET ${attacked.column === 'job_id' ? `job_id = 'x'` : `${attacked.column} = ${value}`}
      WHERE sequence = ${sequence}`)
  }
  if (kind === 'swap')
    db.exec(`UPDATE audit SET sequence = -9 WHERE sequence = ${sequence};
      UPDATE audit SET sequence = ${sequence} WHERE sequence = ${attacked.with};
      UPDATE audit SET sequence = ${attacked.with} WHERE sequence = -9`)
  if (kind === 'delete-some')
    db.exec(`DELETE FROM audit WHERE sequence IN (${[sequence, ...attacked.and].join()})`)
  if (kind === 'insert') {
    for (let n = entries; n >= sequence; n--)
      db.exec(`UPDATE audit SET sequence = ${n + 1} WHERE sequence = ${n}`)
    db.exec(copyOf(String(sequence), String(sequence + 1)))
    db.exec(`UPDATE audit SET subject = 'put in' WHERE sequence = ${sequence}`)
  }
  if (kind === 'slip-in') db.exec(copyOf(String(sequence), '1'))
  if (kind === 'rewrite') rewriteFrom(db, sequence)
}

/** Someone changes an entry and makes every later hash anew, as the rules say. */
function rewriteFrom(db: DatabaseSync, sequence: number): void {
  db.exec(`UPDATE audit SET who = 'nobody' WHERE sequence = ${sequence}`)
  let previousHash = catalog.auditHashAt(sequence - 1) ?? noHash
  for (const entry of catalog.auditRange(sequence, 1000)) {
    const hash = hashOfEntry({ ...entry, previousHash })
    db.prepare('UPDATE audit SET previous_hash = ?, hash = ? WHERE sequence = ?').run(
      previousHash,
      hash,
      entry.sequence,
    )
    previousHash = hash
  }
}

/** Where it must be found. */
const foundAt = (attacked: Attack): number => {
  const { kind, sequence } = attacked
  if (kind === 'delete-some') return Math.min(sequence, ...attacked.and)
  if (kind === 'slip-in') return 1
  if (kind === 'rewrite') return entries
  return sequence
}

it('finds any deletion, insertion, exchange, change, rewriting and lost tail, and names where', async () => {
  catalog.dispose()
  await fc.assert(
    fc.asyncProperty(attack, async (attacked) => {
      catalog = catalogInThread()
      keychain = keyring()
      head = auditHead({ catalog: asCatalog(catalog), values: keychain })
      record(entries - 2)
      await head.write()
      expect(await verify()).toMatchObject({ intact: true, entries })
      tamper((db) => carryOut(db, attacked))
      const verdict = await verify()
      catalog.dispose()
      expect(verdict).toMatchObject({ intact: false, brokenAt: foundAt(attacked) })
      expect(verdict.reason).not.toBeNull()
    }),
    { numRuns: 30 },
  )
})

describe('an export', () => {
  const collect = async () => {
    const lines: string[] = []
    for await (const line of exportAudit({ catalog: asCatalog(catalog), head })) lines.push(line)
    return lines.map((line): Record<string, unknown> => JSON.parse(line))
  }

  it('holds every entry with a hash that can be made from its own line, and the signed head last', async () => {
    record(520)
    const lines = await collect()
    const signed = lines.pop()
    let previousHash: unknown = noHash
    for (const { hash, ...entry } of lines) {
      expect(entry['previousHash']).toBe(previousHash)
      expect(createHash('sha256').update(canonicalJson(entry)).digest('hex')).toBe(hash)
      expect(entry['at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      previousHash = hash
    }
    const last = signed?.['head'] as Record<'publicKey' | 'signed' | 'signature' | 'hash', string> & {
      entries: number
    }
    expect(lines).toHaveLength(last.entries)
    expect(last.hash).toBe(previousHash)
    expect(last.signed.split('\n')[3]).toBe(previousHash)
    const isSigned = verifySignature(
      null,
      Buffer.from(last.signed),
      createPublicKey(last.publicKey),
      Buffer.from(last.signature, 'base64'),
    )
    expect(isSigned).toBe(true)
  })

  it('says why its head is not signed', async () => {
    record(1)
    keychain.state.failure = { code: 'keychain/locked' }
    expect((await collect()).at(-1)).toMatchObject({
      head: { entries: 2, signature: null, unsignedBecause: 'keychain/locked' },
    })
  })

  it('never holds the signing key', async () => {
    const text = JSON.stringify(await collect())
    const secret = keychain.items.get(signingKeyName) ?? ''
    expect(secret).toHaveLength(64)
    expect(text).not.toContain(secret)
  })
})
