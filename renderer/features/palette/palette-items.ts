import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { KeyRow, KeyState } from '../../../shared/domain/key.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { JobView } from '../../../shared/job.ts'
import { kindWords, statusOf } from '../../components/job-progress/job-words.ts'
import type { Format } from '../../lib/use-format.ts'
import type { WindowRequest } from '../../lib/window-requests.ts'
import { matchesQuery } from './match.ts'

export type PaletteIcon =
  'file' | 'folder' | 'key' | 'lock' | 'verify' | 'go' | 'import' | 'open' | 'store' | 'delete' | 'recent'

/** What choosing a row does: go somewhere, ask the window for something, or call main. */
export type PaletteRun =
  { go: string } | { ask: WindowRequest } | { verify: { storeId: StoreInfo['storeId'] } }

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
const verbs = ['copy', 'move', 'delete'] as const

/** What is left to search artifacts by. */
export function withoutVerb(query: string): string {
  const [first = '', ...rest] = query.trim().split(/\s+/)
  const isVerb = verbs.some((verb) => verb === first.toLowerCase())
  return isVerb && rest.length > 0 ? rest.join(' ') : query
}

/** What can be done with the ciphertext of an artifact, for who types a verb before its name. */
function ciphertextItems(row: ArtifactRow): PaletteItem[] {
  const name = row.name.split('/').at(-1) ?? row.name
  const items = [{ artifactId: row.artifactId, storeId: row.storeId }]
  const asks: [verb: (typeof verbs)[number], title: string, ask: WindowRequest][] = [
    ['copy', `Copy ${name} to a store…`, { ask: 'copy', items, move: false }],
    ['move', `Move ${name} to a store…`, { ask: 'copy', items, move: true }],
    ['delete', `Delete the ciphertext of ${name}…`, { ask: 'delete-ciphertext', items }],
  ]
  return asks
    .filter(([verb]) => row.status !== 'deleted' && (verb === 'copy' || row.ownership === 'owner'))
    .map(([verb, title, ask]) => ({
      id: `${verb} ${row.artifactId}`,
      icon: verb === 'delete' ? 'delete' : 'store',
      title,
      sub: placeOf(row),
      run: { ask },
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
export function actionItems(stores: StoreInfo[], format: Format): PaletteItem[] {
  const asks: [id: string, icon: PaletteIcon, title: string, ask: WindowRequest][] = [
    ['encrypt-files', 'lock', 'Encrypt files…', { ask: 'choose-to-encrypt', what: 'files' }],
    ['encrypt-folder', 'lock', 'Encrypt a folder…', { ask: 'choose-to-encrypt', what: 'folder' }],
    ['open-age', 'open', 'Open an age file…', { ask: 'open-age-file', source: null, name: '' }],
    ['import', 'import', 'Import an identity…', { ask: 'import-identity', source: null }],
    ['help', 'go', 'Keyboard', { ask: 'keyboard-help' }],
  ]
  return [
    ...asks.map(([id, icon, title, ask]): PaletteItem => ({ id, icon, title, sub: '', run: { ask } })),
    ...stores
      .filter(({ artifacts }) => artifacts > 0)
      .map((store): PaletteItem => ({
        id: `verify ${store.storeId}`,
        icon: 'verify',
        title: `Verify ${store.name}`,
        sub: format.counted(store.artifacts, 'artifact'),
        run: { verify: { storeId: store.storeId } },
      })),
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
  const onArtifacts = withoutVerb(query) === query ? [] : found.artifacts.flatMap(ciphertextItems)
  const actions = matching([...onArtifacts, ...actionItems(found.stores, format)]).slice(
    0,
    isAsked ? most.actions : 8,
  )
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
