/** The operations, each as one transaction over one database. */
import type { DatabaseSync } from 'node:sqlite'
import { archiveOperations } from './archive.ts'
import { artifactOperations } from './artifacts.ts'
import { auditOperations } from './audit-log.ts'
import type { ChangedPart, Operations } from './catalog.ts'
import { makeContext } from './context.ts'
import { openDatabase, translatingErrors } from './database.ts'
import { encryptOperations } from './encrypt.ts'
import { compromiseOperations } from './incidents.ts'
import { jobOperations } from './jobs.ts'
import { keyDestructionOperations } from './key-destruction.ts'
import { keyPresenceOperations } from './key-presence.ts'
import { keyOperations } from './keys.ts'
import { kitOperations } from './kits.ts'
import { listing } from './list-entries.ts'
import { objectOperations } from './objects.ts'
import { beginInstallation, programOperations } from './program.ts'
import { refreshTouched } from './refresh.ts'
import { retirementOperations } from './retirement.ts'
import { rotationOperations } from './rotation.ts'
import { scanOperations } from './scans.ts'
import { storeOperations } from './stores.ts'
import { versionOperations } from './versions.ts'

export type OperationName = keyof Operations

export type OpenDatabase = {
  /** Runs an operation in a transaction of its own and commits it.
   * @throws what the operation throws; then nothing of it happened */
  carryOut: (name: OperationName, request: unknown[]) => { value: unknown; changed: ChangedPart[] }
  close: () => void
}

/** Opens the catalog in this thread.
 * @param now the clock, replaced in tests
 * @throws as `openDatabase` */
export function openOperations(path: string, machineId: string, now: () => number = Date.now): OpenDatabase {
  const { db, close } = openDatabase(path, (fresh) =>
    beginInstallation(makeContext(fresh, path, now), machineId),
  )
  const context = makeContext(db, path, now)
  const list = listing(context)
  const operations: Operations = {
    ...programOperations(context),
    ...storeOperations(context),
    ...scanOperations(context),
    ...artifactOperations(context, list),
    ...encryptOperations(context),
    ...versionOperations(context),
    ...objectOperations(context),
    ...keyOperations(context),
    ...keyDestructionOperations(context),
    ...compromiseOperations(context),
    ...rotationOperations(context),
    ...retirementOperations(context),
    ...keyPresenceOperations(context),
    ...kitOperations(context),
    ...archiveOperations(context),
    ...jobOperations(context),
    ...auditOperations(context),
  }
  dropStaleReservations(db)
  return {
    carryOut: (name, request) =>
      translatingErrors(path, () => {
        const { touched } = context
        touched.artifacts.clear()
        touched.keys.clear()
        touched.changed.clear()
        touched.wipe = false
        const value = inTransaction(db, () => {
          const answer: unknown = Reflect.apply(operations[name], undefined, request)
          refreshTouched(context)
          return answer
        })
        if (touched.changed.has('artifacts') || touched.changed.has('stores')) list.forget()
        if (touched.wipe) wipe(db)
        return { value, changed: [...touched.changed] }
      }),
    close,
  }
}

function inTransaction<T>(db: DatabaseSync, run: () => T): T {
  db.exec('BEGIN')
  try {
    const value = run()
    db.exec('COMMIT')
    return value
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Deleted bytes are zeroed in the pages (`secure_delete`); old pages still stand in the write-ahead log until now. */
function wipe(db: DatabaseSync): void {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
}

/** A job that never began, or that ended, holds nothing. */
function dropStaleReservations(db: DatabaseSync): void {
  db.exec(`
    BEGIN;
    DELETE FROM reservations WHERE job_id NOT IN (SELECT job_id FROM jobs WHERE is_open = 1);
    DELETE FROM artifacts WHERE artifact_no NOT IN (SELECT artifact_no FROM versions)
      AND artifact_no NOT IN (SELECT artifact_no FROM keys WHERE artifact_no IS NOT NULL)
      AND artifact_no NOT IN (SELECT artifact_no FROM reservations);
    COMMIT;
  `)
}
