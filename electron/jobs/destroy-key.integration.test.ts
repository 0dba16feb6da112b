/** Destroying keys through the whole app: what it must refuse, and what it may never claim. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  decrypt,
  type Ended,
  encrypt,
  type House,
  openHouse,
  settled,
  stored,
} from '../../scripts/test/faults/house.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { failureText } from '../../shared/failure-text.ts'
import { KeyId, newId, type JobId } from '../../shared/ids.ts'
import { parseHeader } from '../age/header.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { keyHeader } from '../age/rewrap.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const item = (keyId: KeyId) => `Weightlock/${keyId}`
const keyState = async (keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state
const confirm = (keyId: KeyId) => house.invoke('keys:destroy', { keyId, confirmName: 'model.bin' })

async function begin(keyId: KeyId): Promise<JobId> {
  return (await house.call('keys:destroy', { keyId, confirmName: 'model.bin' })).jobId
}

/** A version whose destruction was announced and then failed in the keychain. */
async function halfDestroyed(): Promise<{ artifact: ArtifactRow; keyId: KeyId; jobId: JobId }> {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  const { keyId } = artifact
  house.keychain.keepDeleted(true)
  const jobId = await begin(keyId)
  const { job, failure } = await settled(house, jobId)
  expect([job?.state, failure?.code]).toEqual(['failed', 'keychain/delete-not-confirmed'])
  house.keychain.keepDeleted(false)
  return { artifact, keyId, jobId }
}

describe('a destruction that failed', () => {
  it('is not finished by dismissing or cancelling it, and its key encrypts nothing more', async () => {
    const { artifact, keyId, jobId } = await halfDestroyed()
    const next = await stored(house, house.input('model.bin', 'second'))
    expect(next.keyId).not.toBe(keyId)
    await house.call('jobs:dismiss', { jobIds: [jobId] })
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).failure?.code).toBe('key/being-destroyed')
    expect(await keyState(keyId)).toBe('suspended')
    expect(house.keychain.items.has(item(keyId))).toBe(true)
    const opened = await decrypt(house, artifact, house.at('out'), { version: 1 })
    expect(opened.job?.state).toBe('done')
  })

  it('is finished by its retry, or by typing the name again', async () => {
    const { keyId, jobId } = await halfDestroyed()
    expect(await begin(keyId)).toBe(jobId)
    expect((await settled(house, jobId)).job?.outcome).toBe('Destroyed and read back')
    expect(await keyState(keyId)).toBe('destroyed')
    expect(house.keychain.items.has(item(keyId))).toBe(false)
  })
})

describe('a destruction that races an encryption of the same artifact', () => {
  it('is refused or makes it take another key: nothing stored is lost', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    const second: Ended[] = []
    let hasBegun = false
    house.onStep = async (step, when) => {
      if (step !== 'begin' || when !== 'after' || hasBegun) return
      hasBegun = true
      second.push(await encrypt(house, house.input('model.bin', 'second')))
    }
    const started = await confirm(keyId)
    expect(started.ok).toBe(true)
    if (!started.ok) return
    const destroyed = await settled(house, started.value.jobId)
    expect(second.map(({ failure }) => failure?.code)).toEqual(['key/being-destroyed'])
    expect(destroyed.failure?.code).toBe('key/still-protects')
    expect(await keyState(keyId)).toBe('active')
    expect(house.keychain.items.has(item(keyId))).toBe(true)
  })
})

describe('a job that has not ended', () => {
  const page = { query: '', category: 'all', since: null, offset: 0, limit: 5 } as const
  const decryptions = async () => {
    const { jobs } = await house.call('jobs:snapshot', {})
    return jobs.filter(({ kind }) => kind === 'decrypt')
  }

  it('does not stand in the way where it only read, and failed', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const good = readFileSync(artifact.location)
    writeFileSync(artifact.location, good.subarray(0, -1))
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('failed')
    const { artifactId } = artifact
    const { jobId: verification } = await house.call('artifacts:verify', {
      artifactIds: [artifactId],
      storeId: null,
      level: 'quick',
    })
    expect((await settled(house, verification)).job?.state).toBe('failed')
    const jobId = await begin(artifact.keyId)
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await house.call('audit:list', page)).rows.map(({ event }) => event)).toContain('artifact-erased')
    const [failed] = await decryptions()
    if (failed === undefined) throw new Error('no job')
    await house.call('jobs:resume', { jobIds: [failed.jobId] })
    expect((await settled(house, failed.jobId)).job?.state).toBe('failed')
  })

  it('is named where it stands in the way, and the way on is a cancel', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const reached = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    house.onStep = async (step, when) => {
      if (step !== 'complete-attempted' || when !== 'before') return
      reached.resolve()
      await goOn.promise
    }
    const target = { path: house.at('out') }
    const started = { artifactId: artifact.artifactId, version: null, target, unpack: false }
    const { jobId } = await house.call('decrypt:start', started)
    await reached.promise
    const refused = await confirm(artifact.keyId)
    const jobs = [{ jobId, kind: 'decrypt', title: 'model.bin', state: 'running' }]
    expect(refused).toEqual({
      ok: false,
      failure: { code: 'key/still-protects', keyId: artifact.keyId, jobs },
    })
    if (refused.ok) return
    const { message, remedy } = failureText(refused.failure)
    expect(message).toContain('decrypt “model.bin” (running)')
    expect(remedy).toContain('cancel it')
    house.onStep = () => undefined
    const cancelling = house.call('jobs:cancel', { jobIds: [jobId] })
    goOn.resolve()
    await cancelling
    expect((await settled(house, await begin(artifact.keyId))).job?.state).toBe('done')
  })
})

describe('a key that is not the only one', () => {
  it('is destroyed, and the outcome says what still opens with another', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const { keyId, artifactId } = artifact
    const file = readFileSync(artifact.location)
    const header = parseHeader(file)
    const own = parseIdentity(house.keychain.items.get(item(keyId)) ?? '')
    const colleague = generateIdentity('X25519')
    const imported = await house.call('keys:import', {
      source: { path: house.input('colleague.txt', identityText(colleague)) },
      passphrase: null,
      reverseDestroyed: null,
    })
    const other = imported.imported[0]?.keyId
    if (other === undefined) throw new Error('not imported')
    const hint = { keyId: other, artifactId }
    const rewrapped = await keyHeader(colleague.recipient(), await openHeader(header, [own]), hint)
    writeFileSync(artifact.location, Buffer.concat([rewrapped, file.subarray(header.bytes.length)]))
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')

    const { job } = await settled(house, await begin(keyId))
    expect(job).toMatchObject({
      state: 'done',
      outcome: 'Destroyed and read back; 1 version still opens with another key',
      report: [
        'Keychain: deleted, then read: empty',
        `model.bin, version 1 still opens with key ${other}`,
        'Not proved: backups of this keychain and of this system',
      ],
    })
    expect((await decrypt(house, artifact, house.at('again'))).job?.state).toBe('done')
  })
})

describe('the proof of a destruction', () => {
  it('tries every copy: one may lie under an older header than the others', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const { keyId, artifactId } = artifact
    const path = house.at('second-store')
    mkdirSync(path)
    const added = {
      name: 'second',
      kind: 'local-folder',
      settings: {},
      paths: { path: { path } },
      secrets: {},
    }
    const { storeId } = await house.call('stores:add', added)
    const items = [{ artifactId, fromStoreId: null }]
    const { jobIds } = await house.call('artifacts:copy', { items, storeId, version: null, move: false })
    expect((await settled(house, jobIds[0] ?? ('' as JobId))).job?.state).toBe('done')
    // The first copy was wrapped anew, with a key that was brought here.
    const identity = generateIdentity('X25519')
    const other = newId(KeyId)
    const file = readFileSync(artifact.location)
    const header = parseHeader(file)
    const held = parseIdentity(house.keychain.items.get(item(keyId)) ?? '')
    const fileKey = await openHeader(header, [held])
    const rewrapped = await keyHeader(identity.recipient(), fileKey, { keyId: other, artifactId })
    writeFileSync(artifact.location, Buffer.concat([rewrapped, file.subarray(header.bytes.length)]))
    const source = house.input('other', `# weightlock key: ${other}\n${identityText(identity)}\n`)
    await house.call('keys:import', { source: { path: source }, passphrase: null, reverseDestroyed: null })
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')

    const { key } = await house.call('keys:show', { keyId: other })
    const { jobId } = await house.call('keys:destroy', { keyId: other, confirmName: key.alias })
    const { job } = await settled(house, jobId)
    expect(job?.report).toContain(`model.bin, version 1 still opens with key ${keyId}`)
  })

  it('asks the keychain, and is not taken in by what the catalog calls destroyed', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    const secret = house.keychain.items.get(item(keyId)) ?? ''
    house.onStep = (step, when) => {
      if (step === 'destroyed' && when === 'after') house.keychain.items.set(item(keyId), secret)
    }
    const jobId = await begin(keyId)
    expect((await settled(house, jobId)).failure?.code).toBe('keychain/delete-not-confirmed')
    house.onStep = () => undefined
    await house.call('jobs:resume', { jobIds: [jobId] })
    const { job } = await settled(house, jobId)
    expect(job?.report).toEqual([
      'Keychain: deleted, then read: empty',
      'model.bin, version 1 does not open with what is left',
      'Not proved: backups of this keychain and of this system',
    ])
    expect(house.keychain.items.has(item(keyId))).toBe(false)
  })
})

describe('an import', () => {
  const fromFile = (reverseDestroyed: string | null = null) =>
    house.invoke('keys:import', { source: { path: house.at('key.txt') }, passphrase: null, reverseDestroyed })
  const exportTo = (keyId: KeyId) =>
    house.call('keys:export', { keyId, target: { path: house.at('key.txt') }, understood: true })

  it('is refused while the key is being destroyed, and does not bring it back unnoticed', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    await exportTo(keyId)
    const imports: unknown[] = []
    house.onStep = async (step, when) => {
      if (step === 'destroyed') imports.push([when, await fromFile('model.bin')])
    }
    const jobId = await begin(keyId)
    expect((await settled(house, jobId)).job?.outcome).toBe('Destroyed here, 1 copy elsewhere')
    const refused = { ok: false, failure: { code: 'key/being-destroyed', keyId } }
    expect(imports).toEqual([
      ['before', refused],
      ['after', refused],
    ])
    expect(house.keychain.items.has(item(keyId))).toBe(false)
    expect(await keyState(keyId)).toBe('destroyed')
  })

  it('of a destroyed key is known to the catalog before the keychain has it', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const { keyId } = artifact
    await exportTo(keyId)
    await settled(house, await begin(keyId))
    const { setPassword } = house.keychain.keytar
    house.keychain.keytar.setPassword = async () => {
      throw new Error('gone')
    }
    expect((await fromFile('model.bin')).ok).toBe(false)
    const { key, copies } = await house.call('keys:show', { keyId })
    expect([key.state, copies[0]?.state]).toEqual(['suspended', 'not-here'])
    house.keychain.keytar.setPassword = setPassword
    expect((await fromFile()).ok).toBe(true)
    expect((await house.call('keys:show', { keyId })).copies[0]?.state).toBe('present')
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
  })
})

describe('an import of a key that is known', () => {
  const fromFile = () =>
    house.invoke('keys:import', {
      source: { path: house.at('key.txt') },
      passphrase: null,
      reverseDestroyed: null,
    })
  const exportTo = (keyId: KeyId) =>
    house.call('keys:export', { keyId, target: { path: house.at('key.txt') }, understood: true })
  const flipped = (secret: string) =>
    `${secret.slice(0, 30)}${secret[30] === 'Q' ? 'P' : 'Q'}${secret.slice(31)}`

  it.each([
    [
      'is damaged',
      (secret: string) => house.keychain.items.set(secret, flipped(house.keychain.items.get(secret) ?? '')),
    ],
    ['is empty text', (secret: string) => house.keychain.items.set(secret, '')],
    ['is missing', (secret: string) => house.keychain.items.delete(secret)],
  ])('and whose item %s mends it', async (_, harm) => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const { keyId } = artifact
    await exportTo(keyId)
    const secret = house.keychain.items.get(item(keyId))
    harm(item(keyId))
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('failed')
    expect(await fromFile()).toMatchObject({ ok: true, value: { imported: [{ keyId }], alreadyKnown: 0 } })
    expect(house.keychain.items.get(item(keyId))).toBe(secret)
    expect(await keyState(keyId)).toBe('active')
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    const { events } = await house.call('keys:show', { keyId })
    expect(events.at(-2)?.event).toBe('key-copy-recorded')
  })

  it('and whose item is whole changes nothing', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    await exportTo(keyId)
    const { set } = house.keychain.counts
    expect(await fromFile()).toMatchObject({ ok: true, value: { imported: [], alreadyKnown: 1 } })
    expect(house.keychain.counts.set).toBe(set)
  })

  it('is not what a file says that names its id and holds another identity', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    const damaged = flipped(house.keychain.items.get(item(keyId)) ?? '')
    house.keychain.items.set(item(keyId), damaged)
    const other = identityText(generateIdentity('X25519'))
    house.input('key.txt', `# weightlock key: ${keyId}\n${other}\n`)
    const answer = await fromFile()
    expect(answer.ok && answer.value.imported.map((row) => row.keyId)).not.toContain(keyId)
    expect(house.keychain.items.get(item(keyId))).toBe(damaged)
  })

  it('overwrites no other identity that lies in its place', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    await exportTo(keyId)
    const other = identityText(generateIdentity('X25519'))
    house.keychain.items.set(item(keyId), other)
    expect(await fromFile()).toEqual({ ok: false, failure: { code: 'key/already-known', keyId } })
    expect(house.keychain.items.get(item(keyId))).toBe(other)
  })

  it('overwrites nothing where the keychain gives no answer', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    await exportTo(keyId)
    const before = new Map(house.keychain.items)
    house.keychain.lock()
    expect((await fromFile()).ok).toBe(false)
    expect(house.keychain.items).toEqual(before)
  })
})

describe('a key left in another keychain', () => {
  it('is not here, and its destruction is refused rather than claimed', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    house.keychain.replace()
    await house.call('keychain:accept-new', {})
    expect((await house.call('keys:show', { keyId })).copies[0]?.state).toBe('not-here')
    const jobId = await begin(keyId)
    expect((await settled(house, jobId)).failure?.code).toBe('key/missing-from-keychain')
    expect(await keyState(keyId)).toBe('active')
  })

  it('is here as before where there was no new keychain to accept', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    await house.call('keychain:accept-new', {})
    expect((await house.call('keys:show', { keyId })).copies[0]?.state).toBe('present')
  })
})
