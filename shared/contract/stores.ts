import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { Millis } from '../domain/quantities.ts'
import { SettingField, StoreInfo, StoreSettings, StoreTest } from '../domain/store.ts'
import { StoreUpload, StoreUploads } from '../domain/store-upload.ts'
import { StoreId } from '../ids.ts'
import { FailureValue } from '../domain/failure-value.ts'
import { call } from './call.ts'

/** Of the kind's fields that are folders and files: chosen in the window or named in the terminal; null
 * takes one away. */
const paths = z.record(z.string(), PathRef.nullable())
/** Of the kind's fields that are secrets: kept in the keychain. */
const secrets = z.record(z.string(), TypedSecret)

export const storesContract = {
  'stores:kinds': call(
    'both',
    z.object({}),
    z.object({
      kinds: z.array(
        z.object({
          kind: z.string(),
          label: z.string(),
          mark: z.string().optional(),
          isRemote: z.boolean().optional(),
          fields: z.array(SettingField),
        }),
      ),
    }),
  ),
  'stores:list': call('both', z.object({}), z.object({ stores: z.array(StoreInfo) })),
  'stores:add': call(
    'both',
    z.object({
      name: z.string().min(1).max(100),
      kind: z.string(),
      settings: StoreSettings,
      paths,
      secrets,
    }),
    StoreInfo,
  ),
  /** Changes what was set, and nothing that is not named. An empty text takes a setting away; what the new choices no
   * longer ask for goes too, secrets with it. */
  'stores:set': call(
    'both',
    z.object({
      storeId: StoreId,
      name: z.string().min(1).max(100).optional(),
      settings: StoreSettings,
      paths,
      secrets,
    }),
    StoreInfo,
  ),
  'stores:remove': call('both', z.object({ storeId: StoreId }), z.object({})),
  'stores:make-default': call('both', z.object({ storeId: StoreId }), z.object({})),
  'stores:test': call('both', z.object({ storeId: StoreId }), StoreTest),
  /** Tests settings that are not kept yet: those of a new store, or changes of one that is there. */
  'stores:try': call(
    'both',
    z.object({
      kind: z.string(),
      storeId: StoreId.nullable(),
      name: z.string().max(100),
      settings: StoreSettings,
      paths,
      secrets,
    }),
    StoreTest,
  ),
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
