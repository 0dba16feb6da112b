import { fail } from '../../../shared/failure.ts'
import { pathText, type EntryStat, type PathBytes, type SourceFiles } from './source-files.ts'
import { sameIdentity } from './file-identity.ts'

/** One entry of the archive that a folder becomes. */
export type FolderEntry = {
  /** Slash-separated, below the folder, as bytes. */
  name: Buffer
  kind: 'file' | 'directory'
  /** What is read: for a link, the file that it leads to. */
  path: PathBytes
  stat: EntryStat
}

export type FolderScan = {
  entries: FolderEntry[]
  files: number
  /** Of the files' contents. */
  sizeBytes: number
  links: {
    /** File links, stored as the content that they lead to. */
    count: number
    /** Those whose target lies outside the folder. */
    outside: string[]
    /** Directory links inside the folder, which are left out. */
    leftOut: string[]
  }
  /** Hidden and cache files: left out where that was asked for. */
  hidden: string[]
}

const slash = Buffer.from('/')
const join = (...parts: Buffer[]): Buffer =>
  Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [slash, part])))

const cacheNames = new Set(['__pycache__', '.ipynb_checkpoints', 'Thumbs.db', 'desktop.ini'])
const isHidden = (name: Buffer): boolean => name[0] === 0x2e || cacheNames.has(name.toString('utf8'))

const within = (folder: PathBytes, path: PathBytes): boolean =>
  path.equals(folder) || path.subarray(0, folder.length + 1).equals(join(folder, Buffer.alloc(0)))

/** What a folder's archive will hold, in its fixed order.
 * @param root absolute path of a folder
 * @throws WeightlockError `file/link-dangling`, `file/link-loop`, `file/link-leaves-folder`, `file/is-special`,
 * `file/not-found`, `file/permission-denied`, `file/changed-while-reading`
 * @see cryptography.md, section 6 */
export async function scanFolder(
  files: SourceFiles,
  root: PathBytes,
  { leaveOutHidden, signal }: { leaveOutHidden: boolean; signal?: AbortSignal },
): Promise<FolderScan> {
  const realRoot = await files.realPath(root)
  const scan: FolderScan = {
    entries: [],
    files: 0,
    sizeBytes: 0,
    links: { count: 0, outside: [], leftOut: [] },
    hidden: [],
  }
  const addFile = (name: Buffer, path: PathBytes, stat: EntryStat) => {
    scan.entries.push({ name, kind: 'file', path, stat })
    scan.files += 1
    scan.sizeBytes += stat.sizeBytes
  }
  const addLink = async (name: Buffer, path: PathBytes) => {
    const target = await resolveLink(files, path)
    const stat = await files.stat(path)
    if (stat.kind === 'directory') {
      if (!within(realRoot, target))
        return fail({ code: 'file/link-leaves-folder', path: pathText(path), target: pathText(target) })
      scan.links.leftOut.push(pathText(name))
      return
    }
    if (stat.kind !== 'file') return fail({ code: 'file/is-special', path: pathText(path), kind: stat.kind })
    scan.links.count += 1
    if (!within(realRoot, target)) scan.links.outside.push(pathText(name))
    addFile(name, target, stat)
  }
  const walk = async (folder: PathBytes, prefix: Buffer | null): Promise<void> => {
    for (const child of await files.list(folder)) {
      signal?.throwIfAborted()
      const path = join(folder, child)
      const name = prefix ? join(prefix, child) : child
      if (isHidden(child)) {
        scan.hidden.push(pathText(name))
        if (leaveOutHidden) continue
      }
      const stat = await files.lstat(path)
      if (stat.kind === 'link') await addLink(name, path)
      else if (stat.kind === 'file') addFile(name, path, stat)
      else if (stat.kind === 'directory') {
        scan.entries.push({ name, kind: 'directory', path, stat })
        await walk(path, name)
      } else return fail({ code: 'file/is-special', path: pathText(path), kind: stat.kind })
    }
  }
  await walk(realRoot, null)
  return scan
}

/** Where a link leads in the end.
 * @throws WeightlockError `file/link-dangling`, `file/link-loop` */
export async function resolveLink(files: SourceFiles, path: PathBytes): Promise<PathBytes> {
  try {
    return await files.realPath(path)
  } catch (error) {
    const code = (error as { failure?: { code: string } }).failure?.code
    if (code === 'file/not-found') return fail({ code: 'file/link-dangling', path: pathText(path) }, error)
    throw error
  }
}

/** @param root of both looks at the folder
 * @throws WeightlockError `file/changed-while-reading` with the first that is in the later one alone, or is another
 * file, folder or link there */
export function checkNothingCame(root: PathBytes, before: FolderScan, now: FolderScan): void {
  const changed = (name: Buffer) =>
    fail({ code: 'file/changed-while-reading', path: pathText(join(root, name)) })
  const known = new Map(before.entries.map((entry) => [entry.name.toString('latin1'), entry]))
  for (const entry of now.entries) {
    const same = known.get(entry.name.toString('latin1'))
    if (same?.kind !== entry.kind) changed(entry.name)
    else if (entry.kind === 'file' && !sameIdentity(same.stat.identity, entry.stat.identity))
      changed(entry.name)
  }
  const notRead = new Set([...before.links.leftOut, ...before.hidden])
  for (const name of [...now.links.leftOut, ...now.hidden]) if (!notRead.has(name)) changed(Buffer.from(name))
}

/** Looks at every entry again.
 * @throws WeightlockError `file/changed-while-reading` */
export async function checkUnchanged(files: SourceFiles, scan: FolderScan): Promise<void> {
  for (const entry of scan.entries) {
    if (entry.kind !== 'file') continue
    const now = await files.stat(entry.path)
    if (!sameIdentity(now.identity, entry.stat.identity))
      fail({ code: 'file/changed-while-reading', path: pathText(entry.path) })
  }
}
