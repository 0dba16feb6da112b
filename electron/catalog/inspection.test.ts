import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StoreId } from '../../shared/ids.ts'
import {
  addStore,
  catalogInThread,
  type CatalogInThread,
  destroyKey,
  encrypt,
  finishedVersion,
  makeKey,
  reserve,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

it('an erased version is forgotten though another of its artifact still opens', () => {
  const manifest = { files: 1, sizeBytes: 1, entries: [{ path: 'secret-name', sizeBytes: 1 }] }
  const first = encrypt(catalog, storeId, 'model.pkl', { facts: { manifest } })
  const reservation = reserve(catalog, storeId, 'model.pkl')
  const facts = finishedVersion(reservation, makeKey(catalog, reservation), { manifest })
  catalog.encryptCompleted({ ...facts, activateKey: true, end: { outcome: 'Stored', report: [] } })
  destroyKey(catalog, first.keyId)
  expect(catalog.versionForOpening(first.artifactId, 1).manifest).toBeNull()
  expect(catalog.versionForOpening(first.artifactId, 2).manifest).toEqual(manifest)
})
