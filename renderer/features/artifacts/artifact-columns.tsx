import { IconFolder } from '@tabler/icons-react'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import type { Column } from '../../components/data-table/data-table.tsx'
import { KeyStateBadge, shownKeyState } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import type { Format } from '../../lib/use-format.ts'
import { entryName, isErased } from './entry.ts'
import classes from './artifact-columns.module.css'

type ColumnOptions = {
  format: Format
  nowMillis: number
  besideDetails: boolean
  /** Folders are not shown as rows: a name says where it is. */
  isDeep: boolean
  hasStores: boolean
  onEnter: (folder: string) => void
}

const statusWord = {
  stored: '',
  unpinned: 'not pinned',
  missing: 'missing',
  deleted: 'deleted',
  unresolved: 'to be settled',
  erased: '',
} as const

/** Name, kind, size, encrypted, key: as look.md orders them; the kind hides first. */
export function artifactColumns(options: ColumnOptions): Column<StoreEntry>[] {
  const { format, nowMillis, besideDetails, isDeep, hasStores, onEnter } = options
  const kindOf = (entry: StoreEntry): string => {
    if (entry.type === 'folder') return format.counted(entry.artifacts, 'artifact')
    return entry.type === 'foreign'
      ? entry.isAgeFile
        ? 'age file, not ours'
        : 'not by Weightlock'
      : entry.kindLabel
  }
  const sizeOf = (entry: StoreEntry): number | null => {
    if (entry.type === 'folder') return null
    return entry.type === 'foreign' ? entry.sizeBytes : entry.plaintextBytes
  }
  const timeOf = (entry: StoreEntry): number | null => {
    if (entry.type === 'folder') return null
    return entry.type === 'foreign' ? entry.modifiedAt : entry.encryptedAt
  }
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(0, 1fr)',
      sortBy: 'name',
      cell: (entry) => <Name entry={entry} isDeep={isDeep} hasStores={hasStores} onEnter={onEnter} />,
    },
    {
      id: 'kind',
      header: 'Kind',
      width: '136px',
      sortBy: 'kind',
      hideBelowPx: 760,
      cell: (entry) => <span className={classes.second}>{kindOf(entry)}</span>,
    },
    {
      id: 'size',
      header: 'Size',
      width: besideDetails ? '68px' : '72px',
      align: 'end',
      sortBy: 'size',
      cell: (entry) => {
        const sizeBytes = sizeOf(entry)
        return sizeBytes === null ? (
          ''
        ) : (
          <span title={format.exactBytes(sizeBytes)}>{format.bytes(sizeBytes)}</span>
        )
      },
    },
    {
      id: 'encrypted',
      header: 'Encrypted',
      width: '88px',
      sortBy: 'encrypted',
      hideBelowPx: 560,
      cell: (entry) => {
        const at = timeOf(entry)
        return at === null ? (
          ''
        ) : (
          <span className={classes.second} title={format.exactTime(at)}>
            {format.ago(at, nowMillis)}
          </span>
        )
      },
    },
    {
      id: 'key',
      header: 'Key',
      width: besideDetails ? '140px' : '152px',
      sortBy: 'key',
      cell: (entry) =>
        entry.type === 'artifact' ? (
          <KeyStateBadge
            state={shownKeyState({
              state: entry.keyState,
              destroyAt: entry.keyDestroyAt,
              isMissing: entry.isKeyMissing,
            })}
            destroysAt={entry.keyDestroyAt}
            rotationDueAt={entry.rotationDueAt}
            copiesElsewhere={entry.copiesElsewhere}
          />
        ) : entry.type === 'foreign' ? (
          '—'
        ) : (
          ''
        ),
    },
  ]
}

/** What is not as usual. */
const wordsOn = ({ status, ownership, isTainted }: Extract<StoreEntry, { type: 'artifact' }>): string =>
  statusWord[status] ||
  (isTainted && status !== 'erased' ? 'tainted' : '') ||
  (ownership === 'reader' ? 'read only' : '')

type NameProps = Pick<ColumnOptions, 'isDeep' | 'hasStores' | 'onEnter'> & { entry: StoreEntry }

function Name({ entry, isDeep, hasStores, onEnter }: NameProps) {
  if (entry.type === 'folder')
    return (
      <button type="button" tabIndex={-1} className={classes.folder} onClick={() => onEnter(entry.folder)}>
        <IconFolder size={16} stroke={1.5} aria-hidden />
        <MiddleEllipsis text={entryName(entry)} />
      </button>
    )
  const path = entry.type === 'foreign' ? entry.objectName : entry.name
  const inFolder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  const note = [hasStores && entry.type === 'artifact' ? entry.store : '', isDeep ? inFolder : ''].filter(
    Boolean,
  )
  const status = entry.type === 'artifact' ? wordsOn(entry) : ''
  return (
    <span className={classes.name} data-erased={isErased(entry) || undefined}>
      <MiddleEllipsis text={entryName(entry)} />
      {note.length > 0 ? <span className={classes.where}>{note.join('/')}</span> : null}
      {status ? <span className={classes.status}>{status}</span> : null}
    </span>
  )
}
