import type { ArtifactRow, VerifyLevel } from '../../../shared/domain/artifact.ts'
import type { KeyRow, KeyState } from '../../../shared/domain/key.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { JobView } from '../../../shared/job.ts'
import { kindWords, statusOf } from '../../components/job-progress/job-words.ts'
import { placePath } from '../../lib/place.ts'
import type { Format } from '../../lib/use-format.ts'
import type { WindowRequest } from '../../lib/window-requests.ts'
import { matchesQuery } from './match.ts'
import { storeActions, verifyItems } from './store-actions.ts'

export type PaletteIcon =
  'file' | 'folder' | 'key' | 'lock' | 'verify' | 'go' | 'import' | 'open' | 'store' | 'delete' | 'recent'

/** What choosing a row does: go somewhere, ask the window for something, or call main. */
export type PaletteRun =
  | { go: string }
  | { ask: WindowRequest }
  /** A store, or one artifact. */
  | {
      verify: { storeId: StoreInfo['storeId'] } | { artifactId: ArtifactRow['artifactId'] }
      level: VerifyLevel
    }
  | { lookAgain: { storeId: StoreInfo['storeId'] } }

export type PaletteItem = {
  id: string
  icon: PaletteIcon
  title: string
  /** Beside the title, in second text. */
  sub: string
  /** `sub` is something to paste. */
  isPath?: boolean
  state?: { state: KeyState; rotationDueAt: number | null; copiesElsewhere: number }
  run: PaletteRun
}

export type PaletteGroup = { title: string; items: PaletteItem[] }

const versions = (count: number): string =>
  count === 0 ? 'opens nothing' : `opens ${formatCounted(count, 'version')}`

const placeOf = ({ store, folder }: ArtifactRow): string => (folder === '' ? store : `${store}/${folder}`)

export const artifactItem = (row: ArtifactRow): PaletteItem => ({
  id: row.artifactId,
  icon: row.isFolder ? 'folder' : 'file',
  title: row.name.split('/').at(-1) ?? row.name,
  sub: placeOf(row),
  state: { state: row.keyState, rotationDueAt: row.rotationDueAt, copiesElsewhere: row.copiesElsewhere },
  run: { go: `/artifacts/show/${row.artifactId}` },
})

export const keyItem = (row: KeyRow): PaletteItem => ({
  id: row.keyId,
  icon: 'key',
  title: row.alias,
  sub: versions(row.protects),
  state: { state: row.state, rotationDueAt: row.rotationDueAt, copiesElsewhere: row.copiesElsewhere },
  run: { go: `/keys/${row.keyId}` },
})

/** Words that act on an artifact, typed before its name: `copy fraud`. */
const verbs = ['open', 'verify', 'copy', 'move', 'delete', 'rotate', 'destroy', 'export'] as const
type Verb = (typeof verbs)[number]

/** What is left to search artifacts by. */
export function withoutVerb(query: string): string {
  const [first = '', ...rest] = query.trim().split(/\s+/)
  const isVerb = verbs.some((verb) => verb === first.toLowerCase())
  return isVerb && rest.length > 0 ? rest.join(' ') : query
}

/** What can be done with an artifact, for who types a verb before its name. */
function artifactActions(row: ArtifactRow): PaletteItem[] {
  const { artifactId, storeId, keyId } = row
  const name = row.name.split('/').at(-1) ?? row.name
  const items = [{ artifactId, storeId }]
  const isThere = row.status !== 'deleted'
  const opens = row.keyState !== 'destroyed' && row.status !== 'erased'
  const isOwn = row.ownership === 'owner'
  const all: [verb: Verb, icon: PaletteIcon, title: string, can: boolean, run: PaletteRun][] = [
    [
      'open',
      'open',
      `Open ${name}…`,
      isThere && opens,
      { ask: { ask: 'decrypt', artifactIds: [artifactId], version: null } },
    ],
    ['verify', 'verify', `Verify ${name}`, isThere, { verify: { artifactId }, level: 'sample' }],
    ['copy', 'store', `Copy ${name} to a store…`, isThere, { ask: { ask: 'copy', items, move: false } }],
    [
      'move',
      'store',
      `Move ${name} to a store…`,
      isThere && isOwn,
      { ask: { ask: 'copy', items, move: true } },
    ],
    [
      'delete',
      'delete',
      `Delete the ciphertext of ${name}…`,
      isThere && isOwn,
      { ask: { ask: 'delete-ciphertext', items } },
    ],
    [
      'rotate',
      'key',
      `Rotate the key of ${name}…`,
      isThere && isOwn && (row.keyState === 'active' || row.keyState === 'compromised'),
      { go: `/keys/rotate/${keyId}` },
    ],
    ['destroy', 'delete', `Destroy the key of ${name}…`, opens, { go: `/keys/${keyId}/destroy` }],
    ['export', 'key', `Export the identity of ${name}…`, opens, { go: `/keys/${keyId}` }],
  ]
  return all
    .filter(([, , , can]) => can)
    .map(([verb, icon, title, , run]) => ({
      id: `${verb} ${artifactId}`,
      icon,
      title,
      sub: placeOf(row),
      run,
    }))
}

/** The folders in which what was found lies. */
function folderItems(rows: readonly ArtifactRow[]): PaletteItem[] {
  const folders = new Map(
    rows.filter(({ folder }) => folder !== '').map((row) => [`${row.storeId}/${row.folder}`, row]),
  )
  return [...folders.values()].map((row): PaletteItem => ({
    id: `folder ${row.storeId} ${row.folder}`,
    icon: 'folder',
    title: `Go to ${row.folder}`,
    sub: row.store,
    run: { go: placePath({ storeId: row.storeId, folder: row.folder }) },
  }))
}

/** What ended last, to get back to it. */
export const recentItem = (job: JobView, format: Format): PaletteItem => ({
  id: job.jobId,
  icon: 'recent',
  title: `${kindWords[job.kind]} ${job.title}`,
  sub: [statusOf(job).word, job.endedAt === null ? '' : format.moment(job.endedAt)]
    .filter(Boolean)
    .join(', '),
  run:
    job.kind === 'destroy-key' && job.keyId !== null
      ? { go: `/keys/${job.keyId}` }
      : job.artifactId === null
        ? { go: '/transfers' }
        : { go: `/artifacts/show/${job.artifactId}` },
})

const screens: [title: string, path: string][] = [
  ['Artifacts', '/artifacts'],
  ['Keys', '/keys'],
  ['Transfers', '/transfers'],
  ['Audit log', '/audit'],
  ['Stores', '/settings/stores'],
  ['Key policy', '/settings/key-policy'],
  ['Appearance', '/settings/appearance'],
  ['Diagnostics', '/settings/diagnostics'],
]

/** Every action of the program that needs no row to act on, and those of each store. */
export function actionItems(stores: StoreInfo[]): PaletteItem[] {
  const asks: [id: string, icon: PaletteIcon, title: string, ask: WindowRequest][] = [
    ['encrypt-files', 'lock', 'Encrypt files…', { ask: 'choose-to-encrypt', what: 'files' }],
    ['encrypt-folder', 'lock', 'Encrypt a folder…', { ask: 'choose-to-encrypt', what: 'folder' }],
    ['open-age', 'open', 'Open an age file…', { ask: 'open-age-file', source: null, name: '' }],
    ['import', 'import', 'Import an identity…', { ask: 'import-identity', source: null }],
    ['help', 'go', 'Keyboard', { ask: 'keyboard-help' }],
  ]
  return [
    ...asks.map(([id, icon, title, ask]): PaletteItem => ({ id, icon, title, sub: '', run: { ask } })),
    {
      id: 'rotate-due',
      icon: 'key',
      title: 'Rotate all keys that are due…',
      sub: '',
      run: { go: '/keys/rotate/due' },
    },
    {
      id: 'compromise',
      icon: 'key',
      title: 'Report compromise…',
      sub: 'keys that leaked',
      run: { go: '/keys/compromise' },
    },
    ...storeActions(stores),
    ...stores.flatMap((store) => verifyItems(store, ['quick', 'full'])),
    ...stores.map((store): PaletteItem => ({
      id: `store ${store.storeId}`,
      icon: 'store',
      title: `Go to ${store.name}`,
      sub: store.location,
      isPath: true,
      run: { go: `/artifacts/in/${store.storeId}` },
    })),
    ...screens.map(([title, path]): PaletteItem => ({
      id: path,
      icon: 'go',
      title: `Go to ${title}`,
      sub: '',
      run: { go: path },
    })),
  ]
}

const most = { artifacts: 5, keys: 4, actions: 5, recent: 3 } as const

type Found = { artifacts: ArtifactRow[]; keys: KeyRow[]; stores: StoreInfo[]; jobs: JobView[] }

/** The rows of the palette: with nothing typed what was done last and what can be done, else what matches. */
export function paletteGroups(query: string, found: Found, format: Format): PaletteGroup[] {
  const isAsked = query.trim() !== ''
  const matching = (items: PaletteItem[]): PaletteItem[] =>
    items.filter(({ title, sub }) => matchesQuery(query, [title, sub]))
  const recents = matching(found.jobs.map((job) => recentItem(job, format))).slice(0, most.recent)
  const onArtifacts = withoutVerb(query) === query ? [] : found.artifacts.flatMap(artifactActions)
  const actions = matching([
    ...onArtifacts,
    ...(isAsked ? folderItems(found.artifacts) : []),
    ...actionItems(found.stores),
  ]).slice(0, isAsked ? most.actions : 8)
  const isVerb = onArtifacts.length > 0
  const groups: PaletteGroup[] = isAsked
    ? [
        ...(isVerb ? [{ title: 'Actions', items: actions }] : []),
        { title: 'Artifacts', items: found.artifacts.slice(0, most.artifacts).map(artifactItem) },
        { title: 'Keys', items: found.keys.slice(0, most.keys).map(keyItem) },
        ...(isVerb ? [] : [{ title: 'Actions', items: actions }]),
        { title: 'Recent', items: recents },
      ]
    : [
        { title: 'Recent', items: recents },
        { title: 'Actions', items: actions },
      ]
  return groups.filter(({ items }) => items.length > 0)
}
