import { IconAlertTriangle } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import type { PickleWarning } from '../../../shared/model-inspection.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { pickleTitle } from '../../components/pickle-text.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './sheet-item.module.css'

const firstShown = 3

/** What loading a pickle would do. Encrypting it is safe, and that is said too. */
export function PickleNote({ warning }: { warning: PickleWarning }) {
  const format = useFormat()
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? warning.flagged : warning.flagged.slice(0, firstShown)
  const left = warning.flaggedCount - shown.length
  const rest = [
    left > 0 && shown.length > 0 ? ` and ${format.count(left)} more. ` : shown.length > 0 ? '. ' : '',
    warning.hidden === 0
      ? ''
      : warning.hidden === 1
        ? '1 has a name that is computed while loading. '
        : `${format.count(warning.hidden)} have names that are computed while loading. `,
    warning.incomplete ? 'Not all could be read. ' : '',
  ].join('')
  return (
    <div className={classes.pickle} data-severity={warning.severity}>
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      <div>
        <b>{pickleTitle(warning.severity, warning.danger)}</b>
        <p>
          {warning.flaggedCount > 0
            ? `${format.count(warning.flaggedCount)} of ${format.counted(warning.importCount, 'import')} flagged`
            : format.counted(warning.importCount, 'import')}
          {shown.length > 0 ? ': ' : '. '}
          {shown.map((name, n) => (
            <Fragment key={name}>
              {n > 0 ? ', ' : null}
              <code>{safeText(name)}</code>
            </Fragment>
          ))}
          {rest}
          Encrypting is safe, because Weightlock never loads it; find out who made it before you do.{' '}
          {warning.flagged.length > firstShown ? (
            <Button kind="link" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
              {showsAll ? 'Show fewer' : 'Show imports'}
            </Button>
          ) : null}
        </p>
      </div>
    </div>
  )
}
