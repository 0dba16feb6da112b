/** What one feature asks the window to show, without importing the feature that shows it. */
import type { AgeFileRef } from '../../shared/contract/decrypt.ts'
import type { ArtifactId, KeyId, PathToken, StoreId } from '../../shared/ids.ts'

export type NamedSource = {
  token: PathToken
  name: string
  /** For eyes only, where whoever named it knows it. */
  path?: string | undefined
}

/** An artifact, and the store whose copy of it is meant. */
export type ArtifactInStore = { artifactId: ArtifactId; storeId: StoreId }

export type WindowRequest =
  /** Choose files or a folder, then the encrypt sheet. */
  | { ask: 'choose-to-encrypt'; what: 'files' | 'folder' }
  /** The encrypt sheet for what is already known. */
  | { ask: 'encrypt'; sources: NamedSource[] }
  /** *Decrypt to…* for stored artifacts. */
  | { ask: 'decrypt'; artifactIds: ArtifactId[]; version: number | null }
  /** Ciphertext to another store, or out of one. */
  | { ask: 'copy'; items: ArtifactInStore[]; move: boolean }
  | { ask: 'delete-ciphertext'; items: ArtifactInStore[] }
  /** Open any age file; `source` null asks for it first. */
  | { ask: 'open-age-file'; source: AgeFileRef | null; name: string }
  | { ask: 'import-identity'; source: NamedSource | null }
  /** A recovery kit of these keys alone. */
  | { ask: 'make-kit'; keyIds: KeyId[] }
  | { ask: 'palette' }
  | { ask: 'keyboard-help' }

let current: WindowRequest | null = null
const listeners = new Set<() => void>()
const set = (next: WindowRequest | null): void => {
  current = next
  for (const listener of listeners) listener()
}

/** Shows it in place of whatever the window was asked before. */
export const askWindow = (request: WindowRequest): void => set(request)
export const endRequest = (): void => set(null)

export const windowRequests = {
  get: (): WindowRequest | null => current,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
