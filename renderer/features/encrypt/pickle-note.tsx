import { IconAlertTriangle } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import type { PickleWarning } from '../../../shared/model-inspection.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { pickleTitle } from '../../components/pickle-text.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './encrypt-sheet.module.css'

const firstShown = 3

/** What loading a pickle would do. Encrypting it is safe, and that is said too. */
export function PickleNote({ warning }: { warning: PickleWarning }) {
  const format = useFormat()
  const [showsAll, setShowsAll] = useState(false)
  const shown = showsAll ? warning.flagged : warning.flagged.slice(0, firstShown)
  const facts = [
    format.counted(warning.importCount, 'import'),
    warning.flaggedCount > 0 ? `${format.count(warning.flaggedCount)} flagged` : '',
    warning.hidden > 0 ? `${format.count(warning.hidden)} with a computed name` : '',
    warning.incomplete ? 'not all could be read' : '',
  ].filter(Boolean)
  return (
    <div className={classes.pickle} data-severity={warning.severity}>
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      <div>
        <b>{pickleTitle(warning.severity, warning.danger)}</b>
        <p>
          {facts.join(', ')}
          {shown.length > 0 ? ': ' : '. '}
          {shown.map((name, n) => (
            <Fragment key={name}>
              <code>{safeText(name)}</code>
              {n < shown.length - 1 ? ', ' : '. '}
            </Fragment>
          ))}
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
