import { z } from 'zod'
import type { Request } from '../../../shared/contract/contract.ts'
import type { SettingField } from '../../../shared/domain/store.ts'
import { PathToken } from '../../../shared/ids.ts'

export type StoreFormValues = { name: string; [field: string]: string | boolean }

const required = (label: string) => z.string().trim().min(1, `${label} is missing.`)

function fieldSchema(field: SettingField): z.ZodType<string | boolean> {
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
      return field.required ? z.string().min(1, `${field.label} is missing.`) : z.string()
    case 'text':
      return field.required ? required(field.label) : z.string().trim()
  }
}

/** The schema of the form that a kind's fields draw. A folder's value is the token that a dialog gave. */
export const storeFormSchema = (fields: SettingField[]) =>
  z.object({
    name: required('The name').max(100, 'At most 100 characters.'),
    ...Object.fromEntries(fields.map((field) => [settingKey(field), fieldSchema(field)])),
  })

/** A field's place among the form's values: settings may be called `name` too. */
export const settingKey = (field: Pick<SettingField, 'name'>): string => `setting:${field.name}`

export const emptyValues = (fields: SettingField[]): StoreFormValues => ({
  name: '',
  ...Object.fromEntries(
    fields.map((field) => [
      settingKey(field),
      field.kind === 'switch'
        ? false
        : field.kind === 'choice' && field.required
          ? (field.choices?.[0]?.value ?? '')
          : '',
    ]),
  ),
})

/** The fields that a form asks for, as its choices stand. */
export const shownFields = (fields: SettingField[], values: StoreFormValues): SettingField[] =>
  fields.filter(({ onlyFor }) => {
    if (onlyFor === undefined) return true
    const chosen = values[settingKey({ name: onlyFor.field })]
    return typeof chosen === 'string' && onlyFor.values.includes(chosen)
  })

type StoreToAdd = Pick<Request<'stores:add'>, 'settings' | 'paths' | 'secrets'>

/** What was filled in as `stores:add` wants it: paths as their tokens, secrets apart, nothing that is empty. */
export function storeToAdd(fields: SettingField[], values: Record<string, unknown>): StoreToAdd {
  const store: StoreToAdd = { settings: {}, paths: {}, secrets: {} }
  for (const field of fields) {
    const value = values[settingKey(field)]
    if (typeof value === 'boolean') store.settings[field.name] = value
    if (typeof value !== 'string' || value === '') continue
    if (field.kind === 'folder' || field.kind === 'file')
      store.paths[field.name] = { token: PathToken.parse(value) }
    else if (field.kind === 'secret') store.secrets[field.name] = value
    else store.settings[field.name] = value
  }
  return store
}
