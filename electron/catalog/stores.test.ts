import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId, StoreId } from '../../shared/ids.ts'
import { objectLocation } from './stores.ts'
import type { ScannedObject } from './store-operations.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  reserve,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
beforeEach(() => {
  catalog = catalogInThread()
})
afterEach(() => catalog.dispose())

const failureOf = (failure: object) => expect.objectContaining({ failure })

describe('stores', () => {
  it('have one default: the first, until another is chosen', () => {
    const one = addStore(catalog, 'one')
    const two = addStore(catalog, 'two')
    expect(catalog.listStores().map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['one', true],
      ['two', false],
    ])
    catalog.setDefaultStore({ storeId: two, by })
    expect(catalog.findStore(null).storeId).toBe(two)
    expect(catalog.findStore('ONE').storeId).toBe(one)
    expect(catalog.findStore(one).name).toBe('one')
    catalog.removeStore({ storeId: two, by })
    expect(catalog.findStore(null).storeId).toBe(one)
    expect(
      catalog
        .auditRange(1, 10)
        .map(({ event }) => event)
        .slice(1),
    ).toEqual(['store-added', 'store-added', 'store-made-default', 'store-removed'])
  })

  it('are not removed while they hold artifacts, or while a job writes to them', () => {
    const storeId = addStore(catalog, 'models')
    const { jobId } = reserve(catalog, storeId, 'a.pkl')
    const inUse = failureOf({ code: 'store/in-use', store: 'models', artifacts: 1 })
    expect(() => catalog.removeStore({ storeId, by })).toThrow(inUse)
    catalog.setJobState(jobId, 'cancelled')
    encrypt(catalog, storeId, 'b.pkl')
    expect(() => catalog.removeStore({ storeId, by })).toThrow(inUse)
    expect(catalog.getStore(storeId)).toMatchObject({ artifacts: 1, ciphertextBytes: 1245 })
  })

  it('have names of their own, and are named when they are not there', () => {
    addStore(catalog, 'models')
    expect(() => addStore(catalog, 'Models')).toThrow(failureOf({ code: 'store/name-taken', name: 'Models' }))
    expect(() => catalog.findStore('nas')).toThrow(failureOf({ code: 'store/not-found', query: 'nas' }))
    const storeId = newId(StoreId)
    expect(() => catalog.scanStarted(storeId)).toThrow(failureOf({ code: 'store/not-found', query: storeId }))
  })

  it.each([
    ['/srv/models', 'a/b.age', '/srv/models/a/b.age'],
    ['/srv/models/', 'b.age', '/srv/models/b.age'],
    ['/srv/odd\\name', 'a/b.age', '/srv/odd\\name/a/b.age'],
    ['s3://bucket/prefix', 'a/b.age', 's3://bucket/prefix/a/b.age'],
    ['C:\\Models', 'a/b.age', 'C:\\Models\\a\\b.age'],
    ['\\\\nas\\models\\', 'b.age', '\\\\nas\\models\\b.age'],
  ])('in %s, %s is at %s', (store, name, location) => {
    expect(objectLocation(store, name)).toBe(location)
  })
})

describe('a scan', () => {
  let storeId: StoreId
  beforeEach(() => {
    storeId = addStore(catalog)
  })
  const object = (name: string, more: Partial<ScannedObject> = {}): ScannedObject => ({
    name,
    sizeBytes: 1245,
    modifiedAt: 7.5,
    isAgeFile: name.endsWith('.age'),
    ...more,
  })
  const scan = (...objects: ScannedObject[]) => {
    catalog.clock.now += 1000
    const { scanId } = catalog.scanStarted(storeId)
    catalog.scanPage(scanId, objects)
    return catalog.scanFinished(scanId)
  }

  it('says what is foreign, missing, and back again', () => {
    const a = encrypt(catalog, storeId, 'a.pkl')
    const b = encrypt(catalog, storeId, 'b.pkl')
    expect(scan(object('a.pkl.age'), object('x.txt'))).toMatchObject({ objects: 2, foreign: 1, missing: 1 })
    expect(catalog.artifactRow(a.artifactId).status).toBe('stored')
    expect(catalog.artifactRow(b.artifactId).status).toBe('missing')
    expect(catalog.auditRange(1, 100).at(-1)).toMatchObject({ event: 'version-missing', on: 'b.pkl' })
    expect(catalog.lastChanged()).toEqual(expect.not.arrayContaining(['settings']))
    expect(scan(object('a.pkl.age'), object('b.pkl.age'))).toMatchObject({ foreign: 0, missing: 0 })
    expect(catalog.artifactRow(b.artifactId).status).toBe('stored')
  })

  it('changes nothing and tells nobody when nothing has changed', () => {
    encrypt(catalog, storeId, 'a.pkl')
    scan(object('a.pkl.age'), object('x.txt'))
    const head = catalog.auditHead()
    scan(object('a.pkl.age'), object('x.txt'))
    expect(catalog.lastChanged()).toEqual([])
    expect(catalog.auditHead()).toEqual(head)
    expect(catalog.foreignObjects(storeId, ['x.txt', 'a.pkl.age', 'y'])).toEqual([
      object('x.txt', { modifiedAt: 7 }),
    ])
  })

  it('leaves alone what was stored or reserved while it ran', () => {
    const { scanId } = catalog.scanStarted(storeId)
    catalog.clock.now += 1000
    const late = encrypt(catalog, storeId, 'late.pkl')
    reserve(catalog, storeId, 'coming.pkl')
    catalog.scanPage(scanId, [object('coming.pkl.age', { sizeBytes: 0 })])
    expect(catalog.scanFinished(scanId)).toMatchObject({ objects: 1, foreign: 0, missing: 0 })
    expect(catalog.artifactRow(late.artifactId).status).toBe('stored')
  })

  it('that is not finished changes nothing, and another of the same store takes its place', () => {
    const first = catalog.scanStarted(storeId)
    catalog.scanPage(first.scanId, [object('x.txt')])
    expect(scan(object('y.txt'))).toMatchObject({ objects: 1, foreign: 1 })
    expect(() => catalog.scanFinished(first.scanId)).toThrow('not under way')
  })

  it('knows an object of ours under its new name from then on, and under that name once', () => {
    const { artifactId } = encrypt(catalog, storeId, 'a.pkl')
    expect(scan(object('renamed.age'), object('other.age'))).toMatchObject({ foreign: 2, missing: 1 })
    const move = { artifactId, version: 1, storeId, from: 'a.pkl.age', to: 'renamed.age', revision: 'r2', by }
    catalog.updateObjectLocation(move)
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'stored', objectName: 'renamed.age' })
    expect(catalog.foreignObjects(storeId, ['renamed.age'])).toEqual([])
    expect(() => catalog.updateObjectLocation(move)).toThrow('store/object-exists')
  })

  it('of another store is not touched', () => {
    const other = addStore(catalog, 'nas')
    const { artifactId } = encrypt(catalog, other, 'a.pkl')
    scan(object('x.txt'))
    expect(catalog.artifactRow(artifactId).status).toBe('stored')
  })
})
