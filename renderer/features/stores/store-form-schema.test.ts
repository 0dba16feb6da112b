import { describe, expect, it } from 'vitest'
import type { SettingField } from '../../../shared/domain/store.ts'
import { pathToken } from '../../testing/builders.ts'
import { emptyValues, shownFields, storeFormSchema, storeToAdd } from './store-form-schema.ts'

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

  it('hands paths over as their tokens, secrets apart, and leaves empty settings out', () => {
    const secret = { name: 'key', label: 'Key', kind: 'secret', required: false, help: '' } as const
    const token = pathToken(3)
    const values = { ...emptyValues(fields), name: 'nas', 'setting:folder': token, 'setting:key': 's3cret' }
    expect(storeToAdd([...fields, secret], values)).toEqual({
      settings: { mode: 'a', opaque: false },
      paths: { folder: { token } },
      secrets: { key: 's3cret' },
    })
    expect(storeToAdd([secret], { 'setting:key': '' }).secrets).toEqual({})
  })

  it('asks only for what the choices leave open', () => {
    const only = { ...fields[0], name: 'region', onlyFor: { field: 'mode', values: ['b'] } } as SettingField
    const shown = (mode: string) =>
      shownFields([...fields, only], { ...emptyValues(fields), 'setting:mode': mode }).includes(only)
    expect([shown('a'), shown('b')]).toEqual([false, true])
  })
})
