/** The real app with a store in a bucket of a real S3 server, behind a proxy that counts and meddles. */
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import type { StoreId } from '../../../shared/ids.ts'
import { startS3Proxy, type S3Operation, type S3Proxy } from '../s3-proxy.ts'
import { startS3Server, type S3Server } from '../s3-server.ts'
import { openHouse, type House } from './house.ts'

export const bucketPrefix = 'models'

export type BucketHouse = {
  server: S3Server
  proxy: S3Proxy
  house: House
  bucket: string
  storeId: StoreId
  /** Keys of multipart uploads that are open. */
  openUploads: () => Promise<(string | undefined)[]>
  objectKeys: () => Promise<(string | undefined)[]>
  /** How often the proxy was asked for it since it was last emptied. */
  count: (operation: S3Operation) => number
  stop: () => Promise<void>
}

type BucketStore = {
  bucket: string
  name?: string
  prefix?: string
  /** Where it is asked, if not at the server itself. */
  endpoint?: string
}

/** A bucket of the server as one more store, with the credentials of its root. */
export async function addBucketStore(
  house: House,
  server: S3Server,
  { bucket, name = 'bucket', prefix = bucketPrefix, endpoint = server.endpoint }: BucketStore,
): Promise<StoreId> {
  const { region, root } = server
  const { accessKeyId, secretAccessKey } = root
  const { storeId } = await house.call('stores:add', {
    name,
    kind: 's3',
    settings: { preset: 'other', bucket, prefix, region, endpoint, pathStyle: true, accessKeyId },
    paths: {},
    secrets: { secretAccessKey },
  })
  return storeId
}

/** The bucket is the default store. */
export async function openBucketHouse(options: { versioning?: boolean } = {}): Promise<BucketHouse> {
  const server = await startS3Server()
  const proxy = await startS3Proxy(server)
  const bucket = await server.makeBucket(options)
  const house = await openHouse()
  const storeId = await addBucketStore(house, server, { bucket, endpoint: proxy.endpoint })
  await house.call('stores:make-default', { storeId })
  return {
    server,
    proxy,
    house,
    bucket,
    storeId,
    openUploads: async () => {
      const { Uploads = [] } = await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
      return Uploads.map(({ Key }) => Key)
    },
    objectKeys: async () => {
      const { Contents = [] } = await server.client.send(new ListObjectsV2Command({ Bucket: bucket }))
      return Contents.map(({ Key }) => Key)
    },
    count: (operation) => proxy.requests.filter((request) => request.operation === operation).length,
    stop: async () => {
      await house.stop()
      await proxy.stop()
      await server.stop()
    },
  }
}
