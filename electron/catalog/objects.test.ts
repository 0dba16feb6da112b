import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ArtifactId, JobId, KeyId, newId, StoreId } from '../../shared/ids.ts'
import { opaqueObjectName } from './object-name.ts'
import { openOperations } from './operations.ts'
import { migrations } from './schema.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  listed,
  reserve,
  startJob,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
let here: StoreId
let there: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  here = addStore(catalog, 'here')
  there = addStore(catalog, 'there')
})
afterEach(() => catalog.dispose())

const reserveCopy = (artifactId: ArtifactId, storeId = there, more: object = {}) => {
  const jobId = startJob(catalog, 'adopt')
  const request = { jobId, artifactId, version: 1, storeId, like: 'a.pkl.age', taken: [], ...more }
  return { jobId, ...catalog.reserveCopy(request) }
}
const add = (
  jobId: JobId,
  artifactId: ArtifactId,
  objectName: string,
  storeId = there,
  instead: string | null = null,
) =>
  catalog.objectAdded({
    jobId,
    artifactId,
    version: 1,
    storeId,
    objectName,
    sizeBytes: 1245,
    revision: 'r9',
    checksum: null,
    instead,
    from: 'here',
    by,
  })
const remove = (jobId: JobId, artifactId: ArtifactId, storeId: StoreId, objectName = 'a.pkl.age') =>
  catalog.objectRemoved({
    jobId,
    artifactId,
    version: 1,
    storeId,
    objectName,
    event: 'object-deleted',
    facts: {},
    by,
  })
const bytesIn = (storeId: StoreId) => catalog.getStore(storeId).ciphertextBytes
const placesOf = (artifactId: ArtifactId) =>
  catalog
    .artifactDetails(artifactId)
    .versions.flatMap(({ objects }) => objects.map(({ store, state }) => `${store} ${state}`))

describe('a copy', () => {
  it('holds a name that nothing else has, for each store and beside an encryption of the same artifact', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const third = addStore(catalog, 'third')
    const one = reserveCopy(artifactId)
    expect(one.objectName).toBe('a.pkl.age')
    expect(reserveCopy(artifactId, third).objectName).toBe('a.pkl.age')
    expect(reserveCopy(artifactId).objectName).toBe('a-2.pkl.age')
    const request = { artifactId, version: 1, storeId: there, like: 'a.pkl.age' }
    expect(catalog.reserveCopy({ ...request, jobId: one.jobId, taken: [] }).objectName).toBe('a.pkl.age')
    expect(catalog.reserveCopy({ ...request, jobId: one.jobId, taken: ['a.pkl.age'] }).objectName).toBe(
      'a-3.pkl.age',
    )
    // No copy takes a version's number, and none is waited for.
    expect(reserve(catalog, here, 'a.pkl')).toMatchObject({ version: 2, waitsFor: null })
  })

  it('stays as opaque as what it was copied from', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const opaque = opaqueObjectName(artifactId, false, 1)
    expect(reserveCopy(artifactId, there, { like: opaque }).objectName).toBe(opaque)
    const second = `${artifactId}-2.age`
    expect(reserveCopy(artifactId, there, { like: opaque }).objectName).toBe(second)
    expect(reserveCopy(artifactId, there, { like: second, taken: [`${artifactId}-3.age`] }).objectName).toBe(
      `${artifactId}-4.age`,
    )
  })

  it('takes the place of one that is gone from the store', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const first = reserveCopy(artifactId)
    add(first.jobId, artifactId, first.objectName)
    catalog.clock.now += 1000
    const { scanId } = catalog.scanStarted(there)
    expect(catalog.scanFinished(scanId)).toMatchObject({ missing: 1 })
    const { jobId, objectName } = reserveCopy(artifactId)
    add(jobId, artifactId, objectName, there, first.objectName)
    expect(placesOf(artifactId)).toEqual(['here present', 'there present'])
    expect(bytesIn(there)).toBe(1245)
  })

  it('is an object more, counted in its store, listed in both, and known once', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const { jobId, objectName } = reserveCopy(artifactId)
    add(jobId, artifactId, objectName)
    add(jobId, artifactId, objectName)
    expect(placesOf(artifactId)).toEqual(['here present', 'there present'])
    expect([bytesIn(here), bytesIn(there)]).toEqual([1245, 1245])
    expect(listed(catalog, { storeId: there }).rows).toMatchObject([{ name: 'a.pkl', store: 'there' }])
    expect(listed(catalog).artifacts).toBe(1)
    expect(catalog.steps(jobId).filter(({ step }) => step === 'verified')).toHaveLength(1)
    expect(catalog.objectOwner(there, 'a.pkl.age')).toMatchObject({ artifactId, version: 1 })
  })

  it('gives its name back when its job is cancelled', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const { jobId } = reserveCopy(artifactId)
    catalog.setJobState(jobId, 'cancelled')
    expect(reserveCopy(artifactId).objectName).toBe('a.pkl.age')
  })

  it('leaves a row that is missing in one store as missing there, and stored elsewhere', () => {
    const { artifactId } = encrypt(catalog, here, 'a.pkl')
    const { jobId, objectName } = reserveCopy(artifactId)
    add(jobId, artifactId, objectName)
    catalog.clock.now += 1000
    const { scanId } = catalog.scanStarted(here)
    expect(catalog.scanFinished(scanId)).toMatchObject({ missing: 1 })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'stored', store: 'there' })
    expect(listed(catalog, { storeId: here }).rows).toMatchObject([{ status: 'missing' }])
    expect(placesOf(artifactId)).toEqual(['there present', 'here missing'])
  })
})

describe('an object that is deleted', () => {
  it('is forgotten where another is left', () => {
    const { artifactId, keyId } = encrypt(catalog, here, 'a.pkl')
    const { jobId, objectName } = reserveCopy(artifactId)
    add(jobId, artifactId, objectName)
    expect(catalog.keyImpact(keyId).goneForGood).toMatchObject([{ stores: ['here', 'there'] }])
    expect(catalog.keyDetails(keyId).protects.map(({ store }) => store)).toEqual(['here', 'there'])
    remove(jobId, artifactId, here)
    expect(placesOf(artifactId)).toEqual(['there present'])
    expect([bytesIn(here), bytesIn(there)]).toEqual([0, 1245])
    expect(listed(catalog, { storeId: here }).artifacts).toBe(0)
    expect(catalog.keyImpact(keyId).goneForGood).toMatchObject([{ stores: ['there'] }])
    catalog.removeStore({ storeId: here, by })
  })

  it('stays as deleted where it was the last, until it is found again or copied anew', () => {
    const { artifactId, keyId } = encrypt(catalog, here, 'a.pkl')
    const jobId = startJob(catalog, 'adopt')
    remove(jobId, artifactId, here)
    remove(jobId, artifactId, here)
    expect(catalog.steps(jobId).filter(({ step }) => step === 'removed')).toHaveLength(1)
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'deleted', keyState: 'active' })
    expect(catalog.versionForOpening(artifactId, null).objects).toEqual([])
    expect(catalog.versionsInStore(null, null, 10).versions).toEqual([])
    expect(catalog.keyImpact(keyId).goneForGood).toMatchObject([{ name: 'a.pkl', stores: [] }])
    expect(listed(catalog)).toMatchObject({ artifacts: 1, ciphertextBytes: 0 })
    expect(bytesIn(here)).toBe(0)

    catalog.clock.now += 1000
    const found = { name: 'a.pkl.age', sizeBytes: 1245, modifiedAt: 0, isAgeFile: true }
    const { scanId } = catalog.scanStarted(here)
    catalog.scanPage(scanId, [found])
    catalog.scanFinished(scanId)
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'stored' })
    expect(bytesIn(here)).toBe(1245)

    remove(startJob(catalog, 'adopt'), artifactId, here)
    const copy = reserveCopy(artifactId)
    add(copy.jobId, artifactId, copy.objectName)
    expect(placesOf(artifactId)).toEqual(['there present'])
  })
})

describe('a catalog of before there were copies', () => {
  it('keeps its reservations, objects and sums', () => {
    const path = join(catalog.folder, 'old.sqlite')
    const ids = { store: newId(StoreId), artifact: newId(ArtifactId), job: newId(JobId), key: newId(KeyId) }
    const db = new DatabaseSync(path)
    db.exec(migrations[0] ?? '')
    db.exec(`
      INSERT INTO installation VALUES (1, 'i', 'machine-1', 0);
      INSERT INTO stores (store_no, store_id, name, kind, settings, location, is_default, added_at)
        VALUES (1, '${ids.store}', 'old', 'local-folder', '{}', '/srv/old', 1, 0);
      INSERT INTO artifacts (artifact_no, artifact_id, name, folder, name_key, name_number, ownership, created_at)
        VALUES (1, '${ids.artifact}', 'a.pkl', '', 'a.pkl', 1, 'owner', 0);
      INSERT INTO keys (key_no, key_id, artifact_no, number, alias, search_key, state, algorithm, recipient, backend,
          made_on, origin, reason, created_at)
        VALUES (1, '${ids.key}', 1, 1, 'a', 'a', 'active', 'X25519', 'age1', 'b', 'm', 'made', '', 0);
      INSERT INTO payloads (payload_no, nonce, algorithm) VALUES (1, 'aa', '');
      INSERT INTO wraps (payload_no, key_no, fingerprint, from_at, is_pinned) VALUES (1, 1, 'ff', 0, 1);
      INSERT INTO versions (version_no, artifact_no, number, payload_no, plaintext_bytes, is_folder, encrypted_at,
          is_unresolved, kind, kind_label) VALUES (1, 1, 1, 1, 1, 0, 0, 0, 'pickle', '');
      INSERT INTO objects (version_no, store_no, object_name, size_bytes, revision, is_present, recorded_at)
        VALUES (1, 1, 'a.pkl.age', 300, 'r', 1, 0);
      INSERT INTO jobs (job_id, kind, state, is_open, title, target, spec, done_bytes, total_bytes, started_at, report,
          who, via) VALUES ('${ids.job}', 'encrypt', 'failed', 1, '', '', '{}', 0, 0, 0, '[]', 'dana', 'window');
      INSERT INTO reservations VALUES ('${ids.job}', 1, 1, 2, 'a.v2.pkl.age', 0, 0);
      PRAGMA user_version = 1;
    `)
    db.close()
    const database = openOperations(path, 'machine-1')
    const ask = (name: Parameters<typeof database.carryOut>[0], ...request: unknown[]) =>
      database.carryOut(name, request).value
    expect(ask('reservationOf', ids.job)).toMatchObject({ objectName: 'a.v2.pkl.age', version: 2 })
    expect(ask('versionForOpening', ids.artifact, null)).toMatchObject({
      objects: [{ objectName: 'a.pkl.age' }],
    })
    expect(ask('getStore', ids.store)).toMatchObject({ ciphertextBytes: 300 })
    const gone = { jobId: ids.job, artifactId: ids.artifact, version: 1, storeId: ids.store }
    const told = { event: 'object-deleted', facts: {}, by }
    ask('objectRemoved', { ...gone, objectName: 'a.pkl.age', ...told })
    expect(ask('getStore', ids.store)).toMatchObject({ ciphertextBytes: 0 })
    expect(ask('artifactRow', ids.artifact)).toMatchObject({ status: 'deleted' })
    database.close()
  })
})
