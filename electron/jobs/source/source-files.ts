/** The user's files, as jobs read them. One small interface, so that tests can make a file system lie. */
import { open, readdir, readlink, realpath, stat, lstat } from 'node:fs/promises'
import { fail } from '../../../shared/failure.ts'
import { fileFailure } from '../../storage/file-failures.ts'
import { fileKindOf, readWithoutWaiting, type FileKind } from '../../storage/regular-file.ts'
import { fileIdentity, type FileIdentity } from './file-identity.ts'

/** Absolute path as bytes: names that are not UTF-8 exist on Linux. */
export type PathBytes = Buffer

export type EntryStat = {
  kind: FileKind
  sizeBytes: number
  mtimeMs: number
  mode: number
  identity: FileIdentity
}

export type OpenFile = {
  stat: () => Promise<EntryStat>
  /** Fewer bytes than asked for only at the end of the file. */
  read: (into: Uint8Array, offset: number) => Promise<number>
  close: () => Promise<void>
}

export type SourceFiles = {
  /** Follows links. */
  stat: (path: PathBytes) => Promise<EntryStat>
  /** Does not follow links. */
  lstat: (path: PathBytes) => Promise<EntryStat>
  /** Names, sorted by their bytes. */
  list: (path: PathBytes) => Promise<Buffer[]>
  realPath: (path: PathBytes) => Promise<PathBytes>
  linkTarget: (path: PathBytes) => Promise<Buffer>
  open: (path: PathBytes) => Promise<OpenFile>
}

/** A path for people and failures; bytes that are not UTF-8 show as replacement characters. */
export const pathText = (path: PathBytes): string => path.toString('utf8')

/** The failure behind an exception of the file system. Bugs are thrown again. */
export function failFor(path: PathBytes, error: unknown): never {
  const failure = fileFailure(error, pathText(path))
  if (failure === null) throw error
  return fail(failure, error)
}

const entryStat = (stats: import('node:fs').BigIntStats): EntryStat => ({
  kind: fileKindOf(stats),
  sizeBytes: Number(stats.size),
  mtimeMs: Number(stats.mtimeMs),
  mode: Number(stats.mode),
  identity: fileIdentity(stats),
})

const guarded =
  <Path extends PathBytes, T>(use: (path: Path) => Promise<T>) =>
  async (path: Path): Promise<T> => {
    try {
      return await use(path)
    } catch (error) {
      return failFor(path, error)
    }
  }

export const sourceFiles: SourceFiles = {
  stat: guarded(async (path) => entryStat(await stat(path, { bigint: true }))),
  lstat: guarded(async (path) => entryStat(await lstat(path, { bigint: true }))),
  list: guarded(async (path) =>
    (await readdir(path, { encoding: 'buffer' })).sort((one, other) => Buffer.compare(one, other)),
  ),
  realPath: guarded((path) => realpath(path, { encoding: 'buffer' })),
  linkTarget: guarded((path) => readlink(path, { encoding: 'buffer' })),
  open: guarded(async (path) => {
    const file = await open(path, readWithoutWaiting)
    return {
      stat: async () => entryStat(await file.stat({ bigint: true })),
      read: async (into, offset) => {
        try {
          let done = 0
          while (done < into.length) {
            const { bytesRead } = await file.read(into, done, into.length - done, offset + done)
            if (bytesRead === 0) break
            done += bytesRead
          }
          return done
        } catch (error) {
          return failFor(path, error)
        }
      },
      close: () => file.close(),
    }
  }),
}
