import { z } from 'zod'
import type { SettingField } from '../../../shared/domain/store.ts'

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
export const settingKey = (field: SettingField): string => `setting:${field.name}`

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

/** Settings as `stores:add` wants them: without the folder, which travels as its token, and without empty ones. */
export function settingsOf(fields: SettingField[], values: Record<string, unknown>) {
  const settings: Record<string, string | boolean> = {}
  for (const field of fields) {
    const value = values[settingKey(field)]
    if (field.kind === 'folder' || value === '' || value === undefined) continue
    if (typeof value === 'string' || typeof value === 'boolean') settings[field.name] = value
  }
  return settings
}

export function folderOf(fields: SettingField[], values: Record<string, unknown>): string | null {
  const field = fields.find(({ kind }) => kind === 'folder')
  const value = field ? values[settingKey(field)] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}
