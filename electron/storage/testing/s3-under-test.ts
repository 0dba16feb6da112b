/** S3 stores of tests: on a real server, or on what stands in front of it. */
import type { S3Credentials } from '../../../scripts/test/s3-server.ts'
import type { StorageBackend } from '../backend.ts'
import { s3Store, type S3Options } from '../backends/s3.ts'
import { readS3Settings } from '../backends/s3/settings.ts'
import type { StoreSettings } from '../storage-kind.ts'

export type S3UnderTest = {
  endpoint: string
  bucket: string
  credentials: S3Credentials
  caFile?: string | null
  settings?: StoreSettings
}

/** Tries as often as the real one, without waiting. */
export function s3UnderTest(where: S3UnderTest, options: Partial<S3Options> = {}): StorageBackend {
  const { endpoint, bucket, credentials, caFile = null, settings = {} } = where
  return s3Store({
    store: 'bucket',
    settings: readS3Settings({
      preset: 'other',
      bucket,
      endpoint,
      accessKeyId: credentials.accessKeyId,
      ...(caFile === null ? {} : { ca: caFile }),
      ...settings,
    }),
    secrets: async () => ({ secretAccessKey: credentials.secretAccessKey, sessionToken: null }),
    retry: { wait: async (_, signal) => signal?.throwIfAborted() },
    ...options,
  })
}
