/** One line of the table, whatever it is. */
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { askWindow } from '../../lib/window-requests.ts'

export type ArtifactEntry = Extract<StoreEntry, { type: 'artifact' }>
export type ForeignEntry = Extract<StoreEntry, { type: 'foreign' }>

export const entryId = (entry: StoreEntry): string => {
  switch (entry.type) {
    case 'artifact':
      return entry.artifactId
    case 'folder':
      return `folder ${entry.folder}`
    case 'foreign':
      return `foreign ${entry.storeId} ${entry.objectName}`
  }
}

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Its name without its folder. */
export const entryName = (entry: StoreEntry): string =>
  lastPart(entry.type === 'foreign' ? entry.objectName : entry.name)

/** The key that opened it is gone everywhere that we know of. */
export const isErased = (entry: StoreEntry): boolean =>
  entry.type === 'artifact' && (entry.keyState === 'destroyed' || entry.status === 'erased')

/** Nothing of it lies in a store any more, as far as is known. */
export const isDeleted = (entry: StoreEntry): boolean =>
  entry.type === 'artifact' && entry.status === 'deleted'

/** There is nothing of it that a file manager could show. */
export const isInBucket = (entry: StoreEntry): boolean =>
  entry.type === 'artifact' && entry.location.includes('://')

/** Its owner says what leaves a store. */
export const mayLeaveStore = (entry: StoreEntry): boolean =>
  entry.type === 'artifact' && entry.ownership === 'owner' && entry.status !== 'deleted'

/** Enter, a double click or *Open…*: a folder is entered, everything else asks where its plaintext goes. */
export function openEntry(entry: StoreEntry, enterFolder: (folder: string) => void): void {
  if (entry.type === 'folder') enterFolder(entry.folder)
  else if (entry.type === 'artifact') {
    if (!isErased(entry) && !isDeleted(entry))
      askWindow({ ask: 'decrypt', artifactIds: [entry.artifactId], version: null })
  } else if (entry.isAgeFile)
    askWindow({
      ask: 'open-age-file',
      source: { storeId: entry.storeId, objectName: entry.objectName },
      name: entryName(entry),
    })
}

/** Its key may be rotated: it is in use, or not trusted any more, and this installation owns what it protects. */
export const mayRotateKey = ({ keyState, ownership, status }: ArtifactEntry): boolean =>
  (keyState === 'active' || keyState === 'compromised') &&
  ownership === 'owner' &&
  status !== 'deleted' &&
  status !== 'erased'
