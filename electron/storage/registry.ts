/** The kinds of store. A new one: its file, and one line here. */
import { isAsked, type SettingField } from '../../shared/domain/store.ts'
import { fail } from '../../shared/failure.ts'
import type { StorageBackend } from './backend.ts'
import { localFolderKind } from './backends/local-folder-kind.ts'
import { s3Kind } from './backends/s3-kind.ts'
import type { StorageKind, StoreContext, StoreSettings } from './storage-kind.ts'
import { withRetry } from './with-retry.ts'

export const storageKinds: readonly StorageKind[] = [localFolderKind, s3Kind]

/** @throws store/settings-invalid where the kind is unknown or a setting is missing */
function knownKind(kind: string, settings: StoreSettings): StorageKind {
  const found = storageKinds.find((known) => known.kind === kind)
  if (found === undefined) return fail({ code: 'store/settings-invalid', field: 'kind', reason: 'unknown' })
  for (const field of found.fields) {
    const value = settings[field.name]
    const isNeeded = field.required && field.kind !== 'secret' && isAsked(field, settings)
    if (isNeeded && (value === undefined || value === ''))
      fail({ code: 'store/settings-invalid', field: field.name, reason: 'it is missing' })
  }
  return found
}

/** A store, with passing failures tried again.
 * @throws store/settings-invalid */
export const openStore = (kind: string, settings: StoreSettings, context: StoreContext): StorageBackend =>
  withRetry(knownKind(kind, settings).open(settings, context))

/** @returns whether stores of this kind are reached over a network */
export const isRemoteKind = (kind: string): boolean =>
  storageKinds.find((known) => known.kind === kind)?.isRemote ?? false

/** How tools outside read an object; null where its location is a path. */
export const downloadCommand = (
  kind: string,
  settings: StoreSettings,
  location: string,
): [string, ...string[]] | null =>
  storageKinds.find((known) => known.kind === kind)?.download?.(settings, location) ?? null

/** @throws store/settings-invalid where the kind is unknown */
export const fieldsOfKind = (kind: string): SettingField[] =>
  storageKinds.find((known) => known.kind === kind)?.fields ??
  fail({ code: 'store/settings-invalid', field: 'kind', reason: 'unknown' })

/** Before a store is added. @throws store/settings-invalid */
export const checkNewStore = (kind: string, settings: StoreSettings): Promise<void> =>
  knownKind(kind, settings).checkNew(settings)
