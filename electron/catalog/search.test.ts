import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { StoreId } from '../../shared/ids.ts'
import {
  addStore,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  listed,
} from './testing/catalog-in-thread.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

let catalog: CatalogInThread
let storeId: StoreId

type Request = Parameters<CatalogInThread['listEntries']>[0]
const list = (more: Partial<Request> = {}) => listed(catalog, { storeId, ...more })
const names = (more?: Partial<Request>) =>
  list(more).rows.map((row) => (row.type === 'foreign' ? row.objectName : row.name))

describe('a search', () => {
  const files = [
    'fraud/credit-risk-v7.safetensors',
    'fraud/100%_sure.pkl',
    'fraud/100 percent.pkl',
    'naïve "quoted" model.onnx',
    'emoji 🧠🧠🧠 brain.pt',
    'a*b AND c.pkl',
    String.raw`back\slash.pkl`,
    'Grösse.GGUF',
  ]
  beforeAll(() => {
    catalog = catalogInThread()
    storeId = addStore(catalog)
    for (const name of files) encrypt(catalog, storeId, name)
  })
  afterAll(() => catalog.dispose())

  it.each([
    ['credit', [0]],
    ['CREDIT v7', [0]],
    ['v7 credit', [0]],
    ['100%', [1]],
    ['%', [1]],
    ['_', [1]],
    ['100', [1, 2]],
    ['"quoted"', [3]],
    ['"', [3]],
    ['naïve', [3]],
    ['🧠', [4]],
    ['🧠🧠🧠', [4]],
    ['a*b', [5]],
    ['AND', [5]],
    ['NOT fraud', []],
    ['pkl OR onnx', []],
    [String.raw`k\s`, [6]],
    ['\\', [6]],
    ['GRÖSSE', [7]],
    ['name:credit', []],
    ['credit^', []],
    ['(credit', []],
    ["'", []],
    ['   ', [5, 6, 4, 2, 1, 0, 7, 3]],
  ])('for %j finds what holds all its words, as they are', (query, expected) => {
    const found = names({ query, deep: true })
    expect(found.toSorted()).toEqual(expected.map((index) => files[index] ?? '').toSorted())
  })

  it('stays below the folder', () => {
    expect(names({ query: 'pkl', folder: 'fraud' })).toEqual(['fraud/100 percent.pkl', 'fraud/100%_sure.pkl'])
  })

  it('finds foreign objects too', () => {
    const { scanId } = catalog.scanStarted(storeId)
    const ours = files.map((name) => ({
      name: `${name}.age`,
      sizeBytes: 1245,
      modifiedAt: 5,
      isAgeFile: true,
    }))
    catalog.scanPage(scanId, [
      ...ours,
      { name: 'notes/credit.md', sizeBytes: 1, modifiedAt: 5, isAgeFile: false },
    ])
    catalog.scanFinished(scanId)
    expect(names({ query: 'credit' })).toEqual(['fraud/credit-risk-v7.safetensors', 'notes/credit.md'])
  })

  it('finds a name by any part of it, whatever was typed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(30),
        fc.integer({ min: 1, max: 12 }),
        (name, from, length) => {
          const characters = Array.from(name)
          const part = characters
            .slice(from % characters.length, (from % characters.length) + length)
            .join('')
          fc.pre(part.trim() !== '')
          expect(names({ query: part })).toContain(name)
        },
      ),
      { numRuns: 80 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (query) => {
        expect(list({ query }).total).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 80 },
    )
  })
})
