/** What the encrypt sheet is about to ask for. Pure: what main proposes, what the user changed, what comes of both. */
import type { EncryptItem, EncryptProposal } from '../../../shared/contract/encrypt.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { NamedSource } from '../../lib/window-requests.ts'

/** What the user changed of one item; the rest is as proposed. */
export type Edit = {
  name?: string
  separate?: boolean
  leaveOutHidden?: boolean
  /** Encrypt a file that is already encrypted, or an identity. */
  anyway?: boolean
}

/** One line of the sheet. */
export type Item = {
  /** Its sources, which stay the same whatever else changes. */
  id: string
  proposal: EncryptProposal
  name: string
  separate: boolean
  leaveOutHidden: boolean
  anyway: boolean
  /** Why it is not encrypted, from the inspection or from the start. */
  refusal: Failure | null
}

export const itemId = (proposal: EncryptProposal): string => proposal.sources.join(' ')

export const itemsOf = (
  proposals: EncryptProposal[],
  edits: ReadonlyMap<string, Edit>,
  refusals: ReadonlyMap<string, Failure>,
): Item[] =>
  proposals.map((proposal) => {
    const id = itemId(proposal)
    const edit = edits.get(id) ?? {}
    return {
      id,
      proposal,
      name: edit.name ?? proposal.name,
      separate: edit.separate ?? false,
      leaveOutHidden: edit.leaveOutHidden ?? true,
      anyway: edit.anyway ?? false,
      refusal: proposal.refusal ?? refusals.get(id) ?? null,
    }
  })

const isNamed = (item: Item): boolean => item.name.trim() !== ''

/** It is part of what the button does. */
export const isEncrypted = (item: Item): boolean =>
  item.refusal === null && isNamed(item) && (item.proposal.offer === 'encrypt' || item.anyway)

/** It gets a key of its own: it becomes no version of something that is there. */
export const needsKey = (item: Item): boolean =>
  isEncrypted(item) && (item.proposal.existing === null || item.separate || item.name !== item.proposal.name)

/** @param folder of the store, '' or without a slash at its end */
export const requestItem = (item: Item, sources: NamedSource[], folder: string): EncryptItem => ({
  sources: item.proposal.sources.flatMap((index) => {
    const source = sources[index]
    return source === undefined ? [] : [{ token: source.token }]
  }),
  name: [folder, item.name.trim()].filter(Boolean).join('/'),
  separate: item.separate,
  leaveOutHidden: item.leaveOutHidden && item.proposal.hidden.length > 0,
})

/** A folder as typed, without empty parts. */
export const cleanFolder = (typed: string): string =>
  typed
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean)
    .join('/')

/** The name of the object that a name becomes, `model.v2.pkl.age`: what main will choose while it is free.
 * @see data.md, "Names and ids" */
export function objectNameOf(name: string, isArchive: boolean, version: number): string {
  const [, stem = name, ending = ''] = isArchive
    ? [name, name, '.tar']
    : (/^(.+?)(\.[^./]*)?$/.exec(name) ?? [])
  return `${stem}${version > 1 ? `.v${version}` : ''}${ending}.age`
}

/** How main names it while nothing is edited; null where only main can know. */
export function objectNameShown(item: Item, isOpaque: boolean): string | null {
  if (isOpaque) return null
  const { proposal } = item
  if (item.name === proposal.name) {
    const separate = item.separate ? proposal.existing?.separateObjectName : undefined
    const objectName = separate ?? proposal.objectName
    return objectName.slice(objectName.lastIndexOf('/') + 1)
  }
  return objectNameOf(item.name.trim(), proposal.isFolder || proposal.shards !== null, 1)
}

/** Which sources are inspected together: shards that were split come one by one. */
export type Grouping = { sources: number[]; groupShards: boolean }

export function groupings(count: number, splits: number[][]): Grouping[] {
  const split = new Set(splits.flat())
  const together = Array.from({ length: count }, (_, n) => n).filter((n) => !split.has(n))
  return [
    ...(together.length > 0 ? [{ sources: together, groupShards: true }] : []),
    ...splits.map((sources) => ({ sources, groupShards: false })),
  ]
}

/** Answers of several inspections as one list, each index again that of the whole drop, in its order. */
export const merged = (parts: { grouping: Grouping; proposals: EncryptProposal[] }[]): EncryptProposal[] =>
  parts
    .flatMap(({ grouping, proposals }) =>
      proposals.map((proposal) => ({
        ...proposal,
        sources: proposal.sources.flatMap((index) => grouping.sources[index] ?? []),
      })),
    )
    .toSorted((a, b) => (a.sources[0] ?? 0) - (b.sources[0] ?? 0))
