/** Whether a catalog's file may be used, found out without writing to it. */
import { DatabaseSync } from 'node:sqlite'
import { fail } from '../../shared/failure.ts'
import { migrations } from './schema.ts'

/** Looks at an existing file through a connection that cannot write, so that a file which is refused stays as it is.
 * @returns when it was last read from end to end
 * @throws catalog/newer, catalog/damaged, or an error of SQLite */
export function examine(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const version = userVersion(db)
    if (version > migrations.length)
      fail({ code: 'catalog/newer', found: version, supported: migrations.length })
    const found = names(db)
    if (version === 0 && found.length > 0) damaged('not a catalog of Weightlock')
    const missing = namesAt(version).find((name) => !found.includes(name))
    if (missing !== undefined) damaged(`${missing} is missing`)
    if (version > 0 && !db.prepare('SELECT 1 FROM installation').get()) damaged('the installation is missing')
    const checkedAt = version === 0 ? null : checkedAlready(db)
    if (checkedAt !== null) return checkedAt
    const finding = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
    if (finding !== 'ok') damaged(String(finding))
    return Date.now()
  } finally {
    db.close()
  }
}

const damaged = (detail: string): never => fail({ code: 'catalog/damaged', detail })

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

/** A large catalog that was closed in order, and read from end to end a short while ago, is not read through again:
 * with 100,000 artifacts that takes a second. Every page is still checked when it is read. */
const alwaysCheckedBytes = 32 * 1024 * 1024
const checkLastsMs = 7 * 86_400_000
const markName = 'closed-in-order'

type Mark = { checkedAt: number; pages: number }

/** When, if that will do. */
function checkedAlready(db: DatabaseSync): number | null {
  const pages = pragma(db, 'page_count')
  if (pages * pragma(db, 'page_size') <= alwaysCheckedBytes) return null
  const row = db.prepare('SELECT value FROM settings WHERE name = ?').get(markName)
  if (!row) return null
  const mark: Mark = JSON.parse(String(row['value']))
  const ageMs = Date.now() - mark.checkedAt
  return mark.pages === pages && ageMs >= 0 && ageMs <= checkLastsMs ? mark.checkedAt : null
}

/** Until there is another orderly end. */
export const takeMark = (db: DatabaseSync): void => {
  db.prepare('DELETE FROM settings WHERE name = ?').run(markName)
}

/** @param checkedAt when the file was last read from end to end */
export function leaveMark(db: DatabaseSync, checkedAt: number): void {
  const mark: Mark = { checkedAt, pages: pragma(db, 'page_count') }
  db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)').run(markName, JSON.stringify(mark))
}

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
export const userVersion = (db: DatabaseSync): number => pragma(db, 'user_version')
