/** What deletes must not take the only copy by mistake, nor what another installation has taken over. */
import { CopyObjectCommand, DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addBucketStore, openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobId, StoreId } from '../../shared/ids.ts'

const hasServer = await hasS3Server()

describe.runIf(hasServer)('the only copy', () => {
  let bucket: BucketHouse
  let house: House

  beforeAll(async () => {
    bucket = await openBucketHouse()
    house = bucket.house
  })
  afterAll(() => bucket.stop())
  afterEach(() => expectSound(house))

  const send = async ({ artifactId }: ArtifactRow, fromStoreId: StoreId, storeId: StoreId, move: boolean) => {
    const items = [{ artifactId, fromStoreId }]
    const { jobIds } = await house.call('artifacts:copy', { items, storeId, version: null, move })
    return settled(house, jobIds[0] ?? ('' as JobId))
  }
  const addWhole = (): Promise<StoreId> =>
    addBucketStore(house, bucket.server, { name: 'the whole bucket', bucket: bucket.bucket, prefix: '' })
  const takeOver = async (Key: string) => {
    const { client } = bucket.server
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket.bucket, Key }))
    await client.send(
      new CopyObjectCommand({
        Bucket: bucket.bucket,
        Key,
        CopySource: `${bucket.bucket}/${Key}`,
        MetadataDirective: 'REPLACE',
        Metadata: { ...Metadata, owner: 'a'.repeat(26) },
      }),
    )
  }

  it('stays where it is moved to the store that it lies in', async () => {
    const artifact = await stored(house, house.input('own.bin', 'own'), { storeId: bucket.storeId })
    const { job } = await send(artifact, bucket.storeId, bucket.storeId, true)
    expect(job?.report).toEqual(['Version 1: already in bucket'])
    expect(await bucket.objectKeys()).toContain('models/own.bin.age')
    expect((await decrypt(house, artifact, house.at('own-opened'))).job?.state).toBe('done')
  })

  it('stays where two stores turn out to hold one and the same object', async () => {
    const artifact = await stored(house, house.input('alias.bin', 'alias'), { storeId: bucket.storeId })
    const whole = await addWhole()
    expect((await send(artifact, bucket.storeId, whole, false)).job?.state).toBe('done')
    // Sought by its header, the twin is found again: in the folder that the other store is.
    await bucket.server.client.send(new DeleteObjectCommand({ Bucket: bucket.bucket, Key: 'alias.bin.age' }))
    expect((await send(artifact, bucket.storeId, whole, true)).job?.state).toBe('done')
    expect(await bucket.objectKeys()).toContain('models/alias.bin.age')
    expect((await decrypt(house, artifact, house.at('alias-opened'))).job?.state).toBe('done')
  })

  it('stays where its deletion or its move meets the word of another owner', async () => {
    const { stores } = await house.call('stores:list', {})
    const local = stores.find(({ kind }) => kind === 'local-folder')?.storeId ?? bucket.storeId
    for (const name of ['deleted.bin', 'moved.bin']) {
      const artifact = await stored(house, house.input(name, name), { storeId: bucket.storeId })
      await takeOver(`models/${name}.age`)
      const items = [{ artifactId: artifact.artifactId, storeId: bucket.storeId }]
      const asked = { items, version: null, objectVersions: false, confirmName: name }
      const ended =
        name === 'moved.bin'
          ? await send(artifact, bucket.storeId, local, true)
          : await settled(house, (await house.call('artifacts:delete', asked)).jobIds[0] ?? ('' as JobId))
      expect(failureIn(ended)).toMatchObject({ code: 'artifact/not-owner', name })
      expect(await bucket.objectKeys()).toContain(`models/${name}.age`)
    }
  })
})
