/**
 * What Weightlock knows: artifacts, keys, stores, jobs, their journal, and the audit log. SQLite in a worker thread
 * of its own, so that no call costs the main thread more than a message.
 *
 * Every operation is one transaction, committed to the disk (`synchronous=FULL`) before its promise settles: all of
 * it happened or nothing did. It holds no secret and no plaintext of a model.
 *
 * Any operation may reject with `WeightlockError`: `catalog/damaged`, `file/disk-full`, `file/read-only`, `file/io`
 * (the catalog's own file), and with what its own docstring names. Anything else that it throws is a bug.
 */
import type { Client } from '../../shared/contract/call.ts'
import type { ArchiveOperations } from './archive.ts'
import type { ArtifactOperations } from './artifact-operations.ts'
import type { AuditOperations } from './audit-operations.ts'
import type { CompromiseOperations } from './compromise-operations.ts'
import type { EncryptOperations } from './encrypt-operations.ts'
import type { JobOperations } from './job-operations.ts'
import type { KeyPresenceOperations } from './key-presence.ts'
import type { KeyOperations } from './key-operations.ts'
import type { KitOperations } from './kit-operations.ts'
import type { ObjectOperations } from './object-operations.ts'
import type { ProgramOperations } from './program-operations.ts'
import type { RetirementOperations } from './retirement-operations.ts'
import type { RotationOperations } from './rotation-operations.ts'
import type { StoreOperations } from './store-operations.ts'
import type { VersionOperations } from './version-operations.ts'

/** The operations as the worker carries them out: synchronous, one transaction each. */
export type Operations = ProgramOperations &
  StoreOperations &
  ArtifactOperations &
  EncryptOperations &
  VersionOperations &
  ObjectOperations &
  KeyOperations &
  CompromiseOperations &
  RotationOperations &
  RetirementOperations &
  KeyPresenceOperations &
  KitOperations &
  ArchiveOperations &
  JobOperations &
  AuditOperations

/** What an operation changed, as the event `catalog:changed` names it. */
export type ChangedPart = 'artifacts' | 'keys' | 'stores' | 'audit' | 'settings'

export type Catalog = {
  [Name in keyof Operations]: (
    ...request: Parameters<Operations[Name]>
  ) => Promise<ReturnType<Operations[Name]>>
} & {
  /** Called after each operation that changed something. @returns a function that stops listening */
  onChanged: (listener: (what: ChangedPart[]) => void) => () => void
  /** Finishes what was asked, writes the journal back into the file, ends the worker. Idempotent. */
  close: () => Promise<void>
}

/** Who caused something (the account's name), and through what. */
export type Actor = { who: string; via: Client | 'automatic' }

/** What nobody asked for. */
export const byItself: Actor = { who: 'Weightlock', via: 'automatic' }

/** What JSON can carry: job specifications, facts of a step, window bounds. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Facts of an audit entry: flat, no secrets, no plaintext. */
export type Facts = Record<string, string | number | boolean | null>
