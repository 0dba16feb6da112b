import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoreId } from '../../shared/ids.ts'
import type { ScannedObject } from './store-operations.ts'
import {
  addStore,
  catalogInThread,
  type CatalogInThread,
  destroyKey,
  encrypt,
  listed,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

type Request = Parameters<CatalogInThread['listEntries']>[0]
const list = (more: Partial<Request> = {}) => listed(catalog, { storeId, ...more })
const names = (more?: Partial<Request>) =>
  list(more).rows.map((row) =>
    row.type === 'folder'
      ? `${row.folder}/ ${row.artifacts}`
      : row.type === 'artifact'
        ? row.name
        : row.objectName,
  )
const scan = (objects: Partial<ScannedObject>[]) => {
  const { scanId } = catalog.scanStarted(storeId)
  const seen = objects.map((object) => ({
    name: '',
    sizeBytes: 10,
    modifiedAt: 5,
    isAgeFile: false,
    ...object,
  }))
  catalog.clock.now += 1
  catalog.scanPage(scanId, seen)
  return catalog.scanFinished(scanId)
}

describe('a store', () => {
  it('shows folders first, then artifacts, then what is not ours, each level by itself', () => {
    for (const name of ['b.pkl', 'fraud/x.pkl', 'fraud/2026/y.pkl', 'a.pkl', 'fraud!/z.pkl'])
      encrypt(catalog, storeId, name)
    const known = ['a.pkl.age', 'b.pkl.age', 'fraud/x.pkl.age', 'fraud/2026/y.pkl.age', 'fraud!/z.pkl.age']
    scan([
      ...known.map((name) => ({ name })),
      { name: 'README.md' },
      { name: 'notes/n.txt' },
      { name: 'fraud/f.md' },
    ])
    expect(names()).toEqual(['fraud/ 2', 'fraud!/ 1', 'notes/ 0', 'a.pkl', 'b.pkl', 'README.md'])
    expect(names({ folder: 'fraud' })).toEqual(['fraud/2026/ 1', 'fraud/x.pkl', 'fraud/f.md'])
    expect(names({ folder: 'fraud', deep: true })).toEqual(['fraud/2026/y.pkl', 'fraud/x.pkl', 'fraud/f.md'])
    expect(names({ foreign: false })).toEqual(['fraud/ 2', 'fraud!/ 1', 'a.pkl', 'b.pkl'])
    expect(list()).toMatchObject({ total: 6, artifacts: 5, ciphertextBytes: 5 * 1245, otherObjects: 3 })
  })

  it('is one window after the other, without gaps or repeats', () => {
    for (let n = 0; n < 7; n++) encrypt(catalog, storeId, `m${n % 3}/model-${n}.pkl`)
    for (let n = 0; n < 4; n++) encrypt(catalog, storeId, `top-${n}.pkl`)
    scan(Array.from({ length: 5 }, (_, n) => ({ name: `other-${n}` })))
    const all = names()
    expect(all).toHaveLength(3 + 4 + 5)
    for (const limit of [1, 2, 3, 5, 11]) {
      const windows = Array.from({ length: Math.ceil(12 / limit) }, (_, n) =>
        names({ offset: n * limit, limit }),
      )
      expect(windows.flat()).toEqual(all)
    }
    expect(names({ offset: 100 })).toEqual([])
  })

  it('sorts by each column, both ways', () => {
    const summary = (label: string) =>
      ({ kind: 'binary', label, framework: null, warning: null, malformed: null }) as const
    encrypt(catalog, storeId, 'B.bin', {
      facts: { plaintextBytes: 5, encryptedAt: 30, summary: summary('a') },
    })
    encrypt(catalog, storeId, 'a.bin', {
      facts: { plaintextBytes: 9, encryptedAt: 10, summary: summary('C') },
    })
    const gone = encrypt(catalog, storeId, 'c.bin', {
      facts: { plaintextBytes: 1, encryptedAt: 20, summary: summary('b') },
    })
    destroyKey(catalog, gone.keyId)
    const order = (by: Request['sort']['by']) =>
      names({ sort: { by, descending: false } })
        .map((name) => name[0])
        .join('')
    expect({
      name: order('name'),
      kind: order('kind'),
      size: order('size'),
      encrypted: order('encrypted'),
    }).toEqual({
      name: 'aBc',
      kind: 'cBa',
      size: 'cBa',
      encrypted: 'acB',
    })
    expect(order('key').endsWith('c')).toBe(true)
    expect(names({ sort: { by: 'size', descending: true } })).toEqual(['a.bin', 'B.bin', 'c.bin'])
  })

  it('shows the whole order, and remembers it only until something changes', () => {
    const more = { deep: true, offset: 0, limit: 200 }
    for (let n = 0; n < 12; n++) encrypt(catalog, storeId, `model-${String(n).padStart(2, '0')}.pkl`)
    const further = names({ ...more, offset: 990, limit: 20 })
    expect(further).toEqual([])
    encrypt(catalog, storeId, 'model-000.pkl')
    expect(names(more)[0]).toBe('model-00.pkl')
    expect(names(more)[1]).toBe('model-000.pkl')
    expect(list(more).total).toBe(13)
  })

  it('lists an artifact of every store once when asked for all', () => {
    const other = addStore(catalog, 'nas')
    encrypt(catalog, storeId, 'a.pkl')
    encrypt(catalog, other, 'b.pkl')
    expect(names({ storeId: null })).toEqual(['a.pkl', 'b.pkl'])
    expect(names({ storeId: other })).toEqual(['b.pkl'])
    expect(
      catalog.listStores().map(({ artifacts, ciphertextBytes }) => [artifacts, ciphertextBytes]),
    ).toEqual([
      [1, 1245],
      [1, 1245],
    ])
  })
})

describe('finding one', () => {
  it('goes by id, name, object name and location', () => {
    const { artifactId } = encrypt(catalog, storeId, 'fraud/model.pkl')
    for (const query of [
      artifactId,
      'fraud/model.pkl',
      'fraud/model.pkl.age',
      '/srv/models/fraud/model.pkl.age',
    ])
      expect(catalog.findArtifact(query).artifactId).toBe(artifactId)
    for (const query of ['model.pkl', '/srv/models/', '', '%', 'fraud/model'])
      expect(() => catalog.findArtifact(query)).toThrow('artifact/not-found')
  })

  it('refuses a name that means several, with their ids', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    const two = encrypt(catalog, storeId, 'model.pkl', { separate: true })
    expect(() => catalog.findArtifact('model.pkl')).toThrow(
      expect.objectContaining({
        failure: {
          code: 'artifact/ambiguous',
          query: 'model.pkl',
          artifactIds: [one.artifactId, two.artifactId],
        },
      }),
    )
    expect(catalog.findArtifact('model-2.pkl.age').artifactId).toBe(two.artifactId)
  })
})
