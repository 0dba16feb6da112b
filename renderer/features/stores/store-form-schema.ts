import { z } from 'zod'
import type { Request } from '../../../shared/contract/contract.ts'
import {
  isAsked,
  type SettingField,
  type StoreInfo,
  type StoreSettings,
} from '../../../shared/domain/store.ts'
import { PathToken } from '../../../shared/ids.ts'
import { addressProblem } from './address.ts'

export type StoreFormValues = { name: string; [field: string]: string | boolean }

const missing = (label: string): string => `The ${label.charAt(0).toLowerCase()}${label.slice(1)} is missing.`
const required = (label: string) => z.string().trim().min(1, missing(label))

/** @param isKept a secret that was typed before may stay */
function fieldSchema(field: SettingField, isKept: boolean): z.ZodType<string | boolean> {
  switch (field.kind) {
    case 'switch':
      return z.boolean()
    case 'choice': {
      const values = (field.choices ?? []).map(({ value }) => value)
      const chosen = z.string().refine((value) => values.includes(value), `Choose one of ${field.label}.`)
      return field.required ? chosen : z.union([z.literal(''), chosen])
    }
    case 'folder':
      return field.required ? z.string().min(1, 'Choose a folder.') : z.string()
    case 'file':
      return field.required ? z.string().min(1, 'Choose a file.') : z.string()
    case 'secret':
      return field.required && !isKept ? z.string().min(1, missing(field.label)) : z.string()
    case 'address':
      return (field.required ? required(field.label) : z.string().trim()).refine(
        (value) => addressProblem(value) === null,
        { error: ({ input }) => addressProblem(String(input)) ?? '' },
      )
    case 'text':
      return field.required ? required(field.label) : z.string().trim()
  }
}

/** The schema of the form that a kind's fields draw. A path's value is the token that a dialog gave.
 * @param kept what is set of a store that is there */
export const storeFormSchema = (fields: SettingField[], kept: StoreSettings | null = null) =>
  z.object({
    name: required('Name').max(100, 'At most 100 characters.'),
    ...Object.fromEntries(
      fields
        .filter(({ fixed }) => kept === null || fixed === undefined)
        .map((field) => [settingKey(field), fieldSchema(field, kept !== null && isAsked(field, kept))]),
    ),
  })

/** A field's place among the form's values: settings may be called `name` too. */
export const settingKey = (field: Pick<SettingField, 'name'>): string => `setting:${field.name}`

/** What a field begins with where a choice stands so. */
const beginning = ({ begins, kind }: SettingField, chosen: unknown): string | boolean =>
  begins?.values[typeof chosen === 'string' ? chosen : ''] ?? (kind === 'switch' ? false : '')

export function emptyValues(fields: SettingField[]): StoreFormValues {
  const choices = Object.fromEntries(
    fields.map((field) => [
      settingKey(field),
      field.kind === 'choice' ? (field.choices?.[0]?.value ?? '') : beginning(field, ''),
    ]),
  )
  return withBeginnings(fields, { name: '', ...choices }, {})
}

/** Where a choice was changed, what begins by it begins anew, unless somebody had set it otherwise. */
export function withBeginnings(
  fields: SettingField[],
  values: StoreFormValues,
  before: Readonly<Record<string, unknown>>,
): StoreFormValues {
  const next: StoreFormValues = { ...values }
  for (const field of fields) {
    const by = settingKey({ name: field.begins?.field ?? '' })
    if (field.begins === undefined || values[by] === before[by]) continue
    if (values[settingKey(field)] === beginning(field, before[by]))
      next[settingKey(field)] = beginning(field, values[by])
  }
  return next
}

/** The form of a store that is there. Paths and secrets are empty: they stay unless they are given anew. */
export function valuesOf(fields: SettingField[], store: StoreInfo): StoreFormValues {
  const values: StoreFormValues = { ...emptyValues(fields), name: store.name }
  for (const field of fields) {
    const value = store.settings[field.name]
    if (field.kind === 'secret' || isPath(field) || value === undefined || field.fixed !== undefined) continue
    values[settingKey(field)] = typeof value === 'number' ? String(value) : value
    // Named without the choice that asks for it.
    const by = field.onlyFor
    if (by !== undefined && store.settings[by.field] === undefined)
      values[settingKey({ name: by.field })] = by.values[0] ?? ''
  }
  return values
}

/** The fields that a form asks for, as its choices stand. */
export const shownFields = (fields: SettingField[], values: StoreFormValues): SettingField[] =>
  fields.filter((field) => isAsked(field, settingsIn(values)))

const settingsIn = (values: StoreFormValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith('setting:') ? [[key.slice('setting:'.length), value]] : [],
    ),
  )

const isPath = ({ kind }: SettingField): boolean => kind === 'folder' || kind === 'file'

type Given = Pick<Request<'stores:add'>, 'settings' | 'paths' | 'secrets'>

/** What was filled in as `stores:add` wants it: paths as their tokens, secrets apart, nothing that is empty. */
export function storeToAdd(fields: SettingField[], values: Record<string, unknown>): Given {
  const given: Given = { settings: {}, paths: {}, secrets: {} }
  for (const field of fields) {
    const value = values[settingKey(field)]
    if (typeof value === 'boolean') given.settings[field.name] = value
    if (typeof value !== 'string' || value === '') continue
    if (isPath(field)) given.paths[field.name] = { token: PathToken.parse(value) }
    else if (field.kind === 'secret') given.secrets[field.name] = value
    else given.settings[field.name] = value
  }
  return given
}

/** What a path field's value is where the kept path is to go. */
export const clearedPath = 'cleared'

/** What was changed, as `stores:set` wants it: an empty text takes a setting away. */
export function storeChanges(fields: SettingField[], values: Record<string, unknown>): Given {
  const changeable = fields.filter(({ fixed }) => fixed === undefined)
  const cleared = changeable.filter((field) => isPath(field) && values[settingKey(field)] === clearedPath)
  const given = storeToAdd(
    changeable.filter((field) => !cleared.includes(field)),
    values,
  )
  for (const field of changeable)
    if (!isPath(field) && field.kind !== 'secret' && values[settingKey(field)] === '')
      given.settings[field.name] = ''
  for (const { name } of cleared) given.paths[name] = null
  return given
}
