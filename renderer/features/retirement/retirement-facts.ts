/** What the wizard counts of an impact. Pure. */
import type { KeyCopy } from '../../../shared/domain/key.ts'
import type { RetirementImpact } from '../../../shared/domain/retirement.ts'

export const liveKeys = ({ keys }: RetirementImpact): RetirementImpact['keys'] =>
  keys.filter(({ key }) => key.state !== 'destroyed')

export const versionCount = ({ artifacts }: RetirementImpact): number =>
  artifacts.reduce((sum, { versions }) => sum + versions.length, 0)

export const ciphertextBytes = ({ artifacts }: RetirementImpact): number =>
  artifacts.reduce(
    (sum, { versions }) => sum + versions.reduce((bytes, each) => bytes + each.ciphertextBytes, 0),
    0,
  )

export type UnreachedCopy = { copy: KeyCopy; keys: string[] }

/** Each place outside the keychain once, with the keys that it may hold. */
export function unreachedCopies({ keys, artifacts }: RetirementImpact): UnreachedCopy[] {
  const places = new Map<string, UnreachedCopy>()
  for (const { key, copies } of keys)
    for (const copy of copies) {
      if (copy.place === 'keychain' || copy.state === 'destroyed') continue
      const id = `${copy.place} ${copy.where}`
      const known = places.get(id) ?? { copy, keys: [] }
      known.keys.push(artifacts.length === 1 ? `key ${key.number}` : key.alias)
      places.set(id, known)
    }
  return [...places.values()]
}

/** Of every store: its objects, and the object versions that it keeps of them. */
export function objectCounts({ stores }: RetirementImpact): {
  objects: number
  objectVersions: number
  bytes: number
  isWhole: boolean
} {
  const sum = (of: (store: RetirementImpact['stores'][number]) => number) =>
    stores.reduce((total, store) => total + of(store), 0)
  return {
    objects: sum(({ objects }) => objects),
    objectVersions: sum(({ objectVersions }) => objectVersions ?? 0),
    bytes: sum(({ bytes, objectVersionBytes }) => bytes + objectVersionBytes),
    isWhole: stores.every(({ objectVersions }) => objectVersions !== null),
  }
}

/** What stands in the way of any of it, before it is asked for. */
export const lostElsewhere = ({ shared }: RetirementImpact): RetirementImpact['shared'] =>
  shared.filter(({ staysOpen }) => !staysOpen)
