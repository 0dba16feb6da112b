/** Where in the stores the user is: kept in the address, so that back, forward and links work.
 * `#/artifacts` · `#/artifacts/in/<storeId>/<folder…>` · `#/artifacts/show/<artifactId>` */
import { StoreId } from '../../shared/ids.ts'

export type Place = { storeId: StoreId | null; folder: string }

let last: Place = { storeId: null, folder: '' }

export const placePath = ({ storeId, folder }: Place): string =>
  storeId === null
    ? '/artifacts'
    : `/artifacts/in/${storeId}${folder === '' ? '' : `/${folder.split('/').map(encodeURIComponent).join('/')}`}`

/** @returns null for an address that is no place */
export function placeOf(path: string): Place | null {
  if (path === '/' || path === '/artifacts') return { storeId: null, folder: '' }
  const [, store, folder = ''] = /^\/artifacts\/in\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
  const storeId = StoreId.safeParse(store)
  if (!storeId.success) return null
  return { storeId: storeId.data, folder: folder.split('/').map(decodeOr).filter(Boolean).join('/') }
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
