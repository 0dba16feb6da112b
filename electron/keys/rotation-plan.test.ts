import { describe, expect, it } from 'vitest'
import type { RotationFacts, RotationKeyFacts } from '../catalog/rotation-operations.ts'
import { ArtifactId, KeyId, newId, StoreId } from '../../shared/ids.ts'
import { chooseKeys, methodRefusal, planRotation, refusalOf } from './rotation-plan.ts'

const [local, bucket] = [newId(StoreId), newId(StoreId)]
const stores = [
  { storeId: local, name: 'Local', kind: 'local-folder', price: null },
  { storeId: bucket, name: 'models', kind: 's3', price: { amount: 0.023, currency: 'USD' } },
]
const GB = 1e9

type Artifact = NonNullable<RotationKeyFacts['artifact']>
function keyOf(more: Partial<RotationKeyFacts> = {}, artifact: Partial<Artifact> = {}): RotationKeyFacts {
  const keyId = newId(KeyId)
  return {
    keyId,
    alias: 'model.pkl · key 1',
    state: 'active',
    algorithm: 'X25519',
    rotationDueAt: 1,
    isMissing: false,
    destroyAt: null,
    ...more,
    artifact:
      more.artifact === null
        ? null
        : {
            artifactId: newId(ArtifactId),
            name: 'model.pkl',
            ownership: 'owner',
            activeKeyId: keyId,
            isUnresolved: false,
            isTainted: false,
            jobs: [],
            encrypting: [],
            versions: [
              {
                version: 1,
                algorithms: ['X25519'],
                plaintextBytes: 100 * GB,
                objects: [
                  { storeId: local, sizeBytes: 100 * GB },
                  { storeId: bucket, sizeBytes: 100 * GB },
                ],
              },
            ],
            ...artifact,
          },
  }
}
const facts = (keys: RotationKeyFacts[], more: Partial<RotationFacts> = {}): RotationFacts => ({
  keys,
  stores,
  kits: [],
  bytesPerSecond: null,
  ...more,
})

describe('a plan', () => {
  it('moves about one part of 100 GB in a bucket, and a header in a folder', () => {
    const traits = new Map([[bucket, { keepsObjectVersions: true, copiesParts: true }]])
    const plan = planRotation(facts([keyOf()], { bytesPerSecond: 1e6 }), traits)
    const [folder, s3] = plan.rewrap
    expect(folder).toMatchObject({ headerBytes: 245, downloadedBytes: 0, uploadedBytes: 0, keptBytes: 0 })
    expect([folder?.price, s3?.price]).toEqual([null, { amount: 0.023, currency: 'USD' }])
    expect(s3).toMatchObject({
      downloadedBytes: 261 + 16_781_312,
      uploadedBytes: 2 ** 24,
      copiedBytes: 100 * GB - 2 ** 24,
      keptObjectVersions: 1,
      keptBytes: 100 * GB,
    })
    expect(plan.reEncrypt[1]).toMatchObject({
      downloadedBytes: 100 * GB,
      uploadedBytes: 100 * GB,
      copiedBytes: 0,
    })
    expect(plan.rewrapSeconds).toBeCloseTo(33.56, 1)
    expect(plan.reEncryptSeconds).toBe(200_000)
    expect(plan.artifacts[0]).toMatchObject({ versions: 1, objects: 2, ciphertextBytes: 200 * GB })
  })

  it('knows nothing of versions that a store has not told, and of time before there was a transfer', () => {
    const plan = planRotation(facts([keyOf()]), new Map())
    expect(plan.rewrap[1]).toMatchObject({ keptObjectVersions: null, keptBytes: null })
    expect(plan.rewrapSeconds).toBeNull()
  })

  it('sends all of it where the server copies no parts', () => {
    const traits = new Map([[bucket, { keepsObjectVersions: false, copiesParts: false }]])
    expect(planRotation(facts([keyOf()]), traits).rewrap[1]).toMatchObject({
      uploadedBytes: 100 * GB,
      copiedBytes: 0,
      keptObjectVersions: 0,
    })
  })

  it('takes each artifact once, by its active key', () => {
    const active = keyOf()
    const old = { ...keyOf({ state: 'compromised' }), artifact: active.artifact }
    const { keys, refused } = chooseKeys(facts([old, active]))
    expect(keys.map(({ keyId }) => keyId)).toEqual([active.keyId])
    expect(refused).toEqual([])
  })
})

describe('what is refused', () => {
  const job = { jobId: 'j', kind: 'copy', state: 'running', title: 'model.pkl' } as never
  it.each([
    ['key/destroyed', keyOf({ state: 'destroyed' })],
    ['rotation/no-artifact', keyOf({ artifact: null })],
    ['artifact/not-owner', keyOf({}, { ownership: 'reader' })],
    ['key/being-destroyed', keyOf({ state: 'suspended', destroyAt: 5 })],
    ['key/being-destroyed', keyOf({}, { jobs: [{ kind: 'destroy-key' } as never] })],
    ['rotation/key-not-in-use', keyOf({ state: 'suspended' }, { activeKeyId: null })],
    ['rotation/key-not-in-use', keyOf({ state: 'deactivated' })],
    ['artifact/unresolved', keyOf({}, { isUnresolved: true })],
    ['key/still-protects', keyOf({}, { jobs: [job] })],
    ['key/missing-from-keychain', keyOf({ isMissing: true })],
    ['rotation/nothing-stored', keyOf({}, { versions: [] })],
  ] as const)('%s', (code, key) => {
    expect(refusalOf(key)?.code).toBe(code)
  })

  it('nothing of a key in use, of a compromised one, and of the last one that there was', () => {
    expect(refusalOf(keyOf())).toBeNull()
    expect(refusalOf(keyOf({ state: 'compromised' }))).toBeNull()
    expect(refusalOf(keyOf({ state: 'deactivated' }, { activeKeyId: null }))).toBeNull()
  })

  it('rewraps nothing that is tainted, or that has a header of another length', () => {
    const rotated = (artifact: Partial<Artifact>) => {
      const [key] = chooseKeys(facts([keyOf({}, artifact)])).keys
      if (!key) throw new Error('refused')
      return key
    }
    const tainted = rotated({ isTainted: true })
    expect(methodRefusal(tainted, 'rewrap')?.code).toBe('rotation/tainted')
    expect(methodRefusal(tainted, 're-encrypt')).toBeNull()
    const version = { version: 2, plaintextBytes: 1, objects: [{ storeId: local, sizeBytes: 300 }] }
    const mixed = rotated({ versions: [{ ...version, algorithms: ['mlkem768x25519'] }] })
    expect(methodRefusal(mixed, 'rewrap')).toMatchObject({ code: 'rotation/needs-re-encryption', version: 2 })
  })
})
