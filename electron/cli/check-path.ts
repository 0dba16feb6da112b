/** A slip in a path is refused before anything is asked, and before a job begins. */
import { type Stats, constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail } from '../../shared/failure.ts'

/** What lies there; null where nothing does.
 * @throws file/permission-denied where its folder may not be looked into */
const lookAt = (path: string, look: (path: string) => Promise<Stats>): Promise<Stats | null> =>
  look(path).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EACCES' || error.code === 'EPERM'
      ? fail({ code: 'file/permission-denied', path }, error)
      : null,
  )

const requireAccess = (path: string, mode: number): Promise<void> =>
  access(path, mode).catch((error: NodeJS.ErrnoException) =>
    fail({ code: error.code === 'EROFS' ? 'file/read-only' : 'file/permission-denied', path }, error),
  )

/** A file that is to be written, where nothing lies yet.
 * @throws file/no-folder, file/is-folder, file/exists, file/permission-denied, file/read-only */
export async function checkNewFile(path: string): Promise<void> {
  const folder = dirname(path)
  if (!(await lookAt(folder, stat))?.isDirectory()) fail({ code: 'file/no-folder', path: folder })
  const taken = await lookAt(path, lstat)
  if (taken !== null) fail({ code: taken.isDirectory() ? 'file/is-folder' : 'file/exists', path })
  await requireAccess(folder, constants.W_OK | constants.X_OK)
}

/** A file that is to be read.
 * @throws file/not-found, file/is-folder, file/permission-denied */
export async function checkSourceFile(path: string): Promise<void> {
  const found = (await lookAt(path, stat)) ?? fail({ code: 'file/not-found', path })
  if (found.isDirectory()) fail({ code: 'file/is-folder', path })
  await requireAccess(path, constants.R_OK)
}

/** The three files of a certificate, by the path of its statement.
 * @see docs/verify-a-certificate.md */
export function certificateFiles(path: string): string[] {
  const stem = path.replace(/\.json$/i, '')
  return [path, `${stem}.sig`, `${stem}.pub.pem`]
}
