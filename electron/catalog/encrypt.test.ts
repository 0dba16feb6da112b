import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoreId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  finishedVersion,
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

const list = (query = '') => listed(catalog, { query, deep: true })

describe('an encryption that ends', () => {
  it('makes artifact, active key, job and journal appear at once', () => {
    const { artifactId, keyId, jobId, facts } = encrypt(catalog, storeId, 'fraud/model.pkl')
    const row = catalog.artifactRow(artifactId)
    expect(row).toMatchObject({
      name: 'fraud/model.pkl',
      folder: 'fraud',
      version: 1,
      versions: 1,
      kind: 'pickle',
      kindLabel: 'pickle · scikit-learn 1.7.2',
      keyId,
      keyState: 'active',
      objectName: 'fraud/model.pkl.age',
      location: '/srv/models/fraud/model.pkl.age',
      fingerprint: facts.wrap.fingerprint,
      status: 'stored',
      ownership: 'owner',
      rotationDueAt: catalog.clock.now + 90 * 86_400_000,
    })
    expect(catalog.getJob(jobId)).toMatchObject({
      state: 'done',
      artifactId,
      keyId,
      outcome: 'Stored and verified',
    })
    expect(catalog.steps(jobId).map(({ step }) => step)).toEqual(['begin', 'key', 'verified', 'end'])
    expect(catalog.auditRange(1, 100).map(({ event }) => event)).toEqual([
      'installation-created',
      'store-added',
      'key-created',
      'key-activated',
      'version-encrypted',
    ])
    expect(catalog.reservationOf(jobId)).toBeNull()
    expect(list('model').artifacts).toBe(1)
  })

  it('is all or nothing: a key that cannot become active leaves no trace of the version', () => {
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const keyId = makeKey(catalog, reservation)
    const { jobId } = reservation
    catalog.keyDestroyed({ jobId, keyId, wasPresent: true, reason: 'taken back', facts: {}, by })
    const before = { audit: catalog.auditHead(), steps: catalog.steps(reservation.jobId) }
    expect(() =>
      catalog.encryptCompleted({ ...finishedVersion(reservation, keyId), activateKey: true, end: null }),
    ).toThrow('key/illegal-transition')
    expect(list().total).toBe(0)
    expect(list('model').total).toBe(0)
    expect({ audit: catalog.auditHead(), steps: catalog.steps(reservation.jobId) }).toEqual(before)
    expect(catalog.whoHasFingerprint('00')).toBeNull()
    expect(catalog.reservationOf(reservation.jobId)).not.toBeNull()
  })

  it('gives the same version once, however often it is told', () => {
    const { facts } = encrypt(catalog, storeId, 'model.pkl')
    const head = catalog.auditHead()
    catalog.encryptCompleted({ ...facts, activateKey: true, end: null })
    expect(catalog.auditHead()).toEqual(head)
    expect(list().artifacts).toBe(1)
  })

  it('refuses a version that another job reserved', () => {
    const one = reserve(catalog, storeId, 'model.pkl')
    const keyId = makeKey(catalog, one)
    const foreign = finishedVersion({ ...one, jobId: startJob(catalog) }, keyId)
    expect(() => catalog.encryptCompleted({ ...foreign, activateKey: true, end: null })).toThrow(
      'reserved it',
    )
  })

  it('uses the active key again for the next version', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    const two = encrypt(catalog, storeId, 'model.pkl')
    expect(two.artifactId).toBe(one.artifactId)
    expect(two.version).toBe(2)
    expect(two.keyId).toBe(one.keyId)
    expect(catalog.artifactRow(one.artifactId)).toMatchObject({ versions: 2, objectName: 'model.v2.pkl.age' })
    expect(catalog.keyRow(one.keyId)).toMatchObject({
      protects: 2,
      protectsBytes: 2490,
      alias: 'model.pkl · key 1',
    })
  })

  it('deactivates the key of a job that finished first when two made one each', () => {
    const one = reserve(catalog, storeId, 'model.pkl')
    const two = reserve(catalog, storeId, 'model.pkl')
    expect(two).toMatchObject({
      artifactId: one.artifactId,
      version: 2,
      waitsFor: one.jobId,
      activeKeyId: null,
    })
    const keys = [makeKey(catalog, one), makeKey(catalog, two)] as const
    catalog.encryptCompleted({ ...finishedVersion(two, keys[1]), activateKey: true, end: null })
    catalog.encryptCompleted({ ...finishedVersion(one, keys[0]), activateKey: true, end: null })
    expect(catalog.keyRecord(keys[0])?.state).toBe('active')
    expect(catalog.keyRecord(keys[1])?.state).toBe('deactivated')
  })
})

describe('an unresolved encryption', () => {
  it('is shown with its key as it is, and resolved by the same job', () => {
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const { jobId, artifactId } = reservation
    const keyId = makeKey(catalog, reservation)
    const facts = finishedVersion(reservation, keyId)
    catalog.encryptUnresolved({ ...facts, safe: 'Its key is kept.' })
    expect(catalog.artifactRow(artifactId)).toMatchObject({
      status: 'unresolved',
      keyState: 'pre-activation',
    })
    expect(catalog.getJob(jobId)).toMatchObject({
      state: 'unresolved',
      safe: 'Its key is kept.',
      endedAt: null,
    })
    expect(catalog.openJobsOfKey(keyId)).toMatchObject([{ jobId }])
    catalog.encryptCompleted({ ...finishedVersion(reservation, keyId), activateKey: true, end: null })
    expect(catalog.artifactRow(artifactId)).toMatchObject({
      status: 'stored',
      keyState: 'active',
      versions: 1,
    })
    expect(catalog.whoHasFingerprint(facts.wrap.fingerprint)).toBeNull()
  })

  it('goes when the store proved that it is not there', () => {
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const { jobId, artifactId, version } = reservation
    const facts = finishedVersion(reservation, makeKey(catalog, reservation))
    catalog.encryptUnresolved({ ...facts, safe: '' })
    catalog.encryptGivenUp({ jobId, artifactId, version, by })
    expect(list().total).toBe(0)
    expect(list('model').total).toBe(0)
    expect(() => catalog.artifactRow(artifactId)).toThrow('artifact/not-found')
  })
})

describe('a reservation', () => {
  it('gives two jobs of one name two versions and two object names', () => {
    const one = reserve(catalog, storeId, 'model.pkl')
    const two = reserve(catalog, storeId, 'model.pkl')
    expect([one.objectName, two.objectName]).toEqual(['model.pkl.age', 'model.v2.pkl.age'])
    expect(
      catalog.proposeVersions(storeId, [{ name: 'model.pkl', isFolder: false, separate: false }]),
    ).toEqual([
      {
        existing: {
          artifactId: one.artifactId,
          nextVersion: 3,
          ownership: 'owner',
          separateObjectName: 'model-2.pkl.age',
        },
        objectName: 'model.v3.pkl.age',
      },
    ])
  })

  it('gives the same again to the same job, and another name where the store has that one', () => {
    const jobId = startJob(catalog)
    const one = reserve(catalog, storeId, 'model.pkl', { jobId })
    expect(reserve(catalog, storeId, 'model.pkl', { jobId })).toEqual(one)
    const renamed = reserve(catalog, storeId, 'model.pkl', { jobId, taken: ['model.pkl.age'] })
    expect(renamed).toEqual({ ...one, objectName: 'model-2.pkl.age' })
    expect(catalog.reservationOf(jobId)).toEqual(renamed)
  })

  it('keeps separate artifacts of one name apart, also in later versions', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    const other = reserve(catalog, storeId, 'model.pkl', { separate: true })
    expect(other.artifactId).not.toBe(one.artifactId)
    expect(other.objectName).toBe('model-2.pkl.age')
    expect(() => reserve(catalog, storeId, 'model.pkl')).toThrow('artifact/ambiguous')
  })

  it('looks only at its own store', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    const elsewhere = encrypt(catalog, addStore(catalog, 'nas'), 'model.pkl')
    expect(elsewhere.artifactId).not.toBe(one.artifactId)
    expect(elsewhere.version).toBe(1)
  })

  it('is given back by a cancelled job, with the artifact that never was', () => {
    const one = reserve(catalog, storeId, 'model.pkl')
    catalog.setJobState(one.jobId, 'cancelled')
    expect(catalog.reservationOf(one.jobId)).toBeNull()
    const next = reserve(catalog, storeId, 'model.pkl')
    expect(next).toMatchObject({ version: 1, isNewArtifact: true })
    expect(next.artifactId).not.toBe(one.artifactId)
  })

  it('does not outlive a job that never began', () => {
    const { jobId } = reserve(catalog, storeId, 'model.pkl', { jobId: startJob(catalog) })
    catalog.setJobState(jobId, 'done')
    catalog = catalog.reopen()
    expect(catalog.reservationOf(jobId)).toBeNull()
    expect(reserve(catalog, storeId, 'model.pkl').version).toBe(1)
  })

  it('calls an opaque object by the artifact alone', () => {
    const { artifactId, objectName } = reserve(catalog, storeId, 'fraud/model.pkl', { opaqueName: true })
    expect(objectName).toBe(`${artifactId}.age`)
  })

  it('calls it so also where the store has an object of that name', () => {
    const jobId = startJob(catalog)
    const opaqueName = true
    const { artifactId, objectName } = reserve(catalog, storeId, 'fraud/model.pkl', { jobId, opaqueName })
    const renamed = reserve(catalog, storeId, 'fraud/model.pkl', { jobId, opaqueName, taken: [objectName] })
    expect(renamed).toMatchObject({ artifactId, objectName: `${artifactId}-2.age` })
  })

  it.each(['', '/model', 'a//b', 'a/../b', './a', 'a\0b', 'a/', '\ud800'])('refuses the name %j', (name) => {
    expect(() => reserve(catalog, storeId, name)).toThrow('artifact/name-invalid')
  })
})
