import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { Millis } from '../domain/quantities.ts'
import { SettingField, StoreInfo, StoreSettings, StoreTest } from '../domain/store.ts'
import { StoreId } from '../ids.ts'
import { call } from './call.ts'

export const storesContract = {
  'stores:kinds': call(
    'both',
    z.object({}),
    z.object({
      kinds: z.array(z.object({ kind: z.string(), label: z.string(), fields: z.array(SettingField) })),
    }),
  ),
  'stores:list': call('both', z.object({}), z.object({ stores: z.array(StoreInfo) })),
  'stores:add': call(
    'both',
    z.object({
      name: z.string().min(1).max(100),
      kind: z.string(),
      settings: StoreSettings,
      /** Of the kind's fields that are folders and files: chosen in the window or named in the terminal. */
      paths: z.record(z.string(), PathRef),
      /** Of the kind's fields that are secrets: kept in the keychain. */
      secrets: z.record(z.string(), TypedSecret),
    }),
    StoreInfo,
  ),
  'stores:remove': call('both', z.object({ storeId: StoreId }), z.object({})),
  'stores:make-default': call('both', z.object({ storeId: StoreId }), z.object({})),
  'stores:test': call('both', z.object({ storeId: StoreId }), StoreTest),
  /** Looks again at what a store holds: foreign objects, missing ones. */
  'stores:scan': call(
    'both',
    z.object({ storeId: StoreId.nullable() }),
    z.object({ objects: z.number().int(), foreign: z.number().int(), missing: z.number().int(), at: Millis }),
  ),
}
