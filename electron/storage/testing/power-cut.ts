/** Cuts the power: replays what `powerLossFiles` recorded and leaves on the disk only what a disk would hold. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, sep } from 'node:path'

export const logName = 'log.jsonl'

export type LoggedStep =
  | { step: 'create'; path: string; mode: number }
  /** What stood there before the step that follows, durable as far as we know. */
  | { step: 'known'; path: string; copy: string | null }
  | { step: 'sync'; path: string; copy: string | null }
  | { step: 'rename'; from: string; to: string }
  | { step: 'remove'; path: string }
  | { step: 'make-folder'; path: string; mode: number }
  | { step: 'sync-folder'; path: string }

type FileNode = { kind: 'file'; mode: number | null; syncedCopy: string | null }
type FolderNode = {
  kind: 'folder'
  /** Null for a folder that was there before. */
  mode: number | null
  now: Map<string, Node>
  durable: Map<string, Node>
}
type Node = FileNode | FolderNode

const newFolder = (mode: number | null): FolderNode => ({
  kind: 'folder',
  mode,
  now: new Map(),
  durable: new Map(),
})

/**
 * @param lose `unsynced`: names and bytes fall back to the last sync, a file never synced to nothing at all;
 * `bytes`: names survive though their folder was not synced, unsynced files are full of zeros (both are seen)
 */
export function cutPower(recordFolder: string, lose: 'unsynced' | 'bytes' = 'unsynced'): void {
  const logPath = join(recordFolder, logName)
  if (!existsSync(logPath)) return
  const top = newFolder(null)
  const touched = new Set<string>()
  for (const line of readFileSync(logPath, 'utf8').split('\n')) {
    if (line !== '') replay(JSON.parse(line) as LoggedStep, top, touched)
  }
  const lengths = new Map([...touched].map((path) => [path, lengthOf(path)]))
  for (const path of [...touched].toSorted().toReversed()) rmSync(path, { recursive: true, force: true })
  lay(top, '', lose, lengths)
  rmSync(logPath)
}

const split = (path: string): string[] => path.split(sep).filter((part) => part !== '')

function folderAt(top: FolderNode, parts: string[]): FolderNode {
  let folder = top
  for (const part of parts) {
    let next = folder.now.get(part)
    if (next?.kind !== 'folder') {
      next = newFolder(null)
      folder.now.set(part, next)
      folder.durable.set(part, next)
    }
    folder = next
  }
  return folder
}

function replay(step: LoggedStep, top: FolderNode, touched: Set<string>): void {
  if (step.step === 'sync-folder') {
    const folder = folderAt(top, split(step.path))
    folder.durable = new Map(folder.now)
    return
  }
  const place = (path: string) => {
    const parts = split(path)
    const name = parts.pop() ?? ''
    touched.add(path)
    return { folder: folderAt(top, parts), name }
  }
  if (step.step === 'rename') {
    const [from, to] = [place(step.from), place(step.to)]
    const node = from.folder.now.get(from.name)
    from.folder.now.delete(from.name)
    if (node !== undefined) to.folder.now.set(to.name, node)
    return
  }
  const { folder, name } = place(step.path)
  const node = folder.now.get(name)
  if (step.step === 'create') folder.now.set(name, { kind: 'file', mode: step.mode, syncedCopy: null })
  else if (step.step === 'make-folder') folder.now.set(name, newFolder(step.mode))
  else if (step.step === 'remove') folder.now.delete(name)
  else if (step.step === 'sync') {
    if (node?.kind === 'file') node.syncedCopy = step.copy
  } else if (node === undefined && step.copy !== null) {
    const known: FileNode = { kind: 'file', mode: null, syncedCopy: step.copy }
    folder.now.set(name, known)
    folder.durable.set(name, known)
  }
}

function lay(
  folder: FolderNode,
  path: string,
  lose: 'unsynced' | 'bytes',
  lengths: Map<string, number>,
): void {
  for (const [name, node] of lose === 'unsynced' ? folder.durable : folder.now) {
    const at = `${path}${sep}${name}`
    if (node.kind === 'folder') {
      if (node.mode !== null) mkdirSync(at, { recursive: true, mode: node.mode })
      lay(node, at, lose, lengths)
    } else if (node.syncedCopy !== null) {
      copyFileSync(node.syncedCopy, at)
      if (node.mode !== null) chmodSync(at, node.mode & ~process.umask())
    } else {
      const length = lose === 'bytes' ? (lengths.get(at) ?? 0) : 0
      writeFileSync(at, new Uint8Array(length), { mode: node.mode ?? 0o600 })
    }
  }
}

const lengthOf = (path: string): number => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() === true ? found.size : 0
}
