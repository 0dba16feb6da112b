/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows that come and go with scrolling cannot be those of a <table> */
import { IconChevronUp, IconLinkOff } from '@tabler/icons-react'
import { memo } from 'react'
import { auditEventTitle } from '../../../shared/audit-events.ts'
import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { tailLength } from '../../components/text-width.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './audit-list.module.css'

/** A key's number, and before it the end of its artifact's name. */
const tailOf = (on: string): number => {
  const [number = ''] = / · key \d+$/.exec(on) ?? []
  return number.length + tailLength(on.slice(0, on.length - number.length))
}

type EntryRowProps = {
  id: string
  index: number
  entry: AuditEntry | undefined
  /** The newer one above it: its date is not repeated. */
  before: AuditEntry | undefined
  isOpen: boolean
  /** Where the chain of hashes does not hold. */
  isBroken: boolean
  isCursor: boolean
  onToggle: (index: number) => void
}

function Row({ id, index, entry, before, isOpen, isBroken, isCursor, onToggle }: EntryRowProps) {
  const format = useFormat()
  const day = entry === undefined ? '' : format.day(entry.at)
  const isNewDay = before === undefined || format.day(before.at) !== day
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid holds the focus and the keys
    <div
      id={id}
      role="row"
      tabIndex={-1}
      aria-level={1}
      aria-rowindex={index + 2}
      aria-expanded={isOpen}
      className={classes.row}
      data-cursor={isCursor || undefined}
      data-broken={isBroken || undefined}
      onClick={() => onToggle(index)}
    >
      {entry === undefined ? null : (
        <>
          <span role="gridcell" className={`${classes.end} ${classes.third}`}>
            {format.count(entry.sequence)}
          </span>
          <span
            role="gridcell"
            className={`${classes.end} ${classes.second}`}
            title={format.exactTime(entry.at)}
          >
            {isNewDay ? `${day} ` : ''}
            {day.length > 7 && isNewDay ? format.time(entry.at) : format.clock(entry.at)}
          </span>
          <span role="gridcell" className={isOpen ? `${classes.cell} ${classes.strong}` : classes.cell}>
            {isBroken ? (
              <IconLinkOff
                size={14}
                stroke={1.75}
                className={classes.broken}
                aria-label="Chain broken here:"
              />
            ) : null}{' '}
            {auditEventTitle(entry.event)}
          </span>
          <span role="gridcell" className={`${classes.cell} ${classes.second}`} title={entry.on}>
            <MiddleEllipsis text={entry.on} tail={tailOf(entry.on)} />
          </span>
          <span
            role="gridcell"
            className={`${classes.cell} ${classes.second}`}
            title={`${entry.who}, ${entry.via}`}
          >
            {safeText(entry.via === 'window' || entry.via === '' ? entry.who : `${entry.who}, ${entry.via}`)}
          </span>
        </>
      )}
      {isOpen ? <IconChevronUp size={14} stroke={1.75} className={classes.chevron} aria-hidden /> : null}
    </div>
  )
}

/** One entry, folded; drawn again only when it or its state changes. */
export const EntryRow = memo(Row)
