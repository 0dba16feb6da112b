import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ArtifactId, JobId, KeyId, newId, type StoreId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  reserve,
} from './testing/catalog-in-thread.ts'

vi.setConfig({ testTimeout: 60_000 })

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

describe('a key that rests', () => {
  it('is suspended and made active again, each dated and audited', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    expect(catalog.keyRested({ keyId, to: 'suspended', reason: 'holiday', by })).toMatchObject({
      state: 'suspended',
      inactiveAt: catalog.clock.now,
    })
    expect(catalog.keyRested({ keyId, to: 'active', reason: 'back', by })).toMatchObject({
      state: 'active',
      inactiveAt: null,
    })
    const events = catalog.keyDetails(keyId).events.map(({ event, reason }) => `${event}: ${reason}`)
    expect(events).toContain('key-suspended: holiday')
    expect(events).toContain('key-resumed: back')
  })

  it('is not resumed from another state', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    expect(() => catalog.keyRested({ keyId, to: 'active', reason: '', by })).toThrow('key/illegal-transition')
  })
})

describe('the facts of a rotation', () => {
  it('are those of the keys that are due where none are named', () => {
    const { keyId } = encrypt(catalog, storeId, 'old.pkl')
    catalog.clock.now += 84 * 86_400_000
    encrypt(catalog, storeId, 'new.pkl')
    const { keys, stores, kits } = catalog.rotationFacts(null)
    expect(keys.map((key) => key.keyId)).toEqual([keyId])
    expect(keys[0]?.artifact).toMatchObject({
      name: 'old.pkl',
      ownership: 'owner',
      activeKeyId: keyId,
      isTainted: false,
      isUnresolved: false,
      jobs: [],
      encrypting: [],
      versions: [{ version: 1, algorithms: ['X25519'], objects: [{ storeId }] }],
    })
    expect(stores).toHaveLength(1)
    expect(kits).toEqual([])
  })
})

const begun = (
  kind: 'rewrap' | 're-encrypt' | 'retire',
  { artifactId, keyId }: { artifactId: ArtifactId; keyId: KeyId },
) => {
  const jobId = newId(JobId)
  const what = { title: 'model.pkl', target: '', totalBytes: 1, by }
  catalog.insertJob({ jobId, kind, spec: { kind }, artifactId, keyId, ...what })
  return jobId
}

describe('a rotation that is taken back', () => {
  it('leaves its key one that wrapped the payload, and its header accepted no more', () => {
    const encrypted = encrypt(catalog, storeId, 'model.pkl')
    const { artifactId } = encrypted
    const jobId = begun('rewrap', encrypted)
    catalog.setJobState(jobId, 'running')
    const keyId = newId(KeyId)
    const recipient = `age1${keyId}`
    const made = { algorithm: 'X25519', backend: 'GNOME Keyring', madeOn: 'ws-041' } as const
    catalog.keyPreActivated({ jobId, keyId, artifactId, recipient, by, ...made })
    const fingerprint = 'f'.repeat(64)
    const planned = { jobId, artifactId, version: 1, keyId, fingerprint }
    catalog.headerPlanned({ ...planned, header: 'aGVhZGVy' })
    const wrapOf = () =>
      catalog.versionForOpening(artifactId, 1).wraps.find((each) => each.fingerprint === fingerprint)
    expect(wrapOf()).toMatchObject({ keyId, isAccepted: true })
    catalog.rotationTakenBack({ jobId, artifactId })
    expect(wrapOf()).toMatchObject({ keyId, isAccepted: false })
    expect(JSON.stringify(catalog.steps(jobId))).not.toContain('aGVhZGVy')
    // A later rotation of the same artifact leaves it closed.
    catalog.rotationTakenBack({ jobId: begun('rewrap', encrypted), artifactId })
    expect(wrapOf()).toMatchObject({ isAccepted: false })
    expect(catalog.compromisePlan({ keyIds: [keyId], since: null }).payloads).toBe(1)
    catalog.revokeKeys({ keyIds: [keyId], since: null, reason: 'it leaked', count: 1, by })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ isTainted: true })
  })
})

describe('a rotation whose file is gone', () => {
  it('keeps both keys and both payloads, and has the one that turns up again', () => {
    const encrypted = encrypt(catalog, storeId, 'model.pkl')
    const { artifactId } = encrypted
    const jobId = begun('re-encrypt', encrypted)
    const keyId = newId(KeyId)
    const made = { algorithm: 'X25519', backend: 'GNOME Keyring', madeOn: 'ws-041' } as const
    catalog.keyPreActivated({ jobId, keyId, artifactId, recipient: `age1${keyId}`, by, ...made })
    const fingerprint = 'f'.repeat(64)
    const payload = {
      nonce: 'ab'.repeat(16),
      leafDigests: new Uint8Array(32),
      root: 'cd'.repeat(32),
      algorithm: 'blake3',
    }
    catalog.payloadPlanned({ jobId, artifactId, version: 1, keyId, fingerprint, payload })
    const before = catalog.versionForOpening(artifactId, 1)
    const [object] = before.objects
    const gone = { version: 1, storeId, objectName: object?.objectName ?? '' }
    const what = { jobId, artifactId, keyId, objects: [gone], outcome: 'Given up', report: [], by }
    catalog.rotationGivenUp(what)
    catalog.rotationGivenUp(what)
    expect(catalog.getJob(jobId)).toMatchObject({ state: 'done', outcome: 'Given up' })
    expect(catalog.keyRow(keyId)).toMatchObject({ state: 'deactivated' })
    expect(catalog.keyRow(encrypted.keyId)).toMatchObject({ state: 'active' })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'missing', keyId: encrypted.keyId })
    expect(catalog.versionForOpening(artifactId, 1)).toMatchObject({
      nonce: before.nonce,
      wraps: before.wraps,
    })

    catalog.givenUpPayloadMet({ artifactId, version: 1, fingerprint: 'e'.repeat(64) })
    expect(catalog.versionForOpening(artifactId, 1).replacement?.nonce).toBe(payload.nonce)
    catalog.givenUpPayloadMet({ artifactId, version: 1, fingerprint })
    const met = catalog.versionForOpening(artifactId, 1)
    expect(met).toMatchObject({ nonce: payload.nonce, wraps: [{ keyId, isAccepted: true }] })
    expect(met.replacement).toBeUndefined()
  })
})

describe('an encryption beside a change of keys', () => {
  it('holds no version while a rotation or a retirement runs, and does where a rotation waits or stands', () => {
    const encrypted = encrypt(catalog, storeId, 'model.pkl')
    const rotation = begun('rewrap', encrypted)
    const { jobId } = reserve(catalog, storeId, 'model.pkl')
    const holding = () => catalog.rotationFacts([encrypted.keyId]).keys[0]?.artifact?.encrypting
    expect(holding()).toMatchObject([{ jobId, kind: 'encrypt' }])
    catalog.setJobState(jobId, 'cancelled')
    expect(holding()).toEqual([])
    catalog.setJobState(rotation, 'running')
    expect(() => reserve(catalog, storeId, 'model.pkl')).toThrow('key/still-protects')
    catalog.setJobState(rotation, 'failed')
    expect(reserve(catalog, storeId, 'model.pkl').version).toBe(2)
  })

  it('holds none once a retirement has begun, also where that stands still', () => {
    const encrypted = encrypt(catalog, storeId, 'model.pkl')
    const retirement = begun('retire', encrypted)
    catalog.setJobState(retirement, 'failed')
    const { jobId } = reserve(catalog, storeId, 'model.pkl')
    catalog.setJobState(jobId, 'cancelled')
    catalog.appendStep(retirement, 'retiring', {})
    expect(() => reserve(catalog, storeId, 'model.pkl')).toThrow('key/still-protects')
  })
})
