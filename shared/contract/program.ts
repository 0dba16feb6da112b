import { z } from 'zod'
import { KeychainStatus, Millis, PathRef, SettingField, SizeBytes, StoreInfo, StoreTest } from '../domain.ts'
import { InstallationId, JobId, PathToken, StoreId } from '../ids.ts'
import { Settings } from '../settings.ts'
import { call } from './call.ts'

const SettingValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

export const ProgramStatus = z.object({
  version: z.string(),
  host: z.enum(['electron', 'chromium', 'headless']),
  platform: z.string(),
  locale: z.string(),
  dataFolder: z.string(),
  installationId: InstallationId,
  /** `mine`; `unknown-machine`: this folder was moved or copied here and must say which. */
  dataFolderIs: z.enum(['mine', 'unknown-machine']),
  nativeDialogs: z.boolean(),
  keychain: KeychainStatus,
  counts: z.object({ artifacts: z.number().int(), keys: z.number().int(), openJobs: z.number().int() }),
  checklist: z.object({ encrypted: z.boolean(), opened: z.boolean(), dismissed: z.boolean() }),
  sample: z.object({ name: z.string(), sizeBytes: SizeBytes }).nullable(),
  settings: Settings,
})
export type ProgramStatus = z.infer<typeof ProgramStatus>

/** A folder's entries for the in-app picker, where the host has no dialogs of its own. */
export const BrowsedFolder = z.object({
  token: PathToken,
  path: z.string(),
  parent: PathToken.nullable(),
  entries: z.array(
    z.object({ token: PathToken, name: z.string(), isFolder: z.boolean(), sizeBytes: SizeBytes.nullable() }),
  ),
  truncated: z.boolean(),
})
export type BrowsedFolder = z.infer<typeof BrowsedFolder>

export const programContract = {
  'program:status': call('both', z.object({}), ProgramStatus),
  'program:set': call('both', Settings.partial(), Settings),
  /** Writes, reads back and deletes a throw-away item. */
  'keychain:test': call('both', z.object({}), KeychainStatus),
  /** Makes a new canary in a keychain that works and has none. */
  'keychain:accept-new': call('both', z.object({}), KeychainStatus),
  'program:diagnose': call(
    'both',
    z.object({}),
    z.object({
      checks: z.array(
        z.object({ name: z.string(), state: z.enum(['ok', 'warn', 'failed']), detail: z.string() }),
      ),
    }),
  ),
  'program:claim-data-folder': call('both', z.object({ as: z.enum(['moved', 'copied']) }), z.object({})),
  'program:copy-text': call('window', z.object({ text: z.string().max(65_536) }), z.object({})),
  'program:quit': call(
    'window',
    z.object({ evenWithJobs: z.boolean() }),
    z.object({ openJobs: z.number().int() }),
  ),
  'files:choose': call(
    'window',
    z.object({ what: z.enum(['files', 'folder', 'age-file', 'identity']) }),
    z.object({ chosen: z.array(z.object({ token: PathToken, name: z.string() })) }),
  ),
  'files:choose-target': call(
    'window',
    z.object({ suggestedName: z.string().max(1024), what: z.enum(['file', 'folder']) }),
    z.object({ chosen: z.object({ token: PathToken, path: z.string() }).nullable() }),
  ),
  /** `at: null` is the home folder. */
  'files:browse': call('window', z.object({ at: PathToken.nullable(), files: z.boolean() }), BrowsedFolder),
  /** A path for a name that the user typed, inside a folder that was browsed. */
  'files:name-in': call(
    'window',
    z.object({ folder: PathToken, name: z.string().min(1).max(255) }),
    z.object({ token: PathToken, path: z.string(), exists: z.boolean() }),
  ),
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
      settings: SettingValues,
      /** The folder of a local store, chosen in the window or named in the terminal. */
      folder: PathRef.nullable(),
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
  'catalog:rebuild': call('both', z.object({ becomeOwner: z.boolean() }), z.object({ jobId: JobId })),
}
