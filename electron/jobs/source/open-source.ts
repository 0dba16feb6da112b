/** What a job encrypts: one file, a folder as a tar, or several files as the tar of a folder. */
import { basename } from 'node:path'
import type { RangeReader } from '../../age/range-reader.ts'
import { fail } from '../../../shared/failure.ts'
import type { SourceSegment } from '../workers/payload-run.ts'
import { sameIdentity } from './file-identity.ts'
import type { FolderManifest } from './manifest.ts'
import {
  checkNothingCame,
  checkUnchanged,
  resolveLink,
  scanFolder,
  type FolderEntry,
  type FolderScan,
} from './scan-folder.ts'
import { pathText, type EntryStat, type PathBytes, type SourceFiles } from './source-files.ts'
import { tarLayout } from './tar-layout.ts'

export type PlaintextSource = {
  isFolder: boolean
  /** What will be encrypted: the file's size, or the tar's. */
  sizeBytes: number
  segments: SourceSegment[]
  /** Names and sizes of a folder's entries; null for a file. */
  manifest: FolderManifest | null
  /** The file's own bytes, for looking inside; null for a folder. */
  reader: RangeReader | null
  names: string[]
  /** Of a folder, what will not be in the archive: hidden files that nobody wants, links to folders. */
  leftOut: string[]
  /** @throws WeightlockError `file/changed-while-reading` where the system tells of a change */
  checkUnchanged: () => Promise<void>
  /** Of a folder: nothing has come into it since, so that nothing goes with it that is not stored.
   * @throws WeightlockError `file/changed-while-reading` with the first that has, and as `scanFolder` */
  checkNothingCame: () => Promise<void>
  close: () => Promise<void>
}

export type SourceOptions = {
  /** The folder's name inside its archive: the artifact's own, without its folders. */
  rootName: string
  leaveOutHidden: boolean
  signal?: AbortSignal
}

/** @param paths absolute; several become one folder
 * @throws WeightlockError `file/…` */
export async function openSource(
  files: SourceFiles,
  paths: readonly string[],
  options: SourceOptions,
): Promise<PlaintextSource> {
  const [first, ...others] = paths
  if (first === undefined) throw new RangeError('nothing to encrypt')
  if (others.length > 0) return selectionSource(files, paths, options)
  const path = Buffer.from(first)
  const { real, stat } = await follow(files, path)
  if (stat.kind === 'file') return fileSourceOf(files, real, stat)
  if (stat.kind !== 'directory') return fail({ code: 'file/is-special', path: first, kind: stat.kind })
  const scan = await scanFolder(files, real, options)
  // Not stopped by the job's signal: this looks at what is there at the last moment.
  const again = () => scanFolder(files, real, { leaveOutHidden: options.leaveOutHidden })
  return folderSource(files, options, scan, async () => checkNothingCame(real, scan, await again()))
}

/** A path that was dropped, with the link resolved that it may be.
 * @throws WeightlockError `file/not-found`, `file/link-dangling`, `file/link-loop`, `file/permission-denied` */
export async function follow(
  files: SourceFiles,
  path: PathBytes,
): Promise<{ real: PathBytes; stat: EntryStat }> {
  const own = await files.lstat(path)
  const real = own.kind === 'link' ? await resolveLink(files, path) : path
  return { real, stat: await files.stat(real) }
}

/** A file is all there is of it. */
const nothingCanCome = async (): Promise<void> => undefined

async function fileSourceOf(files: SourceFiles, path: PathBytes, stat: EntryStat): Promise<PlaintextSource> {
  const file = await files.open(path)
  return {
    isFolder: false,
    sizeBytes: stat.sizeBytes,
    segments: [{ kind: 'file', path, fileOffset: 0, lengthBytes: stat.sizeBytes, identity: stat.identity }],
    manifest: null,
    names: [],
    leftOut: [],
    reader: {
      sizeBytes: stat.sizeBytes,
      read: async (offset, lengthBytes) => {
        const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, stat.sizeBytes - offset)))
        return bytes.subarray(0, await file.read(bytes, offset))
      },
    },
    checkUnchanged: async () => {
      const now = await files.stat(path)
      if (!sameIdentity(now.identity, stat.identity))
        fail({ code: 'file/changed-while-reading', path: pathText(path) })
    },
    checkNothingCame: nothingCanCome,
    close: () => file.close(),
  }
}

async function selectionSource(
  files: SourceFiles,
  paths: readonly string[],
  options: SourceOptions,
): Promise<PlaintextSource> {
  const entries: FolderEntry[] = []
  for (const each of [...paths].sort()) {
    const { real, stat } = await follow(files, Buffer.from(each))
    if (stat.kind !== 'file') return fail({ code: 'file/is-special', path: each, kind: stat.kind })
    entries.push({ name: Buffer.from(basename(each)), kind: 'file', path: real, stat })
  }
  const sizeBytes = entries.reduce((total, { stat }) => total + stat.sizeBytes, 0)
  const links = { count: 0, outside: [], leftOut: [] }
  const scan = { entries, files: entries.length, sizeBytes, links, hidden: [] }
  return folderSource(files, options, scan, nothingCanCome)
}

function folderSource(
  files: SourceFiles,
  { rootName, leaveOutHidden }: SourceOptions,
  scan: FolderScan,
  checkNothingCame: () => Promise<void>,
): PlaintextSource {
  const layout = tarLayout(Buffer.from(rootName), scan.entries)
  return {
    isFolder: true,
    sizeBytes: layout.sizeBytes,
    segments: layout.segments.map((segment) =>
      segment.kind === 'bytes'
        ? { kind: 'bytes', bytes: segment.bytes }
        : {
            kind: 'file',
            path: segment.entry.path,
            fileOffset: 0,
            lengthBytes: segment.lengthBytes,
            identity: segment.entry.stat.identity,
          },
    ),
    manifest: {
      files: scan.files,
      sizeBytes: scan.sizeBytes,
      entries: scan.entries.map(({ name, kind, stat }) => ({
        path: pathText(name),
        sizeBytes: kind === 'directory' ? 0 : stat.sizeBytes,
      })),
    },
    names: scan.entries.flatMap(({ name, kind }) => (kind === 'file' ? [pathText(name)] : [])),
    leftOut: [...(leaveOutHidden ? scan.hidden : []), ...scan.links.leftOut],
    reader: null,
    checkUnchanged: () => checkUnchanged(files, scan),
    checkNothingCame,
    close: async () => undefined,
  }
}
