/** A store whose code is loaded with its first use: the SDK is large, and most starts of the program ask no bucket. */
import type { StorageBackend } from '../../backend.ts'
import type { Names } from './names.ts'
import type { S3Settings } from './settings.ts'
import { isSameWrite } from './write-id.ts'

type Complete = Required<
  Pick<StorageBackend, 'copyPart' | 'replaceMetadata' | 'versions' | 'deleteVersion' | 'probe' | 'close'>
>
export type LoadedBackend = StorageBackend & Complete
type Loaded = Omit<LoadedBackend, 'location' | 'isSameWrite'>

export function openedLater(settings: S3Settings, names: Names, load: () => Promise<Loaded>): LoadedBackend {
  let loading: Promise<Loaded> | null = null
  const loaded = () => (loading ??= load())
  return {
    kind: 's3',
    capabilities: async () => (await loaded()).capabilities(),
    head: async (...given) => (await loaded()).head(...given),
    list: async (...given) => (await loaded()).list(...given),
    read: async (...given) => (await loaded()).read(...given),
    beginWrite: async (...given) => (await loaded()).beginWrite(...given),
    writePart: async (...given) => (await loaded()).writePart(...given),
    copyPart: async (...given) => (await loaded()).copyPart(...given),
    listParts: async (...given) => (await loaded()).listParts(...given),
    completeWrite: async (...given) => (await loaded()).completeWrite(...given),
    abortWrite: async (...given) => (await loaded()).abortWrite(...given),
    listWrites: async (...given) => (await loaded()).listWrites(...given),
    replaceMetadata: async (...given) => (await loaded()).replaceMetadata(...given),
    copy: async (...given) => (await loaded()).copy(...given),
    delete: async (...given) => (await loaded()).delete(...given),
    versions: async (...given) => (await loaded()).versions(...given),
    deleteVersion: async (...given) => (await loaded()).deleteVersion(...given),
    probe: async (...given) => (await loaded()).probe(...given),
    close: async () => (await loading)?.close(),
    isSameWrite,
    location: (name) =>
      name === ''
        ? `s3://${settings.bucket}/${settings.prefix}`.replace(/\/$/, '')
        : `s3://${settings.bucket}/${names.keyOf(name)}`,
  }
}
