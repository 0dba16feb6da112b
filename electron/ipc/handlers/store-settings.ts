/** What was filled in of a store, put together with what is kept of it. Pure, but for paths. */
import type { PathRef } from '../../../shared/domain/client-input.ts'
import { isAsked, type SettingField, type StoreSettings } from '../../../shared/domain/store.ts'
import { fail } from '../../../shared/failure.ts'
import type { CallContext } from '../call-context.ts'

export type Given = {
  settings: StoreSettings
  paths: Readonly<Record<string, PathRef | null>>
  secrets: Readonly<Record<string, string>>
}

const isPath = ({ kind }: SettingField): boolean => kind === 'folder' || kind === 'file'

/** The folders that a store is. */
export const foldersOf = (fields: readonly SettingField[], settings: StoreSettings): [string, string][] =>
  fields.flatMap(({ name, kind }) => {
    const path = settings[name]
    return kind === 'folder' && typeof path === 'string' ? [[name, path] as [string, string]] : []
  })

/** What a store's settings come to. What is not named stays, what is empty goes, and so does what the choices no longer
 * ask for. Who names a field that only one choice asks for has made that choice.
 * @param kept none for a new store
 * @throws store/settings-invalid for what never changes, or comes as it may not; file/token-unknown */
export function mergedSettings(
  fields: readonly SettingField[],
  kept: StoreSettings | null,
  given: Given,
  context: CallContext,
): StoreSettings {
  const paths = pathsIn(fields, given.paths, context)
  const changes = { ...withoutPaths(fields, given.settings), ...paths }
  const merged: StoreSettings = { ...kept, ...choicesMade(fields, kept, changes, given.secrets), ...changes }
  for (const { name, fixed } of fields)
    if (kept !== null && fixed !== undefined && (merged[name] ?? '') !== (kept[name] ?? ''))
      fail({ code: 'store/settings-invalid', field: name, reason: `it cannot be changed. ${fixed}` })
  const left = fields.filter((field) => merged[field.name] !== '' && isAsked(field, merged))
  return Object.fromEntries(
    left.flatMap(({ name }) => {
      const value = merged[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** The names of fields whose values differ, and of secrets that were typed. */
export const changesBetween = (before: StoreSettings, after: StoreSettings, secrets: Given['secrets']) =>
  [...new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(secrets)])].filter(
    (name) => name in secrets || before[name] !== after[name],
  )

/** Whether the settings lead to another address. Secrets that are kept were typed for the one before: whoever can only
 * change settings must not have requests signed for a server of their own, which could pass them on.
 * @throws store/settings-invalid where a secret has to be typed again */
export function leadsElsewhere(
  fields: readonly SettingField[],
  kept: StoreSettings | null,
  settings: StoreSettings,
  secrets: Given['secrets'],
): boolean {
  const isElsewhere =
    kept !== null &&
    fields.some(({ kind, name }) => kind === 'address' && (kept[name] ?? '') !== (settings[name] ?? ''))
  const missing = fields.find(
    (field) =>
      field.kind === 'secret' && field.required && !(field.name in secrets) && isAsked(field, settings),
  )
  if (isElsewhere && missing !== undefined)
    fail({
      code: 'store/settings-invalid',
      field: missing.name,
      reason: 'type it again: what is kept was typed for another address',
    })
  return isElsewhere
}

function choicesMade(
  fields: readonly SettingField[],
  kept: StoreSettings | null,
  changes: StoreSettings,
  secrets: Given['secrets'],
): StoreSettings {
  const made: StoreSettings = {}
  for (const field of fields) {
    const { name, onlyFor } = field
    const isNamed = (changes[name] ?? '') !== '' || name in secrets
    if (onlyFor === undefined || !isNamed || isAsked(field, { ...kept, ...made, ...changes })) continue
    const [first] = onlyFor.values
    if (changes[onlyFor.field] === undefined && first !== undefined) made[onlyFor.field] = first
  }
  return made
}

/** A path comes as what its client may hold of it, and a secret not at all, never as a plain setting. */
function withoutPaths(fields: readonly SettingField[], settings: StoreSettings): StoreSettings {
  const other = fields.find((field) => field.name in settings && (isPath(field) || field.kind === 'secret'))
  if (other !== undefined)
    fail({ code: 'store/settings-invalid', field: other.name, reason: 'it was not chosen here' })
  return settings
}

function pathsIn(
  fields: readonly SettingField[],
  paths: Given['paths'],
  context: CallContext,
): Record<string, string> {
  const given = fields.filter(isPath).flatMap(({ name }) => {
    const ref = paths[name]
    if (ref === undefined) return []
    return [[name, ref === null ? '' : context.resolvePath(ref, 'store')] as const]
  })
  return Object.fromEntries(given)
}
