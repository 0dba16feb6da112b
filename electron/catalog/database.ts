/** Opening the catalog's file: pragmas, check, migrations; and what its errors mean. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Failure, fail } from '../../shared/failure.ts'
import { examine, leaveMark, takeMark, userVersion } from './integrity.ts'
import { migrations } from './schema.ts'

export type OpenedDatabase = {
  db: DatabaseSync
  /** Writes the journal back and notes that this was an orderly end. */
  close: () => void
}

/** Opens the file, or makes it.
 * @param begin writes the first rows of a catalog that is made now, in the transaction that makes its tables
 * @throws catalog/damaged, catalog/newer before anything was written; file/read-only, file/disk-full, file/io */
export function openDatabase(path: string, begin: (db: DatabaseSync) => void): OpenedDatabase {
  return translatingErrors(path, () => {
    const checkedAt = existsSync(path) ? examine(path) : Date.now()
    const db = new DatabaseSync(path)
    try {
      db.exec(`
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA fullfsync = ON;
        PRAGMA checkpoint_fullfsync = ON;
        PRAGMA secure_delete = ON;
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
        PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -65536;
        PRAGMA busy_timeout = 2000;
      `)
      migrate(db, begin)
      db.exec(`
        CREATE TEMP TABLE touched_artifacts (artifact_no INTEGER PRIMARY KEY);
        CREATE TEMP TABLE touched_keys (key_no INTEGER PRIMARY KEY);
        CREATE TEMP TABLE scanned (
          scan_id INTEGER NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
          size_bytes INTEGER NOT NULL, modified_at INTEGER NOT NULL, is_age_file INTEGER NOT NULL,
          PRIMARY KEY (scan_id, name)
        ) WITHOUT ROWID;
      `)
      takeMark(db)
      return {
        db,
        close: () => {
          try {
            leaveMark(db, checkedAt)
          } catch {
            // The disk is full: without the mark the file is only read through at the next start.
          }
          db.close()
        },
      }
    } catch (error) {
      db.close()
      throw error
    }
  })
}

function migrate(db: DatabaseSync, begin: (db: DatabaseSync) => void): void {
  for (let version = userVersion(db); version < migrations.length; version++) {
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(migrations[version] ?? '')
      db.exec(`PRAGMA user_version = ${version + 1}`)
      if (version === 0) begin(db)
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
}

/** Runs SQL and turns the errors that are not bugs into failures.
 * @throws what `run` throws, or a failure in its place */
export function translatingErrors<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const failure = failureOfSqlite(path, error)
    if (failure) fail(failure, error)
    throw error
  }
}

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const busy = 5
const readOnly = 8
const ioError = 10
const corrupt = 11
const full = 13
const cannotOpen = 14
const notADatabase = 26

function failureOfSqlite(path: string, error: unknown): Failure | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  const code = error.errcode & 0xff
  if (code === corrupt || code === notADatabase) return { code: 'catalog/damaged', detail: error.message }
  if (code === full) return { code: 'file/disk-full', path, neededBytes: null }
  if (code === readOnly) return { code: 'file/read-only', path }
  if (code === cannotOpen) return { code: 'file/permission-denied', path }
  if (code === ioError) return { code: 'file/io', path, errno: `SQLITE_IOERR_${error.errcode >> 8}` }
  if (code === busy) return { code: 'owner/locked' }
  return null
}
