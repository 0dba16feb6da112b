import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoreId } from '../../shared/ids.ts'
import { addStore, by, catalogInThread, type CatalogInThread, encrypt } from './testing/catalog-in-thread.ts'

vi.setConfig({ testTimeout: 60_000 })

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

describe('a key that rests', () => {
  it('is suspended and made active again, each dated and audited', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    expect(catalog.keyRested({ keyId, to: 'suspended', reason: 'holiday', by })).toMatchObject({
      state: 'suspended',
      inactiveAt: catalog.clock.now,
    })
    expect(catalog.keyRested({ keyId, to: 'active', reason: 'back', by })).toMatchObject({
      state: 'active',
      inactiveAt: null,
    })
    const events = catalog.keyDetails(keyId).events.map(({ event, reason }) => `${event}: ${reason}`)
    expect(events).toContain('key-suspended: holiday')
    expect(events).toContain('key-resumed: back')
  })

  it('is not resumed from another state', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    expect(() => catalog.keyRested({ keyId, to: 'active', reason: '', by })).toThrow('key/illegal-transition')
  })
})

describe('the facts of a rotation', () => {
  it('are those of the keys that are due where none are named', () => {
    const { keyId } = encrypt(catalog, storeId, 'old.pkl')
    catalog.clock.now += 84 * 86_400_000
    encrypt(catalog, storeId, 'new.pkl')
    const { keys, stores, kits } = catalog.rotationFacts(null)
    expect(keys.map((key) => key.keyId)).toEqual([keyId])
    expect(keys[0]?.artifact).toMatchObject({
      name: 'old.pkl',
      ownership: 'owner',
      activeKeyId: keyId,
      isTainted: false,
      isUnresolved: false,
      jobs: [],
      versions: [{ version: 1, algorithms: ['X25519'], objects: [{ storeId }] }],
    })
    expect(stores).toHaveLength(1)
    expect(kits).toEqual([])
  })
})
