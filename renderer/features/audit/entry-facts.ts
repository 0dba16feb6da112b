import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { KeyState } from '../../../shared/domain/key.ts'

/** One line of an expanded entry, and how it is written. */
export type Fact =
  | { label: string; kind: 'change'; from: KeyState; to: KeyState }
  | { label: string; kind: 'text'; text: string }
  /** An id or hash: mono, shortened, copied whole. */
  | { label: string; kind: 'id'; text: string }

const shownElsewhere = new Set(['from', 'to', 'change'])

const labels: Record<string, string> = {
  readBack: 'Read back',
  sizeBytes: 'Size',
  keyId: 'Key',
  artifactId: 'Artifact',
  jobId: 'Job',
  storeId: 'Store',
}

/** `ciphertextBytes` → `Ciphertext bytes`; the names of facts are the program's own, in camel case or kebab-case. */
export function labelOfFact(name: string): string {
  const known = labels[name]
  if (known !== undefined) return known
  const words = name
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const isLongId = (text: string) => /^[0-9a-f]{32,}$/.test(text) || /^[a-z2-7]{26}$/.test(text)

function factOf(name: string, value: string | number | boolean): Fact {
  const label = labelOfFact(name)
  if (typeof value === 'boolean') return { label, kind: 'text', text: value ? 'yes' : 'no' }
  if (typeof value === 'number') return { label, kind: 'text', text: value.toLocaleString('en') }
  return isLongId(value) ? { label, kind: 'id', text: value } : { label, kind: 'text', text: value }
}

/** What happened: the state change first, then the facts in the order in which they were written. */
export function eventFacts(entry: AuditEntry): Fact[] {
  const from = KeyState.safeParse(entry.facts['from'])
  const to = KeyState.safeParse(entry.facts['to'])
  const change: Fact[] =
    from.success && to.success ? [{ label: 'Change', kind: 'change', from: from.data, to: to.data }] : []
  const rest = Object.entries(entry.facts).flatMap(([name, value]): Fact[] => {
    if (value === null || value === '' || (change.length > 0 && shownElsewhere.has(name))) return []
    return [factOf(name, value)]
  })
  return [...change, ...rest]
}

/** What it is part of: ids, hashes and where it was made.
 * @param signedEntries entries that the signed head vouches for, or null when it could not be read */
export function chainFacts(entry: AuditEntry, signedEntries: number | null): Fact[] {
  const id = (label: string, text: string | null): Fact[] =>
    text === null ? [] : [{ label, kind: 'id', text }]
  return [
    ...id('Key', entry.keyId),
    ...id('Artifact', entry.artifactId),
    ...id('Job', entry.jobId),
    ...id('This entry', entry.hash),
    ...id('One before', entry.previousHash),
    ...(signedEntries !== null && entry.sequence <= signedEntries
      ? [
          {
            label: 'Signed head',
            kind: 'text',
            text: `entry ${signedEntries.toLocaleString('en')}, Ed25519`,
          } as const,
        ]
      : []),
    { label: 'Made in', kind: 'text', text: entry.via },
  ]
}

/** `m3ya q7xw … 2h5d`: enough to compare by eye; what is copied is the whole. */
export const shortId = (text: string): string =>
  text.length <= 16 ? text : `${text.slice(0, 4)} ${text.slice(4, 8)} … ${text.slice(-4)}`
