/** What lists cost with 100,000 artifacts. Bounds are generous; the figures are printed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Catalog } from '../../electron/catalog/catalog.ts'
import { openCatalog } from '../../electron/catalog/open-catalog.ts'
import { seedCatalog } from './seed-catalog.ts'

const artifacts = 100_000
const boundMs = 1500
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'weightlock-seeded-'))
let catalog: Catalog
beforeAll(async () => {
  const path = join(folder, 'catalog.sqlite')
  seedCatalog({ path, artifacts, foreign: 1000, location: '/srv/models', flat: true })
  const workerUrl = new URL('../../electron/catalog-worker.ts', import.meta.url)
  catalog = await openCatalog({ workerUrl, path, machineId: 'machine-1' })
}, 300_000)
afterAll(async () => {
  await catalog.close()
  rmSync(folder, { recursive: true, force: true })
})

type Request = Parameters<Catalog['listEntries']>[0]
const request: Request = {
  storeId: null,
  folder: '',
  deep: false,
  query: '',
  sort: { by: 'encrypted', descending: true },
  offset: 0,
  limit: 200,
  foreign: true,
}

/** @returns the answer, once it came within the bound */
async function timed<T>(label: string, ask: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const answer = await ask()
  const tookMs = performance.now() - started
  console.log(`${label}: ${tookMs.toFixed(1)} ms`)
  expect(tookMs).toBeLessThan(boundMs)
  return answer
}

describe('with 100,000 artifacts', () => {
  it('the first rows come at once', async () => {
    const first = await timed('first rows', () => catalog.listEntries(request))
    expect(first).toMatchObject({ total: artifacts + 1000, artifacts, otherObjects: 1000 })
    expect(first.rows).toHaveLength(200)
    await timed('first rows again', () => catalog.listEntries(request))
  })

  it.each(['name', 'kind', 'size', 'encrypted', 'key'] as const)('far down, sorted by %s', async (by) => {
    const ask = (offset: number) => () =>
      catalog.listEntries({ ...request, offset, sort: { by, descending: false } })
    const { rows } = await timed(`offset 90,000 by ${by}`, ask(90_000))
    expect(rows).toHaveLength(200)
    const next = await timed(`offset 90,200 by ${by}`, ask(90_200))
    const ids = [...rows, ...next.rows].map((row) => (row.type === 'artifact' ? row.artifactId : ''))
    expect(new Set(ids).size).toBe(400)
  })

  it.each([
    ['llama-lora-0999', 10],
    ['pkl 0123', 20],
    ['safetensors', 20_000],
    ['k', 14_285],
    ['nothing-like-this', 0],
  ])('a search for %s', async (query, atLeast) => {
    const found = await timed(`search ${query}`, () => catalog.listEntries({ ...request, query }))
    expect(found.total).toBeGreaterThanOrEqual(atLeast)
  })

  it('the inventory of keys', async () => {
    const keys = {
      query: '',
      filter: 'all',
      sort: { by: 'age', descending: true },
      offset: 0,
      limit: 200,
    } as const
    expect((await timed('keys', () => catalog.listKeys(keys))).total).toBe(artifacts)
    expect(
      (await timed('keys far down', () => catalog.listKeys({ ...keys, offset: 90_000 }))).rows,
    ).toHaveLength(200)
    const lanes = (await timed('picture of the keys', () => catalog.keysPicture())).lanes
    expect(lanes.reduce((sum, lane) => sum + lane.count, 0)).toBe(artifacts)
  })

  it('a scan of as many objects costs the main thread little', async () => {
    const [store] = await catalog.listStores()
    if (!store) throw new Error('there is a store')
    const { scanId } = await catalog.scanStarted(store.storeId)
    let worstMs = 0
    for (let page = 0; page < artifacts / 1000; page++) {
      const objects = Array.from({ length: 1000 }, (_, n) => ({
        name: `scan/${page * 1000 + n}.bin`,
        sizeBytes: 10,
        modifiedAt: 1,
        isAgeFile: false,
      }))
      const started = performance.now()
      const sent = catalog.scanPage(scanId, objects)
      worstMs = Math.max(worstMs, performance.now() - started)
      await sent
    }
    console.log(`sending a page of 1,000 objects, worst of 100: ${worstMs.toFixed(1)} ms`)
    const started = performance.now()
    const result = await catalog.scanFinished(scanId)
    console.log(
      `comparing ${artifacts} objects, all new, all ours missing: ${(performance.now() - started).toFixed(0)} ms`,
    )
    expect(result).toMatchObject({ objects: artifacts, foreign: artifacts, missing: artifacts })
    expect(worstMs).toBeLessThan(100)
  }, 120_000)
})
