/**
 * A store that is a bucket, or a folder of one, on any server that speaks S3. An object's revision is its ETag.
 * Conditions are the server's where it honours them, which is found out, and read and compared here otherwise.
 */
import type { S3Options } from './s3/backend.ts'
import { namesBelow } from './s3/names.ts'
import { openedLater, type LoadedBackend } from './s3/opened-later.ts'

export type { S3Options } from './s3/backend.ts'

export const s3Store = (options: S3Options): LoadedBackend => {
  const names = namesBelow(options.settings.prefix)
  return openedLater(options.settings, names, async () => {
    const { openS3 } = await import('./s3/backend.ts')
    return openS3(options, names)
  })
}
