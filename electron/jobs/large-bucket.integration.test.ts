/** A bucket of many objects: seen from its first page on, in folders, searched; and nothing waits while it is read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type House } from '../../scripts/test/faults/house.ts'
import { manyName, startS3ManyObjects, type S3ManyObjects } from '../../scripts/test/s3-many-objects.ts'
import type { Request } from '../../shared/contract/contract.ts'
import type { StoreId } from '../../shared/ids.ts'
import { stubHost } from '../../scripts/test/stub-host.ts'

/** `WEIGHTLOCK_OBJECTS=100000` measures what the interface promises for. */
const objects = Number(process.env['WEIGHTLOCK_OBJECTS'] ?? 6000)

let bucket: S3ManyObjects
let house: House
let told: (() => void) | null = null
beforeAll(async () => {
  bucket = await startS3ManyObjects(objects)
  house = await openHouse()
  await house.reopen({ host: stubHost({ emit: (event) => event === 'catalog:changed' && told?.() }) })
})
afterAll(async () => {
  await bucket.stop()
  await house.stop()
})

const listing = (storeId: StoreId, more: Partial<Request<'artifacts:list'>> = {}) =>
  house.call('artifacts:list', {
    storeId,
    folder: '',
    deep: false,
    query: '',
    sort: { by: 'name', descending: false },
    foreign: true,
    offset: 0,
    limit: 200,
    ...more,
  })

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (;;) {
    const changed = new Promise<void>((resolve) => (told = resolve))
    if (await isSo()) return
    await changed
  }
}

describe('a bucket of many objects', () => {
  let storeId: StoreId
  const add = (name: string, prefix: string) =>
    house.call('stores:add', {
      name,
      kind: 's3',
      settings: { preset: 'minio', bucket: 'many', prefix, endpoint: bucket.endpoint, accessKeyId: 'AK' },
      paths: {},
      secrets: { secretAccessKey: 'secret' },
    })

  it('shows its first 200 rows after one page of its list', async () => {
    bucket.holdFrom(2)
    storeId = (await add('many', '')).storeId
    await until(async () => (await listing(storeId, { deep: true })).rows.length === 200)
    expect(bucket.lists()).toBeLessThanOrEqual(2)
    const { rows } = await listing(storeId, { deep: true })
    expect(rows[0]).toMatchObject({ type: 'foreign', objectName: manyName(0) })
    bucket.letGo()
  })

  it('is read to its end in pages, in folders by prefix', async () => {
    await until(async () => (await listing(storeId, { deep: true })).otherObjects === objects)
    const top = await listing(storeId)
    expect(top.rows).toHaveLength(Math.min(200, objects / 1000))
    expect(top.rows[0]).toMatchObject({ type: 'folder', name: 'team-000' })
    const inside = await listing(storeId, { folder: 'team-003' })
    expect([inside.total, inside.rows[0]]).toMatchObject([1000, { objectName: manyName(3000) }])
  })

  it('is searched', async () => {
    const last = await listing(storeId, { query: `model-${String(objects - 1).padStart(6, '0')}` })
    expect(last.rows).toMatchObject([{ objectName: manyName(objects - 1), isAgeFile: false }])
  })

  it('is looked at again without a row changing hands', async () => {
    const scan = await house.call('stores:scan', { storeId })
    expect(scan).toMatchObject({ objects, foreign: objects, missing: 0 })
  })

  it('is looked into no longer once its store is removed', async () => {
    bucket.holdFrom(bucket.lists() + 2)
    const added = await add('removed', 'team-000')
    const firstPage = { storeId: added.storeId, deep: true }
    await until(async () => (await listing(added.storeId, firstPage)).rows.length > 0)
    await house.call('stores:remove', { storeId: added.storeId })
    // A list that is under way is not waited for.
    await bucket.givenUp()
    const asked = bucket.lists()
    bucket.letGo()
    expect((await house.call('stores:scan', { storeId })).objects).toBe(objects)
    expect(bucket.lists()).toBe(asked + Math.ceil(objects / 500))
  })
})
