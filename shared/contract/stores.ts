import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { Millis } from '../domain/quantities.ts'
import { SettingField, StoreInfo, StoreSettings, StoreTest } from '../domain/store.ts'
import { StoreUpload, StoreUploads } from '../domain/store-upload.ts'
import { StoreId } from '../ids.ts'
import { FailureValue } from '../job.ts'
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
  /** Uploads in parts that nobody completed. */
  'stores:uploads': call('both', z.object({ storeId: StoreId }), StoreUploads),
  /** Aborts them: what they hold is gone, and no longer billed. */
  'stores:abort-uploads': call(
    'both',
    z.object({
      storeId: StoreId,
      /** Null: all of ours whose job is over. */
      uploadIds: z.array(z.string().max(64)).max(10_000).nullable(),
      /** The user's word that one which this journal does not have may go as well. */
      ofOthers: z.boolean(),
    }),
    z.object({
      aborted: z.array(StoreUpload),
      kept: z.array(z.object({ uploadId: z.string(), failure: FailureValue })),
    }),
  ),
  /** Looks again at what a store holds: foreign objects, missing ones. */
  'stores:scan': call(
    'both',
    z.object({ storeId: StoreId.nullable() }),
    z.object({ objects: z.number().int(), foreign: z.number().int(), missing: z.number().int(), at: Millis }),
  ),
}
