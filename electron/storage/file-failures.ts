/** The system's error numbers as failures, for files of the user and for stores. One place. */
import { basename } from 'node:path'
import type { Failure } from '../../shared/failure.ts'
import { fail, failureOf } from '../../shared/failure.ts'
import { errnoOf } from './durable-files.ts'

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const readOnly = new Set(['EROFS'])
const denied = new Set(['EACCES', 'EPERM'])
const badName = new Set(['ENAMETOOLONG', 'EILSEQ'])

/** A file or folder that the user named: source, target, export.
 * @returns null for what is not the system's error: a bug
 * @param neededBytes how much was to be written, where that is known */
export function fileFailure(error: unknown, path: string, neededBytes: number | null = null): Failure | null {
  const errno = errnoOf(error)
  if (errno === null) return failureOf(error)
  if (full.has(errno)) return { code: 'file/disk-full', path, neededBytes }
  if (readOnly.has(errno)) return { code: 'file/read-only', path }
  if (denied.has(errno)) return { code: 'file/permission-denied', path }
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return { code: 'file/not-found', path }
  if (badName.has(errno))
    return { code: 'artifact/name-invalid', name: basename(path), reason: 'the place cannot hold this name' }
  if (errno === 'EEXIST' || errno === 'ENOTEMPTY') return { code: 'file/exists', path }
  if (errno === 'ELOOP') return { code: 'file/link-loop', path }
  if (errno === 'EISDIR') return { code: 'file/is-special', path, kind: 'folder' }
  if (errno === 'ENXIO') return { code: 'file/is-special', path, kind: 'socket or device' }
  return { code: 'file/io', path, errno }
}

/** A failure of a store that is a folder. Whether its root is still there was looked up by the caller.
 * @returns null for what is not the system's error: a bug */
export function storeFailure(
  error: unknown,
  where: { store: string; objectName: string; rootIsThere: boolean; isReading?: boolean },
): Failure | null {
  const { store, objectName } = where
  const errno = errnoOf(error)
  if (errno === null) return failureOf(error)
  if (!where.rootIsThere) return { code: 'store/unreachable', store, detail: errno }
  if (full.has(errno)) return { code: 'store/full', store }
  const mayNotRead = denied.has(errno) && where.isReading === true
  if (!mayNotRead && (readOnly.has(errno) || denied.has(errno))) return { code: 'store/read-only', store }
  if (badName.has(errno))
    return { code: 'artifact/name-invalid', name: objectName, reason: 'the store cannot hold this name' }
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return { code: 'store/object-not-found', store, objectName }
  if (errno === 'EEXIST' || errno === 'EISDIR' || errno === 'ENOTEMPTY')
    return { code: 'store/object-exists', store, objectName }
  return { code: 'store/unreachable', store, detail: errno }
}

/** Runs what touches a file of the user; the system's errors become failures, all else passes.
 * @throws file/… */
export async function asFileFailure<T>(
  path: string,
  run: () => Promise<T>,
  neededBytes: number | null = null,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const failure = fileFailure(error, path, neededBytes)
    if (failure === null) throw error
    return fail(failure, error)
  }
}
