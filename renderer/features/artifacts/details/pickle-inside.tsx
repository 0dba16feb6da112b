import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { PickleFindings } from '../../../../shared/model-inspection.ts'
import { Button } from '../../../components/button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { pickleTitle } from '../../../components/pickle-text.ts'
import { useFormat } from '../../../lib/use-format.ts'
import shared from './details.module.css'
import classes from './inside.module.css'

const firstShown = 12
const verdictWord = { known: '', unknown: 'unknown', 'runs-code': 'runs code' } as const

/** What a pickle names, read from its opcodes and never executed; what would run code stands first. */
export function PickleInside({ findings }: { findings: PickleFindings }) {
  const format = useFormat()
  const [showsAll, setShowsAll] = useState(false)
  const imports = showsAll ? findings.imports : findings.imports.slice(0, firstShown)
  return (
    <>
      {findings.severity === 'none' ? null : (
        <div className={classes.pickle} data-severity={findings.severity}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          <p>
            <b>{pickleTitle(findings.severity, findings.danger)}.</b>
            {findings.severity === 'runs-code' ? ' Find out who made it before you load it.' : null}
          </p>
        </div>
      )}
      <ul>
        {imports.map(({ module, name, verdict, isCalled }) => (
          <li key={`${module}.${name}`} className={classes.import} data-verdict={verdict}>
            <code>
              <MiddleEllipsis text={`${module}.${name}`} tail={name.length + 1} />
            </code>
            <span>
              {[verdictWord[verdict], isCalled && verdict !== 'known' ? 'called' : '']
                .filter(Boolean)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
      {findings.imports.length > imports.length ? (
        <Button kind="link" onClick={() => setShowsAll(true)}>
          Show all {format.count(findings.imports.length)} imports
        </Button>
      ) : null}
      {findings.hidden > 0 ? (
        <p className={shared.warn}>
          {format.counted(findings.hidden, 'import')} more with a name that is computed while loading, and so
          cannot be read.
        </p>
      ) : null}
      {findings.incomplete ? (
        <p className={shared.warn}>Not all of it could be read: more may be there.</p>
      ) : null}
      {findings.notes.map((note) => (
        <p key={note} className={shared.small}>
          {note}
        </p>
      ))}
    </>
  )
}
