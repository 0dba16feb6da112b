import type { KeyRow } from '../../../shared/domain/key.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { Column } from '../../components/data-table/data-table.tsx'
import { KeyStateBadge, shownKeyState } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import type { Format } from '../../lib/use-format.ts'
import { copiesText, daysInUse, versionsCount } from './key-words.ts'
import classes from './key-columns.module.css'

/** The inventory's columns: key, state, days in use of its crypto-period, what it protects, where copies are. */
export const keyColumns = (format: Format, nowMs: number): Column<KeyRow>[] => [
  {
    id: 'key',
    header: 'Key',
    sortBy: 'name',
    width: 'minmax(0, 1fr)',
    cell: (key) => (
      <span className={classes.key}>
        <a
          href={`#/keys/${key.keyId}`}
          tabIndex={-1}
          className={classes.name}
          data-name={safeText(key.artifactName ?? 'Imported')}
          data-destroyed={key.state === 'destroyed'}
        >
          <MiddleEllipsis text={key.artifactName ?? 'Imported'} />
        </a>
        <span className={classes.number}>key {format.count(key.number)}</span>
      </span>
    ),
  },
  {
    id: 'state',
    header: 'State',
    sortBy: 'state',
    width: '156px',
    cell: (key) => (
      <KeyStateBadge
        state={shownKeyState(key)}
        destroysAt={key.destroyAt}
        rotationDueAt={key.rotationDueAt}
        copiesElsewhere={key.copiesElsewhere}
        nowMillis={nowMs}
      />
    ),
  },
  {
    id: 'age',
    header: 'In use',
    sortBy: 'age',
    width: '84px',
    cell: (key) => <DaysInUse days={daysInUse(key, nowMs)} period={key.cryptoPeriodDays} />,
  },
  {
    id: 'protects',
    header: 'Protects',
    width: '84px',
    cell: (key) => (
      <span className={key.protects === 0 ? classes.third : classes.second}>
        {key.protects === 0 ? 'Nothing' : versionsCount(key.protects)}
      </span>
    ),
  },
  {
    id: 'size',
    header: 'Size',
    sortBy: 'size',
    width: '66px',
    align: 'end',
    cell: (key) =>
      key.protects === 0 ? (
        <span className={classes.third}>–</span>
      ) : (
        <span title={format.exactBytes(key.protectsBytes)}>{format.bytes(key.protectsBytes)}</span>
      ),
  },
  {
    id: 'copies',
    header: 'Copies',
    width: '104px',
    cell: (key) => (
      <span className={classes.second} title={key.places.join(', ')}>
        {copiesText(key)}
      </span>
    ),
  },
]

function DaysInUse({ days, period }: { days: number | null; period: number }) {
  if (days === null) return <span className={classes.third}>–</span>
  return (
    <span className={classes.days}>
      <span>{days}</span>
      <span className={classes.of}> of {period} d</span>
    </span>
  )
}
