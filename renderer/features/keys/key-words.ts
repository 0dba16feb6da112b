import type { KeyCopy, KeyRow } from '../../../shared/domain/key.ts'
import { formatCounted } from '../../../shared/format.ts'
import { keyPlaces } from '../../../shared/key-places.ts'

const dayMs = 86_400_000

/** Whole days in use, until today or until it was last active; null for a key that never was. */
export function daysInUse(key: KeyRow, nowMs: number): number | null {
  if (key.activatedAt === null) return null
  const until = key.inactiveAt ?? (key.state === 'active' ? nowMs : null)
  return until === null ? null : Math.max(0, Math.floor((until - key.activatedAt) / dayMs))
}

const shownPlaces = 2
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

/** Where copies of a key are, as the table's last column says it. */
export function copiesText(key: KeyRow): string {
  if (key.state === 'destroyed')
    return key.copiesElsewhere > 0 ? `${key.copiesElsewhere} elsewhere` : 'None known'
  const places = key.places.map((place) => keyPlaces[place].short)
  const [first = 'None known', ...rest] = places.map((place, n) => (n === 0 ? capital(place) : place))
  if (rest.length < shownPlaces) return [first, ...rest].join(', ')
  return `${first} +${rest.length}`
}

/** Copies that Weightlock can destroy and read back are in the keychain; all others it can only name. */
export const isOutOfReach = (copy: KeyCopy): boolean =>
  copy.place !== 'keychain' && (copy.state === 'out-of-reach' || copy.state === 'present')

/** Copies that still open something: not yet destroyed and not found gone. */
export const isAlive = (copy: KeyCopy): boolean => copy.state === 'present' || copy.state === 'out-of-reach'

/** `v3`, `v1, v2`, `fraud.pkl v1` where a key opens versions of several artifacts. */
export function versionsText(items: { name: string; version: number }[]): string {
  const names = new Set(items.map(({ name }) => name))
  const sorted = items.toSorted((a, b) => a.name.localeCompare(b.name) || a.version - b.version)
  return sorted
    .map(({ name, version }) => (names.size > 1 ? `${name} v${version}` : `v${version}`))
    .join(', ')
}

/** `1 copy`, `3 copies`. */
export const copiesCount = (count: number): string => formatCounted(count, 'copy')
/** `1 version`, `3 versions`. */
export const versionsCount = (count: number): string => formatCounted(count, 'version')
/** `1 key`, `14 keys`. */
export const keysCount = (count: number): string => formatCounted(count, 'key')

/** Keys in use, and those that are trusted no more; for others the plan would refuse them. */
export const mayRotate = ({ state, destroyAt, isMissing, artifactId }: KeyRow): boolean =>
  (state === 'active' || state === 'compromised') && destroyAt === null && !isMissing && artifactId !== null

/** What a recovery kit can hold: what is in the keychain. */
export const mayPutInKit = ({ state, isMissing }: KeyRow): boolean =>
  state !== 'destroyed' && state !== 'pre-activation' && !isMissing

/** One that is gone from the keychain encrypts nothing anyhow. */
export const maySuspend = ({ state, isMissing }: KeyRow): boolean => state === 'active' && !isMissing

export const mayResume = ({ state, destroyAt, isMissing }: KeyRow): boolean =>
  state === 'suspended' && destroyAt === null && !isMissing

/** A leak of a destroyed key taints what it once wrapped. */
export const mayReport = ({ compromisedAt }: KeyRow): boolean => compromisedAt === null

export const compromisePath = (keys: readonly KeyRow[]): string =>
  `/keys/compromise/${keys.map(({ keyId }) => keyId).join(',')}`

/** The guided rotation of these keys. */
export const rotatePath = (keys: readonly KeyRow[]): string =>
  `/keys/rotate/${keys.map(({ keyId }) => keyId).join(',')}`
