/** What a bucket keeps of an artifact's name: of a real server with versions, and of one without. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, stored, type House } from '../../../scripts/test/faults/house.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import type { StoreId } from '../../../shared/ids.ts'

const hasServer = await hasS3Server()
let server: S3Server
let house: House
beforeAll(async () => {
  if (!hasServer) return
  server = await startS3Server()
  house = await openHouse()
})
afterAll(async () => {
  await house?.stop()
  await server?.stop()
})

async function addBucket(name: string, versioning: boolean): Promise<StoreId> {
  const bucket = await server.makeBucket({ versioning })
  const { endpoint, root } = server
  const added = await house.call('stores:add', {
    name,
    kind: 's3',
    settings: { preset: 'minio', bucket, endpoint, accessKeyId: root.accessKeyId },
    paths: {},
    secrets: { secretAccessKey: root.secretAccessKey },
  })
  return added.storeId
}

describe.runIf(hasServer)('versions of an object', () => {
  it('are those of its bucket, the latest first', async () => {
    const storeId = await addBucket('kept', true)
    const { artifactId } = await stored(house, house.input('a.bin', 'weights'), { storeId })
    const { objects } = await house.call('artifacts:object-versions', { artifactId })
    expect(objects).toMatchObject([
      { store: 'kept', objectName: 'a.bin.age', failure: null, versions: [{ isLatest: true }] },
    ])
    expect(objects[0]?.versions[0]).toMatchObject({ isDeleteMarker: false })
  })

  it('are none where the bucket keeps none, or where there is no bucket', async () => {
    const storeId = await addBucket('plain', false)
    const inBucket = await stored(house, house.input('b.bin', 'weights'), { storeId })
    const inFolder = await stored(house, house.input('c.bin', 'weights'))
    for (const { artifactId } of [inBucket, inFolder])
      expect(await house.call('artifacts:object-versions', { artifactId })).toEqual({ objects: [] })
  })
})
