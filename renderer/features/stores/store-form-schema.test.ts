import { describe, expect, it } from 'vitest'
import type { SettingField } from '../../../shared/domain/store.ts'
import { emptyValues, folderOf, settingsOf, storeFormSchema } from './store-form-schema.ts'

const fields: SettingField[] = [
  { name: 'folder', label: 'Folder', kind: 'folder', required: true, help: '' },
  { name: 'note', label: 'Note', kind: 'text', required: false, help: '' },
  {
    name: 'mode',
    label: 'Mode',
    kind: 'choice',
    required: true,
    help: '',
    choices: [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ],
  },
  { name: 'opaque', label: 'Opaque', kind: 'switch', required: true, help: '' },
]

describe('the form of a store', () => {
  it('starts with values of every field’s own kind', () => {
    expect(emptyValues(fields)).toEqual({
      name: '',
      'setting:folder': '',
      'setting:note': '',
      'setting:mode': 'a',
      'setting:opaque': false,
    })
  })

  it('names each missing value', () => {
    const found = storeFormSchema(fields).safeParse(emptyValues(fields))
    expect(found.error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      ['name', 'The name is missing.'],
      ['setting:folder', 'Choose a folder.'],
    ])
  })

  it('refuses a choice that is not offered', () => {
    const values = { ...emptyValues(fields), name: 'x', 'setting:folder': 't', 'setting:mode': 'c' }
    expect(storeFormSchema(fields).safeParse(values).success).toBe(false)
  })

  it('hands the folder over as its token and leaves empty settings out', () => {
    const values = { ...emptyValues(fields), name: 'nas', 'setting:folder': 'token' }
    expect(settingsOf(fields, values)).toEqual({ mode: 'a', opaque: false })
    expect(folderOf(fields, values)).toBe('token')
  })
})
