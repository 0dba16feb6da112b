import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { ArtifactId, IncidentId, KeyId, newId, type StoreId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  destroyKey,
  encrypt,
  listed,
  makeKey,
  reserve,
  startJob,
} from './testing/catalog-in-thread.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

const revoke = (keyIds: KeyId[], reason = 'laptop stolen') =>
  catalog.revokeKeys({ keyIds, since: null, reason, count: keyIds.length, by })
const plan = (keyIds: KeyId[] | null, since: number | null = null) =>
  catalog.compromisePlan({ keyIds, since })
const codeOf = (run: () => unknown) => {
  try {
    run()
    return null
  } catch (error) {
    return failureOf(error)
  }
}

/** The payload stays, another key wraps it. */
function rewrap(model: ReturnType<typeof encrypt>): KeyId {
  const { artifactId, version } = model
  const { jobId } = reserve(catalog, storeId, 'elsewhere.pkl')
  const reservation = { ...reserve(catalog, storeId, 'unused.pkl'), artifactId }
  const keyId = makeKey(catalog, { ...reservation, jobId })
  catalog.repinVersion({
    artifactId,
    version,
    keyId,
    fingerprint: 'ab'.repeat(32),
    note: 'rotated',
    by,
  })
  return keyId
}

describe('the plan of a compromise', () => {
  it('changes nothing, and counts what a key wraps, its copies, and who has no active key then', () => {
    const model = encrypt(catalog, storeId, 'fraud/model.pkl')
    encrypt(catalog, storeId, 'fraud/model.pkl')
    encrypt(catalog, storeId, 'other.pkl')
    const copy = { keyId: model.keyId, place: 'export', where: '/mnt/k.txt', state: 'present' } as const
    catalog.keyCopyRecorded({ ...copy, jobId: null, by })
    expect(plan([model.keyId])).toEqual({
      keys: [{ keyId: model.keyId, alias: 'model.pkl · key 1', state: 'active' }],
      keysInAll: 2,
      alreadyCompromised: [],
      artifacts: [
        {
          artifactId: model.artifactId,
          name: 'fraud/model.pkl',
          leaked: [1],
          now: null,
          payloads: 2,
          ciphertextBytes: 2490,
        },
      ],
      payloads: 2,
      ciphertextBytes: 2490,
      wrappedNow: 2,
      wrappedEarlier: 0,
      copies: [{ place: 'export', where: '/mnt/k.txt', keys: 1 }],
      withoutActiveKey: [{ artifactId: model.artifactId, name: 'fraud/model.pkl' }],
    })
    expect(catalog.keyRow(model.keyId).state).toBe('active')
  })

  it('means keys made or used since a date, and no older ones', () => {
    const old = encrypt(catalog, storeId, 'old.pkl')
    const opened = encrypt(catalog, storeId, 'opened.pkl')
    catalog.clock.now += 86_400_000
    const since = catalog.clock.now
    const fresh = encrypt(catalog, storeId, 'fresh.pkl')
    catalog.artifactDecrypted({ ...opened, to: 'standard output', jobId: startJob(catalog), by })
    expect(plan(null, since).keys.map(({ keyId }) => keyId)).toEqual([opened.keyId, fresh.keyId])
    expect(plan([old.keyId], since).keys).toHaveLength(3)
    expect(plan(null, since + 1).keys).toEqual([])
  })

  it('says which keys are compromised already, and does not know strange ones', () => {
    const { keyId } = encrypt(catalog, storeId, 'a.pkl')
    revoke([keyId])
    expect(plan([keyId])).toMatchObject({ keys: [], alreadyCompromised: [{ keyId, state: 'compromised' }] })
    const strange = newId(KeyId)
    expect(codeOf(() => plan([strange]))).toEqual({ code: 'key/not-found', keyId: strange })
  })

  it('names the key that wraps a payload now', () => {
    const model = encrypt(catalog, storeId, 'a.pkl')
    rewrap(model)
    expect(plan([model.keyId])).toMatchObject({
      artifacts: [{ leaked: [1], now: 2 }],
      wrappedNow: 0,
      wrappedEarlier: 1,
    })
  })
})

describe('keys that are revoked', () => {
  it('are compromised at once, whatever they were, each with its reason in history and audit', () => {
    const model = encrypt(catalog, storeId, 'a.pkl')
    const other = encrypt(catalog, storeId, 'b.pkl')
    const fresh = makeKey(catalog, reserve(catalog, storeId, 'c.pkl'))
    catalog.keyRested({ keyId: other.keyId, to: 'suspended', reason: 'rest', by })
    revoke([model.keyId, other.keyId, fresh])
    for (const keyId of [model.keyId, other.keyId, fresh]) {
      expect(catalog.keyRow(keyId)).toMatchObject({
        state: 'compromised',
        compromisedAt: catalog.clock.now,
      })
      expect(catalog.keyDetails(keyId).events.at(-1)).toMatchObject({
        event: 'key-compromised',
        to: 'compromised',
        reason: 'laptop stolen',
        who: by.who,
      })
    }
    const events = catalog.auditRange(1, 100).map(({ event }) => event)
    expect(events.slice(-4)).toEqual([
      'key-compromised',
      'key-compromised',
      'key-compromised',
      'incident-reported',
    ])
    expect(listed(catalog).rows).toMatchObject([{ isTainted: true }, { isTainted: true }])
  })

  it('are none where the count is not the one that was confirmed', () => {
    const { keyId } = encrypt(catalog, storeId, 'a.pkl')
    const request = { keyIds: [keyId], since: null, reason: 'r', count: 2, by }
    expect(codeOf(() => catalog.revokeKeys(request))).toEqual({
      code: 'key/leak-grew',
      confirmed: 2,
      meant: 1,
    })
    expect(catalog.keyRow(keyId).state).toBe('active')
    expect(catalog.listIncidents()).toEqual([])
  })

  it('encrypt nothing more: the next version has a key of its own', () => {
    const { keyId } = encrypt(catalog, storeId, 'a.pkl')
    revoke([keyId])
    expect(reserve(catalog, storeId, 'a.pkl').activeKeyId).toBeNull()
    const rested = { keyId, reason: 'r', by } as const
    expect(codeOf(() => catalog.keyRested({ ...rested, to: 'active' }))?.code).toBe('key/illegal-transition')
  })

  it('taint a payload that another key wraps now, and one that was destroyed taints it too', () => {
    const model = encrypt(catalog, storeId, 'a.pkl')
    rewrap(model)
    destroyKey(catalog, model.keyId)
    expect(catalog.artifactDetails(model.artifactId).versions[0]?.taintedBy).toEqual([])
    revoke([model.keyId])
    expect(catalog.keyRow(model.keyId)).toMatchObject({
      state: 'destroyed',
      compromisedAt: catalog.clock.now,
    })
    const { artifact, versions } = catalog.artifactDetails(model.artifactId)
    expect(artifact.isTainted).toBe(true)
    expect(versions[0]?.taintedBy).toEqual([1])
  })

  it('come back from a copy as what they are: compromised', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'a.pkl')
    encrypt(catalog, storeId, 'a.pkl')
    const incidentId = revoke([keyId])
    catalog.incidentGaveUp({ incidentId, artifactId, versions: [1, 2], objectVersions: [], by })
    destroyKey(catalog, keyId)
    const facts = { algorithm: 'X25519', recipient: `age1${keyId}`, backend: 'b', artifactId } as const
    catalog.keyImported({ keyId, ...facts, importedFrom: '/k.txt', reverseDestroyed: true, by })
    expect(catalog.keyRow(keyId).state).toBe('compromised')
  })
})

describe('an incident', () => {
  it('keeps what was exposed, and what is left to do', () => {
    const model = encrypt(catalog, storeId, 'a.pkl')
    encrypt(catalog, storeId, 'a.pkl')
    const copy = { keyId: model.keyId, place: 'export', where: '/mnt/k.txt', state: 'present' } as const
    catalog.keyCopyRecorded({ ...copy, jobId: null, by })
    const incidentId = revoke([model.keyId])
    const row = {
      incidentId,
      at: catalog.clock.now,
      who: by.who,
      reason: 'laptop stolen',
      since: null,
      keys: 1,
      payloads: 2,
      payloadsToDo: 2,
      copiesToRevoke: 1,
    }
    const { artifactId, keyId } = model
    const common = { artifactId, name: 'a.pkl', ciphertextBytes: 1245, keyId, wrappedBy: keyId }
    expect(catalog.incident(incidentId)).toEqual({
      incident: row,
      keys: [
        {
          keyId: model.keyId,
          alias: 'a.pkl · key 1',
          state: 'compromised',
          artifactName: 'a.pkl',
          stillOpens: 2,
        },
      ],
      versions: [
        { ...common, version: 1, state: 'to-do' },
        { ...common, version: 2, state: 'to-do' },
      ],
      copies: [{ place: 'export', where: '/mnt/k.txt', keys: 1, revokedAt: null }],
    })
    const said = { incidentId, place: 'export', where: '/mnt/k.txt', by } as const
    catalog.incidentCopyRevoked({ ...said, revoked: true })
    expect(catalog.incident(incidentId).copies[0]?.revokedAt).toBe(catalog.clock.now)
    catalog.incidentCopyRevoked({ ...said, revoked: false })
    expect(catalog.listIncidents()).toEqual([row])
    const strange = newId(IncidentId)
    expect(codeOf(() => catalog.incident(strange))).toEqual({
      code: 'incident/not-found',
      incidentId: strange,
    })
  })

  it('keeps a leaked key until every version that it opens was decided about, and every object version', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'a.pkl')
    encrypt(catalog, storeId, 'a.pkl')
    const incidentId = revoke([keyId])
    const old = { storeId, objectName: 'a.pkl.age', versionId: 'v-1' }
    const announce = (kept: (typeof old)[]) => () => {
      const jobId = startJob(catalog, 'destroy-key')
      catalog.keyDestroying({ jobId, keyId, wasPresent: true, kept, reason: 'asked', by })
      catalog.setJobState(jobId, 'failed')
    }
    const blocked = (versions: number, objectVersions: number) => ({
      code: 'key/still-opens',
      keyId,
      versions,
      objectVersions,
    })
    expect(codeOf(announce([old]))).toEqual(blocked(2, 1))
    catalog.incidentGaveUp({ incidentId, artifactId, versions: [1], objectVersions: [], by })
    expect(codeOf(announce([old]))).toEqual(blocked(1, 1))
    catalog.incidentGaveUp({ incidentId, artifactId, versions: [2], objectVersions: [old], by })
    expect(catalog.givenUpObjectVersions(keyId)).toEqual([old])
    expect(catalog.incident(incidentId).versions.map(({ state }) => state)).toEqual(['given-up', 'given-up'])
    expect(codeOf(announce([{ ...old, versionId: 'v-2' }]))).toEqual(blocked(0, 1))
    expect(codeOf(announce([old]))).toBeNull()
  })

  it('knows whose a header is, and which objects a key may have left behind', () => {
    const { keyId, facts } = encrypt(catalog, storeId, 'a.pkl')
    expect(catalog.keyOfFingerprint(facts.wrap.fingerprint)).toBe(keyId)
    expect(catalog.keyOfFingerprint('00'.repeat(32))).toBeNull()
    expect(catalog.leakedObjects([keyId])).toMatchObject([
      { name: 'a.pkl', store: 'models', storeId, objectName: facts.object.name },
    ])
  })
})

describe('a payload that a rebuild found a second time, under an imported key', () => {
  it('is tainted in both of its places by whichever key leaked', () => {
    const model = encrypt(catalog, storeId, 'model.pkl')
    const { nonce } = catalog.versionForOpening(model.artifactId, 1)
    const foundUnder = (keyId: KeyId, objectName: string, of: string) => {
      const artifactId = newId(ArtifactId)
      const facts = { algorithm: 'X25519', recipient: `age1${keyId}`, backend: 'GNOME Keyring' } as const
      const where = {
        storeId,
        objectName,
        sizeBytes: 1245,
        revision: 'r',
        modifiedAt: 1,
        plaintextBytes: 1000,
      }
      const version = { version: 1, isFolder: false, summary: null, ownership: 'reader' as const }
      const fingerprint = keyId.padEnd(64, '0')
      catalog.keyImported({
        ...facts,
        keyId,
        artifactId: null,
        importedFrom: '/k',
        reverseDestroyed: false,
        by,
      })
      const found = {
        ...facts,
        ...where,
        ...version,
        artifactId,
        name: objectName,
        keyId,
        fingerprint,
        nonce: of,
      }
      catalog.rebuildInsert({ jobId: startJob(catalog, 'rebuild'), found: [found], by })
      return artifactId
    }
    const second = foundUnder(newId(KeyId), 'elsewhere.age', nonce)
    const imported = newId(KeyId)
    const third = foundUnder(imported, 'again.age', nonce)
    const other = foundUnder(newId(KeyId), 'other.age', 'ee'.repeat(16))
    expect(plan([imported]).payloads).toBe(3)
    // Anybody can copy a nonce: a retirement takes a key by it only once digests say that it is the same payload.
    const dying = () => catalog.retirementImpact([model.artifactId])
    expect(dying().shared).toEqual([])
    const { leafDigests, root, algorithm } = catalog.versionForOpening(model.artifactId, 1)
    const pin = { version: 1, keyId: imported, fingerprint: imported.padEnd(64, '0'), nonce, algorithm }
    const pinAs = (artifactId: ArtifactId, digests: { leafDigests: Uint8Array; root: string }) =>
      catalog.pinnedOnFirstUse({
        jobId: startJob(catalog),
        artifactId,
        pin: { ...pin, keyId: catalog.artifactRow(artifactId).keyId, ...digests },
        by,
      })
    pinAs(third, { leafDigests: leafDigests ?? new Uint8Array(), root: root ?? '' })
    expect(dying().keys.map(({ key }) => key.keyId)).toContain(imported)
    expect(dying().shared.map(({ artifactId }) => artifactId)).toEqual([third])
    const forged = foundUnder(newId(KeyId), 'forged.age', nonce)
    pinAs(forged, { leafDigests: new Uint8Array(32).fill(7), root: '77'.repeat(32) })
    const incidentId = revoke([imported])
    for (const artifactId of [model.artifactId, second, third]) {
      expect(catalog.artifactRow(artifactId).isTainted).toBe(true)
      expect(catalog.artifactDetails(artifactId).versions[0]?.taintedBy).toHaveLength(1)
    }
    for (const artifactId of [other, forged]) expect(catalog.artifactRow(artifactId).isTainted).toBe(false)
    expect(catalog.rotationFacts([model.keyId]).keys[0]?.artifact?.isTainted).toBe(true)
    expect(catalog.incident(incidentId)).toMatchObject({ keys: [{ stillOpens: 3 }] })
    expect(catalog.incident(incidentId).versions.map(({ state }) => state)).toEqual([
      'to-do',
      'to-do',
      'to-do',
    ])
  })
})
