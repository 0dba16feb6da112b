/**
 * One process owns a data folder (cryptography.md, section 4): an exclusive transaction on `owner.sqlite`, held for
 * life. The system frees it when the process ends, however it ends. Nothing but SQLite may ever open that file:
 * opening and closing it otherwise inside the owner drops the POSIX lock silently.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fail } from '../shared/failure.ts'

export type OwnerLock = {
  /** Idempotent. */
  release: () => void
}

const fileName = 'owner.sqlite'
/** SQLite's primary result codes (sqlite.org/rescode.html). */
const busy = 5
const readOnly = 8
const cannotOpen = 14

/** @param dataFolder exists
 * @throws owner/locked while another process, or this one, holds it; file/… where the folder cannot be written */
export function takeOwnerLock(dataFolder: string): OwnerLock {
  const path = join(dataFolder, fileName)
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    const code = resultCodeOf(error)
    if (code === busy) fail({ code: 'owner/locked' }, error)
    if (code === readOnly) fail({ code: 'file/read-only', path }, error)
    if (code === cannotOpen) fail({ code: 'file/permission-denied', path }, error)
    if (code !== null) fail({ code: 'file/io', path, errno: `SQLITE ${code}` }, error)
    throw error
  }
  return {
    release: () => {
      database?.close()
      database = null
    },
  }
}

function resultCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null
}
