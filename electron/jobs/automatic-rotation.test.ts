import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JobId, newId, type KeyId, type StoreId } from '../../shared/ids.ts'
import { addStore, asCatalog, by, catalogInThread, encrypt } from '../catalog/testing/catalog-in-thread.ts'
import type { CatalogInThread } from '../catalog/testing/catalog-in-thread.ts'
import { rotateWhatIsDue } from './automatic-rotation.ts'
import type { RegularLook } from './look-regularly.ts'
import type { Runner } from './runner.ts'

const dayMs = 86_400_000

let catalog: CatalogInThread
let storeId: StoreId
let keyId: KeyId
let started: { kind: string; keyId: KeyId }[]
let rotation: RegularLook | null

const runner = {
  start: async (kind: string, spec: { keyId: KeyId }) => {
    started.push({ kind, keyId: spec.keyId })
    return newId(JobId)
  },
} as unknown as Runner

const look = async ({ isMine = true } = {}) => {
  rotation = rotateWhatIsDue({
    catalog: asCatalog(catalog),
    runner,
    isMine: () => isMine,
    onBug: (error) => {
      throw error
    },
  })
  await rotation.look()
  await rotation.stop()
}

/** Due, and somebody set that it rotates by itself. */
beforeEach(() => {
  catalog = catalogInThread()
  started = []
  storeId = addStore(catalog)
  keyId = encrypt(catalog, storeId, 'model.pkl').keyId
  catalog.setSettings({ settings: { automaticRotation: true }, by })
  catalog.clock.now += 400 * dayMs
})
afterEach(async () => {
  await rotation?.stop()
  catalog.dispose()
})

describe('rotation by itself', () => {
  it('rewraps what is due, and nothing that is young', async () => {
    encrypt(catalog, storeId, 'young.pkl')
    await look()
    expect(new Set(started.map((each) => each.keyId))).toEqual(new Set([keyId]))
    expect(started[0]?.kind).toBe('rewrap')
  })

  it('does nothing where it is not set', async () => {
    catalog.setSettings({ settings: { automaticRotation: false }, by })
    await look()
    expect(started).toEqual([])
  })

  it('does nothing in a folder that is another machine’s', async () => {
    await look({ isMine: false })
    expect(started).toEqual([])
  })

  it('leaves what is tainted to somebody who asks for a re-encryption', async () => {
    catalog.revokeKeys({ keyIds: [keyId], since: null, reason: 'laptop stolen', count: 1, by })
    await look()
    expect(started).toEqual([])
  })

  it('looks no more once it was stopped', async () => {
    await look({ isMine: false })
    const before = started.length
    await rotation?.look()
    expect(started).toHaveLength(before)
  })
})
