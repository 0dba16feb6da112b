/** Opening the catalog's file: pragmas, check, migrations; and what its errors mean. */
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type Failure, fail } from '../../shared/failure.ts'
import { migrations } from './schema.ts'

/** Opens the file, or makes it.
 * @param begin writes the first rows of a catalog that is made now, in the transaction that makes its tables
 * @throws catalog/damaged, catalog/newer before anything was written; file/read-only, file/disk-full, file/io */
export function openDatabase(path: string, begin: (db: DatabaseSync) => void): DatabaseSync {
  return translatingErrors(path, () => {
    if (existsSync(path)) examine(path)
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
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}

/** Looks at an existing file through a connection that cannot write, so that a file which is refused stays as it is. */
function examine(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const version = userVersion(db)
    if (version > migrations.length)
      fail({ code: 'catalog/newer', found: version, supported: migrations.length })
    const findings = db.prepare('PRAGMA quick_check(1)').all()
    const finding = Object.values(findings[0] ?? {})[0]
    if (finding !== 'ok') fail({ code: 'catalog/damaged', detail: String(finding) })
    const expected = namesAt(version)
    const found = names(db)
    const missing = expected.find((name) => !found.includes(name))
    if (missing !== undefined) fail({ code: 'catalog/damaged', detail: `${missing} is missing` })
    if (version === 0 && found.length > 0)
      fail({ code: 'catalog/damaged', detail: 'not a catalog of Weightlock' })
    if (version > 0 && !db.prepare('SELECT 1 FROM installation').get())
      fail({ code: 'catalog/damaged', detail: 'the installation is missing' })
  } finally {
    db.close()
  }
}

/** Tables, indices and triggers that a catalog of that version has. */
function namesAt(version: number): string[] {
  const db = new DatabaseSync(':memory:')
  try {
    for (const migration of migrations.slice(0, version)) db.exec(migration)
    return names(db)
  } finally {
    db.close()
  }
}

const names = (db: DatabaseSync): string[] =>
  db
    .prepare('SELECT name FROM sqlite_schema')
    .all()
    .map((row) => String(row['name']))

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

const userVersion = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.['user_version'])

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
