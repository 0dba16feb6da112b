import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId, StoreId } from '../../shared/ids.ts'
import type { Catalog } from './catalog.ts'
import { moveCatalogAside, openCatalog } from './open-catalog.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

const workerUrl = new URL('../catalog-worker.ts', import.meta.url)
const by = { who: 'dana.k', via: 'terminal' } as const
let folder: string
let path: string
const opened: Catalog[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-catalog-'))
  path = join(folder, 'catalog.sqlite')
})
afterEach(async () => {
  for (const catalog of opened.splice(0)) await catalog.close()
  rmSync(folder, { recursive: true, force: true })
})
const open = async () => {
  const catalog = await openCatalog({ workerUrl, path, machineId: 'machine-1' })
  opened.push(catalog)
  return catalog
}
const addStore = (catalog: Catalog, name: string) =>
  catalog.addStore({
    storeId: newId(StoreId),
    name,
    kind: 'local-folder',
    settings: {},
    location: '/srv',
    makeDefault: false,
    by,
  })

describe('the catalog in its thread', () => {
  it('answers in the order asked and keeps what it was told', async () => {
    const catalog = await open()
    const [store, stores, head] = await Promise.all([
      addStore(catalog, 'models'),
      catalog.listStores(),
      catalog.auditHead(),
    ])
    expect(stores).toEqual([store])
    expect(head.entries).toBe(2)
    await catalog.close()
    expect(await (await open()).listStores()).toEqual([store])
  })

  it('gives expected failures as failures and bugs as what they are', async () => {
    const catalog = await open()
    await addStore(catalog, 'models')
    await expect(addStore(catalog, 'models')).rejects.toMatchObject({
      name: 'WeightlockError',
      failure: { code: 'store/name-taken', name: 'models' },
    })
    await expect(catalog.scanFinished(7)).rejects.toMatchObject({
      name: 'Error',
      message: 'scan 7 is not under way',
    })
    expect(await catalog.listStores()).toHaveLength(1)
  })

  it('says what changed, after it is committed, and only then', async () => {
    const catalog = await open()
    const heard: string[][] = []
    const off = catalog.onChanged((what) => heard.push(what))
    await addStore(catalog, 'models')
    await catalog.listStores()
    await addStore(catalog, 'models').catch(() => null)
    await catalog.setSettings({ settings: { density: 'compact' }, by })
    off()
    await addStore(catalog, 'nas')
    expect(heard.map((what) => what.toSorted())).toEqual([['audit', 'stores'], ['settings']])
  })

  it('ends once, finishing what was asked, and refuses what comes after', async () => {
    const catalog = await open()
    const last = addStore(catalog, 'last')
    await Promise.all([catalog.close(), catalog.close()])
    expect((await last).name).toBe('last')
    await expect(catalog.listStores()).rejects.toThrow('the catalog is closed')
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  it('refuses a damaged file, and makes a new one once that was set aside untouched', async () => {
    const damaged = 'this is not a database, but it may be all that is left of one'
    writeFileSync(path, damaged)
    await expect(open()).rejects.toMatchObject({ failure: { code: 'catalog/damaged' } })
    const aside = await moveCatalogAside(path, Date.UTC(2026, 10, 23))
    expect(aside).toBe(join(folder, 'catalog.set-aside-2026-11-23T00-00-00-000Z.sqlite'))
    expect(readFileSync(aside, 'utf8')).toBe(damaged)
    expect(await (await open()).counts()).toEqual({
      artifacts: 0,
      keys: 0,
      rotationDue: 0,
      openJobs: 0,
      archived: 0,
    })
  })
})
