/** What the operations work with: the database, a clock, and notes of what they touched. */
import type { DatabaseSync, StatementSync, SQLInputValue } from 'node:sqlite'
import type { ChangedPart } from './catalog.ts'

export type Parameters = Record<string, SQLInputValue | boolean>

export type Context = {
  /** The catalog's file, for failures. */
  path: string
  now: () => number
  /** Rows as the statement's column names say; the caller vouches for the shape. */
  all: <Row>(sql: string, parameters?: Parameters) => Row[]
  get: <Row>(sql: string, parameters?: Parameters) => Row | undefined
  /** @returns how many rows changed, and the number of the row inserted last */
  run: (sql: string, parameters?: Parameters) => { changes: number; lastNo: number }
  /** Lists, statuses and counts of these are brought up to date before the operation commits. */
  touchArtifact: (artifactNo: number) => void
  touchKey: (keyNo: number) => void
  changed: (part: ChangedPart) => void
  /** What was deleted must be gone from the files when the operation answers. */
  wipeAfterwards: () => void
  /** Notes of the operation under way. */
  touched: Touched
}

export type Touched = {
  artifacts: Set<number>
  keys: Set<number>
  changed: Set<ChangedPart>
  wipe: boolean
}

/** Searches make statements of their own; more than these are prepared again when they are needed. */
const keptStatements = 400

/** @param now the clock, replaced in tests */
export function makeContext(db: DatabaseSync, path: string, now: () => number): Context {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string) => {
    const known = statements.get(sql)
    if (known) return known
    const statement = db.prepare(sql)
    if (statements.size >= keptStatements) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  const touched: Touched = { artifacts: new Set(), keys: new Set(), changed: new Set(), wipe: false }
  return {
    path,
    now,
    touched,
    all: <Row>(sql: string, parameters: Parameters = {}) => prepare(sql).all(bound(parameters)) as Row[],
    get: <Row>(sql: string, parameters: Parameters = {}) =>
      prepare(sql).get(bound(parameters)) as Row | undefined,
    run: (sql, parameters = {}) => {
      const result = prepare(sql).run(bound(parameters))
      return { changes: Number(result.changes), lastNo: Number(result.lastInsertRowid) }
    },
    touchArtifact: (artifactNo) => touched.artifacts.add(artifactNo),
    touchKey: (keyNo) => touched.keys.add(keyNo),
    changed: (part) => touched.changed.add(part),
    wipeAfterwards: () => {
      touched.wipe = true
    },
  }
}

/** SQLite has no booleans. */
function bound(parameters: Parameters): Record<string, SQLInputValue> {
  const values: Record<string, SQLInputValue> = {}
  for (const [name, value] of Object.entries(parameters))
    values[name] = typeof value === 'boolean' ? Number(value) : value
  return values
}
