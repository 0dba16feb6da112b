/** Artifacts as the terminal shows them. */
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import { formatBytes, formatCounted, formatDateTime } from '../../shared/format.ts'
import { table } from './table.ts'

type Locale = string | undefined
type ForeignEntry = Extract<StoreEntry, { type: 'foreign' }>

/** `active`, `destroyed here, 2 copies elsewhere`. */
export const keyWords = ({
  keyState,
  copiesElsewhere,
}: Pick<ArtifactRow, 'keyState' | 'copiesElsewhere'>): string =>
  keyState === 'destroyed' && copiesElsewhere > 0
    ? `destroyed here, ${formatCounted(copiesElsewhere, 'copy')} elsewhere`
    : keyState

const statusWords = ({ status }: ArtifactRow): string => (status === 'stored' ? '' : status)

const columns = [
  { title: 'Name' },
  { title: 'Version' },
  { title: 'Size', align: 'right' },
  { title: 'Encrypted' },
  { title: 'Key' },
  { title: 'Store' },
  { title: '' },
] as const

/** @param others objects that Weightlock did not write */
export function artifactTable(
  artifacts: readonly ArtifactRow[],
  others: readonly ForeignEntry[],
  locale: Locale,
): string[] {
  return table(columns, [
    ...artifacts.map((row) => [
      row.name,
      `v${row.version}`,
      formatBytes(row.plaintextBytes, locale),
      formatDateTime(row.encryptedAt, locale),
      keyWords(row),
      row.store,
      statusWords(row),
    ]),
    ...others.map((row) => [
      row.objectName,
      '',
      formatBytes(row.sizeBytes, locale),
      formatDateTime(row.modifiedAt, locale),
      '—',
      '',
      row.isAgeFile ? 'age file, not Weightlock’s' : 'not Weightlock’s',
    ]),
  ])
}

/** `13 artifacts · 19.75 GB`. */
export const artifactSum = (artifacts: readonly ArtifactRow[], locale: Locale): string =>
  `${formatCounted(artifacts.length, 'artifact', locale)} · ${formatBytes(
    artifacts.reduce((sum, row) => sum + row.plaintextBytes, 0),
    locale,
  )}`

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
