/** The trash of Linux desktops, for machines where no program offers it.
 * @see the freedesktop.org Trash specification, version 1.0 */
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'

type TrashCan = {
  folder: string
  /** How the trashed file's place is written down. */ pathOf: (path: string) => string
}

const isErrno = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code

const percentEncoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** Local time without a zone, as the specification wants it. */
const localTime = (time: Date): string =>
  new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)

/** The highest folder of the file system that holds a path. */
async function topFolder(path: string): Promise<string> {
  const { dev } = await lstat(path)
  let top = dirname(path)
  while (top !== dirname(top) && (await lstat(dirname(top))).dev === dev) top = dirname(top)
  return top
}

/** Reserves a name by its info file, then moves the thing. Takes the reservation back when that fails.
 * @returns false where the can lies on another file system */
async function putInto({ folder, pathOf }: TrashCan, path: string, now: Date): Promise<boolean> {
  await mkdir(join(folder, 'files'), { recursive: true, mode: 0o700 })
  await mkdir(join(folder, 'info'), { recursive: true, mode: 0o700 })
  for (let copy = 1; ; copy += 1) {
    const name = copy === 1 ? basename(path) : `${basename(path)}.${copy}`
    const info = join(folder, 'info', `${name}.trashinfo`)
    try {
      await using file = await open(info, 'wx', 0o600)
      await file.writeFile(
        `[Trash Info]\nPath=${percentEncoded(pathOf(path))}\nDeletionDate=${localTime(now)}\n`,
      )
    } catch (error) {
      if (isErrno(error, 'EEXIST')) continue
      throw error
    }
    try {
      await rename(path, join(folder, 'files', name))
      return true
    } catch (error) {
      await rm(info, { force: true })
      if (isErrno(error, 'EXDEV')) return false
      throw error
    }
  }
}

/** Moves a file or folder to the trash of its owner, or to the one on its own file system.
 * @param dataHome `$XDG_DATA_HOME` or `~/.local/share`
 * @throws an error of the file system; then everything is where it was */
export async function moveToFreedesktopTrash(path: string, dataHome: string, now: Date): Promise<void> {
  const home: TrashCan = { folder: join(dataHome, 'Trash'), pathOf: (each) => each }
  if (await putInto(home, path, now)) return
  const top = await topFolder(path)
  const folder = join(top, `.Trash-${process.getuid?.() ?? 0}`)
  const { isSymbolicLink } = (await lstat(folder).catch(() => null)) ?? { isSymbolicLink: () => false }
  if (isSymbolicLink()) throw new Error('the trash of that file system is a link')
  if (!(await putInto({ folder, pathOf: (each) => relative(top, each) }, path, now)))
    throw new Error('that file system has no trash')
}
