import type { KeyRow } from '../../shared/domain/key.ts'
import type { KitCoverage, KitRow } from '../../shared/domain/kit.ts'
import type { Failure } from '../../shared/failure.ts'
import type { JobId, KeyId, KitId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'

export type WrittenKit = Pick<
  KitRow,
  'where' | 'sizeBytes' | 'digest' | 'madeAt' | 'identities' | 'needsNewAge'
> & { keyIds: KeyId[] }

/** Recovery kits. Each is a known copy of every key in it. */
export type KitOperations = {
  /** Newest first, and what is backed up by those whose last drill passed. */
  listKits: () => { kits: KitRow[]; coverage: KitCoverage }
  /** @throws kit/not-found */
  kitRow: (kitId: KitId) => KitRow
  /** Null: never heard of. */
  kitByDigest: (digest: string) => KitRow | null
  /** Keys not destroyed and not in it, by name, `limit` ≤ 200 a page. @throws kit/not-found */
  kitLacks: (kitId: KitId, offset: number, limit: number) => { total: number; rows: KeyRow[] }
  /** Before the file appears: kit, copies, journal step `written`, audit entry, in one transaction. Another kit that
   * lay at this place must have been carried away since: it is listed as of its date.
   * @throws key/destroyed, key/being-destroyed */
  kitWritten: (request: { jobId: JobId; kitId: KitId; kit: WrittenKit; by: Actor }) => void
  /** The file did not appear, or was taken back: its copies are found missing. Asked again, it changes nothing. */
  kitTakenBack: (request: { jobId: JobId; kitId: KitId; by: Actor }) => void
  /** A kit was read here: one that is known lies where it was read; another one is listed from now on. */
  kitMet: (request: { kit: WrittenKit; by: Actor }) => KitRow
  /** @param failure null where it passed. @throws kit/not-found */
  kitDrilled: (request: { kitId: KitId; failure: Failure | null; opened: string | null; by: Actor }) => KitRow
  /** What a restore brought back. */
  kitRestored: (request: { jobId: JobId; kitId: KitId; restored: number; refused: number; by: Actor }) => void
  /** Out of the list; copies of it are out of reach from now on. @throws kit/not-found */
  kitForgotten: (request: { kitId: KitId; by: Actor }) => void
}
