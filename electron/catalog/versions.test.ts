import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ArtifactId, KeyId, newId, type StoreId } from '../../shared/ids.ts'
import type { FoundVersion } from './version-operations.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  destroyKey,
  encrypt,
  listed,
  startJob,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

const events = (from: number) => catalog.auditRange(from, 100).map(({ event }) => event)
const nextEntry = () => catalog.auditHead().entries + 1

describe('a version for opening', () => {
  it('has all that an opening needs', () => {
    const manifest = { entries: [{ path: 'config.json', sizeBytes: 3 }] }
    const { artifactId, keyId, facts } = encrypt(catalog, storeId, 'bert', {
      isFolder: true,
      facts: { isFolder: true, manifest },
    })
    const opening = catalog.versionForOpening(artifactId, null)
    expect(opening).toEqual({
      artifactId,
      name: 'bert',
      version: 1,
      ownership: 'owner',
      status: 'stored',
      nonce: facts.payload.nonce,
      leafDigests: facts.payload.leafDigests,
      root: facts.payload.root,
      algorithm: 'blake3',
      plaintextBytes: 1000,
      isFolder: true,
      manifest,
      wraps: [{ keyId, fingerprint: facts.wrap.fingerprint, isAccepted: true }],
      keyIds: [keyId],
      objects: [{ storeId, objectName: 'bert.tar.age', sizeBytes: 1245, revision: 'r1', checksum: null }],
    })
    expect(opening.leafDigests).toBeInstanceOf(Uint8Array)
    expect(() => catalog.versionForOpening(artifactId, 2)).toThrow('artifact/not-found')
  })

  it('knows whose pin a fingerprint is, also one that is accepted no more', () => {
    const { artifactId, keyId, facts } = encrypt(catalog, storeId, 'a.pkl')
    const { fingerprint } = facts.wrap
    const owner = { artifactId, name: 'a.pkl', version: 1 }
    expect(catalog.whoHasFingerprint(fingerprint)).toEqual({ ...owner, isAccepted: true })
    const other = 'ef'.repeat(32)
    catalog.clock.now += 1
    catalog.repinVersion({ artifactId, version: 1, fingerprint: other, keyId, note: 'wrapped elsewhere', by })
    expect(catalog.whoHasFingerprint(fingerprint)).toEqual({ ...owner, isAccepted: false })
    expect(catalog.artifactRow(artifactId).fingerprint).toBe(other)
    expect(catalog.versionForOpening(artifactId, 1).wraps.map(({ isAccepted }) => isAccepted)).toEqual([
      true,
      false,
    ])
    catalog.clock.now += 1
    catalog.repinVersion({ artifactId, version: 1, fingerprint, keyId, note: 'restored', by })
    expect(catalog.whoHasFingerprint(fingerprint)?.isAccepted).toBe(true)
    expect(catalog.artifactRow(artifactId).fingerprint).toBe(fingerprint)
    expect(catalog.objectOwner(storeId, 'a.pkl.age')).toEqual(owner)
    expect(catalog.objectOwner(storeId, 'b.pkl.age')).toBeNull()
  })

  it('comes in pages, every one once', () => {
    for (const name of ['a.pkl', 'b.pkl', 'a.pkl', 'c.pkl', 'a.pkl']) encrypt(catalog, storeId, name)
    const seen: string[] = []
    for (let after: string | null = null; ;) {
      const page = catalog.versionsInStore(storeId, after, 2)
      seen.push(...page.versions.map(({ name, version }) => `${name} ${version}`))
      if (page.next === null) break
      after = page.next
    }
    expect(seen).toEqual(['a.pkl 1', 'a.pkl 2', 'a.pkl 3', 'b.pkl 1', 'c.pkl 1'])
    expect(catalog.versionsInStore(null, null, 100).versions).toHaveLength(5)
  })
})

describe('what is learnt of a version', () => {
  it('is when it was checked, and that it did not verify', () => {
    const { artifactId } = encrypt(catalog, storeId, 'a.pkl')
    const from = nextEntry()
    catalog.versionRefused({ artifactId, version: 1, code: 'verify/altered', by, jobId: null })
    const noted = catalog.artifactDetails(artifactId).versions[0]
    expect(noted).toMatchObject({ note: 'Did not verify on 2026-11-23: verify/altered', checkedAt: null })
    const object = { storeId, objectName: 'a.pkl.age', revision: 'r9' }
    catalog.setVersionChecked({ artifactId, version: 1, at: 99, how: 'full', object })
    expect(catalog.artifactDetails(artifactId).versions[0]).toMatchObject({
      note: null,
      checkedAt: 99,
      checkedHow: 'full',
    })
    expect(catalog.versionForOpening(artifactId, 1).objects[0]?.revision).toBe('r9')
    expect(events(from)).toEqual(['version-refused'])
  })

  it('is that it is missing, audited once, until a check finds it again', () => {
    const { artifactId, keyId } = encrypt(catalog, storeId, 'a.pkl')
    const from = nextEntry()
    const miss = () => catalog.versionMissing({ artifactId, version: 1, by })
    miss()
    miss()
    expect(catalog.artifactRow(artifactId).status).toBe('missing')
    expect(events(from)).toEqual(['version-missing'])
    const object = { storeId, objectName: 'a.pkl.age', revision: 'r2' }
    catalog.setVersionChecked({ artifactId, version: 1, at: 99, how: 'quick', object })
    expect(catalog.artifactRow(artifactId).status).toBe('stored')
    destroyKey(catalog, keyId)
    miss()
    expect(catalog.artifactRow(artifactId).status).toBe('erased')
  })

  it('is that it was opened', () => {
    const { artifactId, keyId } = encrypt(catalog, storeId, 'a.pkl')
    expect(catalog.milestones()).toEqual({ encrypted: true, opened: false, backedUp: false })
    const jobId = startJob(catalog)
    catalog.artifactDecrypted({ artifactId, version: 1, keyId, to: 'standard output', jobId, by })
    expect(catalog.milestones()).toEqual({ encrypted: true, opened: true, backedUp: false })
    expect(catalog.artifactDetails(artifactId).keyEvents.at(-1)).toMatchObject({
      event: 'artifact-decrypted',
      keyId,
    })
  })
})

const found = (more: Partial<FoundVersion> = {}): FoundVersion => ({
  artifactId: newId(ArtifactId),
  name: 'model.pkl',
  version: 1,
  isFolder: false,
  storeId,
  objectName: 'model.pkl.age',
  sizeBytes: 1245,
  revision: 'r1',
  modifiedAt: 1234,
  plaintextBytes: 1000,
  fingerprint: '01'.repeat(32),
  nonce: '02'.repeat(16),
  keyId: newId(KeyId),
  algorithm: 'X25519',
  recipient: 'age1x',
  backend: 'GNOME Keyring',
  summary: null,
  ownership: 'reader',
  ...more,
})

describe('a rebuild', () => {
  it('brings artifacts back unpinned, with keys suspended', () => {
    const one = found()
    const two = found({ ...one, version: 2, objectName: 'model.v2.pkl.age', fingerprint: '03'.repeat(32) })
    const jobId = startJob(catalog, 'rebuild')
    expect(catalog.rebuildInsert({ jobId, found: [one, two], by })).toEqual({
      inserted: 2,
      conflicts: [],
      contradictions: [],
    })
    expect(catalog.rebuildInsert({ jobId, found: [one, two], by })).toEqual({
      inserted: 0,
      conflicts: [],
      contradictions: [],
    })
    expect(catalog.artifactRow(one.artifactId)).toMatchObject({
      version: 2,
      versions: 2,
      status: 'unpinned',
      ownership: 'reader',
      keyState: 'suspended',
      keyId: one.keyId,
      encryptedAt: 1234,
    })
    const opening = catalog.versionForOpening(one.artifactId, 1)
    expect(opening).toMatchObject({
      leafDigests: null,
      root: null,
      algorithm: '',
    })
    expect(
      catalog
        .auditRange(1, 100)
        .map(({ event }) => event)
        .slice(2),
    ).toEqual(['key-found', 'artifact-rebuilt', 'artifact-rebuilt'])
    expect(listed(catalog, { query: 'model' }).total).toBe(1)
  })

  it('leaves what is known alone, and names what contradicts it', () => {
    const { artifactId, keyId, facts } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'rebuild')
    const again = found({ artifactId, keyId, fingerprint: facts.wrap.fingerprint })
    const copy = found({ ...again, objectName: 'copy.age' })
    const forged = found({ artifactId, keyId, fingerprint: '09'.repeat(32), objectName: 'forged.age' })
    expect(catalog.rebuildInsert({ jobId, found: [again, copy, forged], by })).toEqual({
      inserted: 0,
      conflicts: ['forged.age'],
      contradictions: [],
    })
    expect(catalog.artifactRow(artifactId)).toMatchObject({
      status: 'stored',
      versions: 1,
      ownership: 'owner',
    })
    expect(catalog.versionForOpening(artifactId, 1).objects.map(({ objectName }) => objectName)).toEqual([
      'model.pkl.age',
      'copy.age',
    ])
  })

  it('adds no version to a pinned artifact, and gives no key to another artifact', () => {
    const { artifactId, keyId } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'rebuild')
    const newer = found({ artifactId, keyId, version: 2, fingerprint: '08'.repeat(32), objectName: 'n.age' })
    const stray = found({ keyId, fingerprint: '09'.repeat(32), objectName: 's.age' })
    const underNewKey = found({ artifactId, version: 3, fingerprint: '0a'.repeat(32), objectName: 'k.age' })
    expect(catalog.rebuildInsert({ jobId, found: [newer, stray, underNewKey], by })).toEqual({
      inserted: 0,
      conflicts: [],
      contradictions: ['n.age', 's.age', 'k.age'],
    })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ version: 1, versions: 1, status: 'stored' })
    expect(catalog.counts().artifacts).toBe(1)
  })

  it('adds no version to what was made here, also where the store names another owner of it', () => {
    const { artifactId, keyId } = encrypt(catalog, storeId, 'model.pkl')
    const objectName = 'model.pkl.age'
    catalog.ownerMet({ artifactId, version: 1, storeId, objectName, owner: 'a'.repeat(26), by })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ ownership: 'reader' })
    const injected = found({
      artifactId,
      keyId,
      version: 2,
      fingerprint: '08'.repeat(32),
      objectName: 'n.age',
      ownership: 'reader',
    })
    const jobId = startJob(catalog, 'rebuild')
    expect(catalog.rebuildInsert({ jobId, found: [injected], by }).contradictions).toEqual(['n.age'])
    expect(catalog.artifactRow(artifactId)).toMatchObject({ version: 1, versions: 1 })
  })

  describe('of an artifact whose versions have keys of their own', () => {
    const artifactId = newId(ArtifactId)
    const [first, second, stray] = [newId(KeyId), newId(KeyId), newId(KeyId)]
    const versionUnder = (keyId: KeyId, version: number) =>
      found({
        artifactId,
        keyId,
        version,
        fingerprint: keyId.padEnd(64, '0'),
        objectName: `model.v${version}.pkl.age`,
      })
    const insert = (...versions: FoundVersion[]) =>
      catalog.rebuildInsert({ jobId: startJob(catalog, 'rebuild'), found: versions, by }).contradictions
    beforeEach(() => {
      const facts = { artifactId: null, algorithm: 'X25519', backend: 'GNOME Keyring', by } as const
      for (const keyId of [first, second, stray])
        catalog.keyImported({
          ...facts,
          keyId,
          recipient: `age1${keyId}`,
          importedFrom: '/media/usb/kit.age',
          reverseDestroyed: false,
        })
    })

    it.each([
      ['the oldest', [1, 2]],
      ['the newest', [2, 1]],
    ])('brings all of them back where one file brought their keys, %s first', (_, order) => {
      catalog.keysCameTogether([first, second].map((keyId) => ({ keyId, artifactId })))
      const versions = [versionUnder(first, 1), versionUnder(second, 2)]
      expect(insert(...order.flatMap((number) => versions[number - 1] ?? []))).toEqual([])
      expect(catalog.artifactRow(artifactId)).toMatchObject({ versions: 2, version: 2, keyId: second })
    })

    it('takes nobody’s word for it who has no key of the artifact', () => {
      // A file of its own, two strange keys in one, a key said to be another artifact's, and none said at all.
      const other = newId(ArtifactId)
      catalog.keysCameTogether([{ keyId: second, artifactId }])
      catalog.keysCameTogether([second, stray].map((keyId) => ({ keyId, artifactId })))
      catalog.keysCameTogether([
        { keyId: first, artifactId },
        { keyId: second, artifactId: other },
      ])
      catalog.keysCameTogether([first, second].map((keyId) => ({ keyId, artifactId: null })))
      expect(insert(versionUnder(first, 1), versionUnder(second, 2))).toEqual(['model.v2.pkl.age'])
      expect(catalog.artifactRow(artifactId)).toMatchObject({ versions: 1, keyId: first })
    })

    it('gives none of another artifact’s keys to it, whatever a file says', () => {
      catalog.keysCameTogether([first, second].map((keyId) => ({ keyId, artifactId })))
      const elsewhere = found({ keyId: second, fingerprint: '0b'.repeat(32), objectName: 'other.age' })
      expect(insert(elsewhere, versionUnder(first, 1))).toEqual([])
      expect(insert(versionUnder(second, 2))).toEqual(['model.v2.pkl.age'])
    })

    it('adds none to what was made here', () => {
      const made = encrypt(catalog, storeId, 'made.pkl')
      const keys = [made.keyId, second].map((keyId) => ({ keyId, artifactId: made.artifactId }))
      catalog.keysCameTogether(keys)
      expect(insert({ ...versionUnder(second, 2), artifactId: made.artifactId })).toEqual([
        'model.v2.pkl.age',
      ])
    })
  })

  it('takes nothing that a job is storing', () => {
    const storing = startJob(catalog)
    const { artifactId, objectName } = catalog.reserveVersion({
      jobId: storing,
      storeId,
      name: 'model.pkl',
      isFolder: false,
      separate: false,
      taken: [],
    })
    expect(catalog.objectOwner(storeId, objectName)).toMatchObject({ artifactId, version: 1 })
    const jobId = startJob(catalog, 'rebuild')
    const its = found({ artifactId, objectName })
    const renamed = found({ artifactId, objectName: 'renamed.age' })
    expect(catalog.rebuildInsert({ jobId, found: [its, renamed], by })).toEqual({
      inserted: 0,
      conflicts: ['renamed.age'],
      contradictions: [],
    })
  })

  it('is all or nothing for a batch', () => {
    const jobId = startJob(catalog, 'rebuild')
    const head = catalog.auditHead()
    const broken = found({ objectName: 'b.age', sizeBytes: 1.5 })
    expect(() => catalog.rebuildInsert({ jobId, found: [found(), broken], by })).toThrow('size_bytes')
    expect(catalog.counts().artifacts).toBe(0)
    expect(catalog.auditHead()).toEqual(head)
  })
})

describe('an adoption', () => {
  it('and a first use take nothing for the version that another first use found to be something else', () => {
    const one = found()
    const { artifactId, fingerprint, keyId, nonce } = one
    const jobId = startJob(catalog, 'adopt')
    catalog.rebuildInsert({ jobId, found: [one], by })
    const pin = (byte: number) => ({
      version: 1,
      fingerprint,
      keyId,
      nonce,
      algorithm: 'blake3',
      leafDigests: new Uint8Array(32).fill(byte),
      root: byte.toString(16).padStart(2, '0').repeat(32),
    })
    catalog.pinnedOnFirstUse({ jobId, artifactId, pin: pin(7), by })
    catalog.pinnedOnFirstUse({ jobId, artifactId, pin: pin(7), by })
    expect(() => catalog.pinnedOnFirstUse({ jobId, artifactId, pin: pin(8), by })).toThrow('verify/altered')
    expect(() => catalog.adopted({ jobId, artifactId, pins: [pin(8)], by })).toThrow('verify/altered')
    expect(catalog.versionForOpening(artifactId, 1).root).toBe(pin(7).root)
    expect(catalog.artifactRow(artifactId).ownership).toBe('reader')
  })

  it('pins what was read in full and takes ownership', () => {
    const one = found()
    const jobId = startJob(catalog, 'adopt')
    catalog.rebuildInsert({ jobId, found: [one], by })
    const pin = {
      version: 1,
      fingerprint: one.fingerprint,
      keyId: one.keyId,
      nonce: one.nonce,
      leafDigests: new Uint8Array(32),
      root: '07'.repeat(32),
      algorithm: 'blake3',
    }
    catalog.adopted({ jobId, artifactId: one.artifactId, pins: [pin], by })
    expect(catalog.artifactRow(one.artifactId)).toMatchObject({ status: 'stored', ownership: 'owner' })
    expect(catalog.artifactDetails(one.artifactId).versions[0]).toMatchObject({
      rootDigest: pin.root,
      digestAlgorithm: 'blake3',
      checkedHow: 'full',
      note: 'Pinned on 23 Nov 2026 when it was adopted; its earlier history is not proved',
    })
    expect(catalog.versionForOpening(one.artifactId, 1).wraps).toHaveLength(1)
  })
})
