import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { safeText } from '../../shared/safe-text.ts'
import classes from './check-list.module.css'

const looks = {
  ok: { icon: IconCheck, word: 'passed' },
  warn: { icon: IconAlertTriangle, word: 'warning' },
  failed: { icon: IconX, word: 'failed' },
  absent: { icon: IconMinus, word: 'not there' },
  skipped: { icon: IconMinus, word: 'not run' },
}

export type Check = { name: string; state: keyof typeof looks; detail: string }

type CheckListProps = {
  checks: readonly Check[]
  busy?: boolean
  /** Details beside the names instead of below them. */
  wide?: boolean
}

/** What was tried, and how it went. */
export const CheckList = ({ checks, busy = false, wide = false }: CheckListProps) => (
  <ul className={classes.checks} aria-label="Checks" aria-busy={busy} data-wide={wide || undefined}>
    {checks.map(({ name, state, detail }) => {
      const { icon: Icon, word } = looks[state]
      return (
        <li key={name} data-state={state}>
          <Icon size={16} stroke={1.5} aria-label={word} />
          <b>{name}</b>
          {detail === '' ? null : <p>{safeText(detail)}</p>}
        </li>
      )
    })}
  </ul>
)
