/** Artifacts as the terminal shows them. */
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import { formatBytes, formatCounted, formatDate, formatDateTime } from '../../shared/format.ts'
import { nameFor, table } from './table.ts'

type Locale = string | undefined
type ForeignEntry = Extract<StoreEntry, { type: 'foreign' }>

/** `active`, `scheduled, destroys Dec 1, 2026`, `destroyed here, 2 copies elsewhere`.
 * @param destroyAt when its destruction is scheduled */
export function keyWords(
  { keyState, copiesElsewhere }: Pick<ArtifactRow, 'keyState' | 'copiesElsewhere'>,
  destroyAt: number | null = null,
  locale?: string,
): string {
  if (keyState === 'destroyed' && copiesElsewhere > 0)
    return `destroyed here, ${formatCounted(copiesElsewhere, 'copy')} elsewhere`
  if (destroyAt === null || keyState === 'destroyed') return keyState
  const state = keyState === 'suspended' ? 'scheduled' : keyState
  return `${state}, destroys ${formatDate(destroyAt, locale)}`
}

/** A name that several have is told apart by the id. */
function noteOn(
  { status, artifactId, name, ownership, isTainted }: ArtifactRow,
  ambiguous: ReadonlySet<string>,
): string {
  const id = ambiguous.has(name) ? [artifactId] : []
  const reader = ownership === 'reader' ? ['read only'] : []
  const tainted = isTainted && status !== 'erased' ? ['tainted'] : []
  return [...(status === 'stored' ? [] : [status]), ...tainted, ...reader, ...id].join(', ')
}

function namesOfSeveral(artifacts: readonly ArtifactRow[]): Set<string> {
  const holder = new Map<string, string>()
  const several = new Set<string>()
  for (const { name, artifactId } of artifacts)
    if ((holder.get(name) ?? artifactId) === artifactId) holder.set(name, artifactId)
    else several.add(name)
  return several
}

const columns = [
  { title: 'Name' },
  { title: 'Version' },
  { title: 'Size', align: 'right' },
  { title: 'Encrypted' },
  { title: 'Key' },
  { title: 'Store' },
  { title: 'Note' },
] as const

/** @param others objects that Weightlock did not write */
export function artifactTable(
  artifacts: readonly ArtifactRow[],
  others: readonly ForeignEntry[],
  locale: Locale,
  isTerminal = false,
): string[] {
  const ambiguous = namesOfSeveral(artifacts)
  return table(columns, [
    ...artifacts.map((row) => [
      nameFor(row.name, isTerminal),
      `v${row.version}`,
      formatBytes(row.plaintextBytes, locale),
      formatDateTime(row.encryptedAt, locale),
      keyWords(row, row.keyDestroyAt, locale),
      row.store,
      noteOn(row, ambiguous),
    ]),
    ...others.map((row) => [
      nameFor(row.objectName, isTerminal),
      '',
      formatBytes(row.sizeBytes, locale),
      formatDateTime(row.modifiedAt, locale),
      '—',
      '',
      row.isAgeFile ? 'age file, not known here' : 'not Weightlock’s',
    ]),
  ])
}

/** `13 artifacts · 19.75 GB`. */
export const artifactSum = (artifacts: readonly ArtifactRow[], locale: Locale): string =>
  `${formatCounted(artifacts.length, 'artifact', locale)} · ${formatBytes(
    artifacts.reduce((sum, row) => sum + row.plaintextBytes, 0),
    locale,
  )}`

/** Artifacts of one name, told apart. */
export const whichTable = (artifacts: readonly ArtifactRow[], locale: Locale): string[] =>
  table(
    [{ title: 'Id' }, { title: 'Version' }, { title: 'Encrypted' }, { title: 'Store' }, { title: 'Object' }],
    artifacts.map((row) => [
      row.artifactId,
      `v${row.version}`,
      formatDateTime(row.encryptedAt, locale),
      row.store,
      row.objectName,
    ]),
  )

/** What was just written, and where other tools find it. */
export const storedTable = (artifacts: readonly ArtifactRow[], locale: Locale): string[] =>
  table(
    [{ title: 'Name' }, { title: 'Version' }, { title: 'Size', align: 'right' }, { title: 'Location' }],
    artifacts.map((row) => [
      row.name,
      `v${row.version}`,
      formatBytes(row.plaintextBytes, locale),
      row.location,
    ]),
  )
