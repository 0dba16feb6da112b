/** What a kind of store says of itself: its settings, and how it is opened. */
import type { SettingField } from '../../shared/domain/store.ts'
import type { StorageBackend } from './backend.ts'
import type { DurableFiles } from './durable-files.ts'

/** As the catalog keeps them: without secrets, by the names of the kind's fields. */
export type StoreSettings = Record<string, string | number | boolean>

/** What a kind wants to know of a store after a restart: where a folder's disk was mounted, what a server was found to do.
 * Kept for the store, outside of it. */
export type StoreMemory = {
  recall: () => Promise<string | null>
  remember: (text: string) => Promise<void>
  /** Some of the objects that it should hold; none where it should hold none. */
  someObjects: () => Promise<{ name: string; sizeBytes: number }[]>
}

export type StoreContext = {
  /** The user's name of the store, for failures. */
  store: string
  files: DurableFiles
  platform: string
  /** What was typed for a secret field, from the keychain. @throws keychain/… */
  secret: (field: string) => Promise<string | null>
  /** First use: the store may make what it lives in. Never true once it held an object. */
  mayCreate: boolean
  /** Null where it is only asked for its location. */
  memory: StoreMemory | null
}

export type StorageKind = {
  kind: string
  label: string
  /** One word, for lists. */
  mark: string
  /** Reached over a network: looked at when somebody asks, never to draw a list. */
  isRemote: boolean
  /** From which the form and the command line's flags are drawn. */
  fields: SettingField[]
  /** What must hold when a store is added, beyond its settings. @throws store/settings-invalid */
  checkNew: (settings: StoreSettings) => Promise<void>
  /** The command line, of a tool that many have, that writes an object to its standard output (`-`); null where an
   * object's location is a path. */
  download: ((settings: StoreSettings, location: string) => [string, ...string[]]) | null
  /** @throws store/settings-invalid */
  open: (settings: StoreSettings, context: StoreContext) => StorageBackend
}
