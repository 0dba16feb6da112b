/** Where in the stores the user is: kept in the address, so that back, forward and links work.
 * `#/artifacts` · `#/artifacts/in/<storeId>/<folder…>` · `#/artifacts/show/<artifactId>` */
import { ArtifactId, StoreId } from '../../shared/ids.ts'

/** `storeId` null: not decided yet, the store used last; `all`: every store at once. */
export type Place = { storeId: StoreId | 'all' | null; folder: string }

let last: Place = { storeId: null, folder: '' }

export const placePath = ({ storeId, folder }: Place): string =>
  storeId === null
    ? '/artifacts'
    : `/artifacts/in/${storeId}${folder === '' ? '' : `/${folder.split('/').map(encodeURIComponent).join('/')}`}`

/** @returns null for an address that is no place */
export function placeOf(path: string): Place | null {
  if (path === '/' || path === '/artifacts') return { storeId: null, folder: '' }
  const [, store, parts = ''] = /^\/artifacts\/in\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
  const folder = parts.split('/').map(decodeOr).filter(Boolean).join('/')
  if (store === 'all') return { storeId: 'all', folder }
  const storeId = StoreId.safeParse(store)
  return storeId.success ? { storeId: storeId.data, folder } : null
}

/** The artifact that an address asks to show, or null. */
export function shownArtifact(path: string): ArtifactId | null {
  const [, id] = /^\/artifacts\/show\/([^/]+)$/.exec(path) ?? []
  const artifactId = ArtifactId.safeParse(id)
  return artifactId.success ? artifactId.data : null
}

const decodeOr = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The place seen last: where a drop on another screen goes. */
export const lastPlace = (): Place => last
export const rememberPlace = (place: Place): void => {
  last = place
}
