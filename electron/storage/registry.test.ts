import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { durableFiles } from './durable-files.ts'
import { memoryStore } from './backends/memory.ts'
import { openStore, storageKinds } from './registry.ts'
import type { StoreSettings } from './storage-kind.ts'
import { testStore } from './store-test.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const context = {
  store: 'mine',
  files: durableFiles,
  platform: 'linux',
  mayCreate: true,
  secret: async () => null,
  memory: null,
}
const failureOfOpening = (kind: string, settings: StoreSettings) => {
  try {
    openStore(kind, settings, context)
    return null
  } catch (error) {
    return failureOf(error)
  }
}

describe('the kinds of store', () => {
  it('describe every setting that they read', () => {
    for (const { kind, label, fields } of storageKinds) {
      expect(kind).toMatch(/^[a-z][a-z0-9-]*$/)
      expect(label).not.toBe('')
      for (const field of fields) expect(field.help).not.toBe('')
    }
  })

  it('refuse what is unknown, missing or wrong, by the field', () => {
    expect(failureOfOpening('floppy', {})).toMatchObject({ code: 'store/settings-invalid', field: 'kind' })
    expect(failureOfOpening('local-folder', {})).toMatchObject({ field: 'path', reason: 'it is missing' })
    expect(failureOfOpening('local-folder', { path: 'relative' })).toMatchObject({ field: 'path' })
  })

  it('open a folder that the first write makes', async () => {
    const path = join(temporaryFolder(), 'Weightlock')
    const store = openStore('local-folder', { path }, context)
    expect(store.location('a.age')).toBe(join(path, 'a.age'))
    const tested = await testStore(store)
    expect(tested.checks.map((check) => [check.name, check.passed])).toEqual([
      ['List', true],
      ['Write', true],
      ['Read back', true],
      ['Delete', true],
    ])
    expect(readdirSync(path)).toEqual([])
  })

  it('are tested without a failure of the test itself', async () => {
    const path = join(temporaryFolder(), 'missing')
    const store = openStore('local-folder', { path }, { ...context, mayCreate: false })
    expect((await testStore(store)).checks).toEqual([
      expect.objectContaining({ name: 'List', passed: false, detail: 'The store cannot be reached' }),
    ])
    const inner = memoryStore()
    const lying = { ...inner, read: async () => new Uint8Array(5000) }
    expect((await testStore(lying)).checks.filter((check) => !check.passed)).toEqual([
      expect.objectContaining({ name: 'Read back', detail: 'other bytes', isOptional: false, group: 'use' }),
    ])
  })
})
