/** What a certificate does not prove: each place that nobody here can look into, by name. As prominent as what was
 * checked (cryptography.md, section 7). */
import type { CertificateStatement } from '../../shared/domain/certificate.ts'
import type { KeyCopy } from '../../shared/domain/key.ts'
import { formatCounted } from '../../shared/format.ts'
import type { CertificateFacts, CertifiedKey } from './certificate.ts'

type Line = CertificateStatement['notProved'][number]

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** @returns one line for each place or fact, never none: backups and the original are always among them */
export const notProved = (facts: CertificateFacts): Line[] => [
  ...copies(facts.keys),
  ...secretsNeverSeen(facts.keys),
  ...versionsNotTried(facts),
  ...ciphertextLeft(facts),
  ...otherNames(facts),
  {
    what: 'Backups, roaming profiles',
    detail: '',
    why: 'Copies of the keychain or of this system that other programs made cannot be seen from here.',
  },
  originals(facts),
]

const names = (keys: readonly string[]): string =>
  keys.length < 2 ? (keys[0] ?? '') : `${keys.slice(0, -1).join(', ')} and ${keys.at(-1)}`

const placeWords: Record<Exclude<KeyCopy['place'], 'keychain'>, string> = {
  export: 'Export',
  import: 'Imported file',
  kit: 'Recovery kit',
}

/** Each known place outside the keychain once, with the keys that it holds. */
function copies(keys: readonly CertifiedKey[]): Line[] {
  const places = new Map<string, { copy: KeyCopy; at: number; keys: string[] }>()
  for (const { name, copies: known } of keys)
    for (const copy of known) {
      if (copy.place === 'keychain') continue
      const id = `${copy.place} ${copy.where}`
      const place = places.get(id) ?? { copy, at: copy.at, keys: [] }
      place.keys.push(name)
      places.set(id, place)
    }
  return [...places.values()].map(({ copy, at, keys: held }) => ({
    what: `${copy.place === 'keychain' ? '' : placeWords[copy.place]} of ${day(at)}`,
    detail: copy.where,
    why: `Holds ${names(held)}. ${reach(copy)}`,
  }))
}

const reach = ({ state, at }: KeyCopy): string => {
  if (state === 'destroyed') return `Said to be destroyed on ${day(at)}; not looked at by this program.`
  if (state === 'found-missing')
    return `Not found when it was last looked for, on ${day(at)}; where it went is not known.`
  return 'Out of reach.'
}

const secretsNeverSeen = (keys: readonly CertifiedKey[]): Line[] =>
  keys
    .filter(({ end }) => end.how === 'found-missing')
    .map(({ name }) => ({
      what: `Secret of ${name}`,
      detail: '',
      why: 'It was missing from the keychain before anything was deleted. Where it went, and whether a copy is left, is not known.',
    }))

const versionsNotTried = ({ versions }: CertificateFacts): Line[] =>
  versions.flatMap(({ version, objectsTried, notTried }) => [
    ...notTried.map(({ objectName, why }) => ({
      what: `Opening of version ${version}`,
      detail: objectName,
      why: `Could not be tried: ${why}.`,
    })),
    ...(objectsTried === 0 && notTried.length === 0
      ? [
          {
            what: `Opening of version ${version}`,
            detail: '',
            why: 'Could not be tried: no ciphertext of it is known.',
          },
        ]
      : []),
  ])

/** It was to go and stayed: whoever finds a key still has what it opens. */
const ciphertextLeft = ({ versions }: CertificateFacts): Line[] =>
  versions.flatMap(({ version, objects }) =>
    objects
      .filter(({ outcome }) => outcome === 'not-deleted')
      .map(({ store, location }) => ({
        what: `Deletion of version ${version}`,
        detail: location,
        why: `It was to be deleted from ${store} and could not be, or not with all its object versions.`,
      })),
  )

const otherNames = (facts: CertificateFacts): Line[] =>
  facts.otherNames.map(({ version, location, names: count, at }) => ({
    what: `${formatCounted(count, 'other name', 'en')} of version ${version}`,
    detail: location,
    why: `On ${day(at)} this file was replaced by a rotation. It had further names (hard links), which keep what it was before; where they are is not known, and they were not looked at.`,
  }))

function originals({ versions, decryptions }: CertificateFacts): Line {
  const days = [...new Set(versions.map(({ encryptedAt }) => day(encryptedAt)))].toSorted()
  const files = versions.length === 1 ? 'file' : 'files'
  const since =
    decryptions.count === 0 || decryptions.lastAt === null
      ? 'and any decrypted since.'
      : `and what was decrypted since: here ${formatCounted(decryptions.count, 'time', 'en')}, last on ${day(decryptions.lastAt)}.`
  return { what: 'The original model', detail: '', why: `The ${files} encrypted on ${names(days)}, ${since}` }
}
