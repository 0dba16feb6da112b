import { IconAlertTriangle, IconLink, IconLinkOff } from '@tabler/icons-react'
import type { AuditVerdict } from '../../../shared/domain/audit.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import classes from './chain-badge.module.css'

type Look = { tone: 'ok' | 'warn' | 'danger' | 'neutral'; words: string; icon: typeof IconLink }

function lookOf(verdict: AuditVerdict | undefined, format: Format): Look {
  if (verdict === undefined) return { tone: 'neutral', words: 'Checking the chain', icon: IconLink }
  if (!verdict.intact) {
    const where = verdict.brokenAt === null ? '' : ` at entry ${format.count(verdict.brokenAt)}`
    return { tone: 'danger', words: `Chain broken${where}`, icon: IconLinkOff }
  }
  const entries = format.counted(verdict.entries, 'entry')
  return verdict.tailVouched
    ? { tone: 'ok', words: `Chain intact · ${entries}`, icon: IconLink }
    : { tone: 'warn', words: `Chain intact, its end not vouched for · ${entries}`, icon: IconAlertTriangle }
}

/** Whether the chain of hashes holds, how many entries were checked, and when. */
export function ChainBadge({ verdict }: { verdict: AuditVerdict | undefined }) {
  const format = useFormat()
  const { tone, words, icon: Icon } = lookOf(verdict, format)
  return (
    <>
      <span className={classes.badge} data-tone={tone} aria-live="polite">
        <Icon size={14} stroke={1.75} aria-hidden />
        {words}
      </span>
      {verdict === undefined ? null : (
        <span className={classes.checked} title={format.exactTime(verdict.checkedAt)}>
          checked {format.clock(verdict.checkedAt)}
        </span>
      )}
    </>
  )
}
