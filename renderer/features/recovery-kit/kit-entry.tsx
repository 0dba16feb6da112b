import { useState } from 'react'
import { useLocation } from 'wouter'
import { failureText } from '../../../shared/failure-text.ts'
import type { KitRow } from '../../../shared/domain/kit.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './recovery-kit.module.css'

/** So many keys that a kit lacks are named; the rest are counted. */
const namedKeys = 50

type KitEntryProps = { kit: KitRow; onDrill: () => void; onForget: () => void }

/** One kit: where it was written, what it holds, and whether it was ever tried. */
export function KitEntry({ kit, onDrill, onForget }: KitEntryProps) {
  const format = useFormat()
  const [, navigate] = useLocation()
  const [showsLacking, setShowsLacking] = useState(false)
  return (
    <li className={classes.kit}>
      <div className={classes.where}>
        <code>
          <MiddleEllipsis text={kit.where} tail={28} />
        </code>
        <Drill kit={kit} />
      </div>
      <p className={classes.facts}>
        <span title={format.exactTime(kit.madeAt)}>
          {kit.madeHere ? 'Made' : 'From another machine, made'} {format.date(kit.madeAt)}
        </span>
        <span>holds {format.counted(kit.holds, 'key')}</span>
        {kit.lacks === 0 ? (
          <span>lacks none</span>
        ) : (
          <Button kind="link" aria-expanded={showsLacking} onClick={() => setShowsLacking(!showsLacking)}>
            lacks {format.counted(kit.lacks, 'key')}
          </Button>
        )}
        {kit.needsNewAge ? <span>needs age 1.3 or later</span> : null}
      </p>
      {kit.failedDrill === null ? null : (
        <p className={classes.failed}>{failureText(kit.failedDrill.failure).message}</p>
      )}
      {kit.holdsDestroyed > 0 ? (
        <p className={classes.failed}>
          {kit.holdsDestroyed === 1
            ? 'It still holds 1 key that was destroyed here.'
            : `It still holds ${format.count(kit.holdsDestroyed)} keys that were destroyed here.`}
        </p>
      ) : null}
      {showsLacking ? <Lacking kit={kit} /> : null}
      <div className={classes.actions}>
        <Button onClick={onDrill}>{kit.drilledAt === null ? 'Drill…' : 'Drill again…'}</Button>
        <Button onClick={() => navigate(`/kits/${kit.kitId}/sheet`)}>Sheet to print</Button>
        <Button kind="ghost" onClick={onForget}>
          Forget…
        </Button>
      </div>
    </li>
  )
}

function Drill({ kit }: { kit: KitRow }) {
  const format = useFormat()
  if (kit.failedDrill !== null)
    return (
      <span className={classes.drill} data-tone="danger">
        Drill failed {format.ago(kit.failedDrill.at)}
      </span>
    )
  if (kit.drilledAt === null)
    return (
      <span className={classes.drill} data-tone="warn">
        Never tried: does not count yet
      </span>
    )
  return (
    <span className={classes.drill} data-tone="ok" title={format.exactTime(kit.drilledAt)}>
      Drill passed {format.ago(kit.drilledAt)}
    </span>
  )
}

/** Keys that came after the kit was made. */
function Lacking({ kit }: { kit: KitRow }) {
  const format = useFormat()
  const answer = useCall('kits:lacks', { kitId: kit.kitId, offset: 0, limit: namedKeys })
  if (answer.data === undefined) return null
  const { rows, total } = answer.data
  return (
    <ul className={classes.lacking} aria-label="Keys that the kit lacks">
      {rows.map(({ keyId, alias }) => (
        <li key={keyId}>
          <a href={`#/keys/${keyId}`}>{safeText(alias)}</a>
        </li>
      ))}
      {total > rows.length ? <li>and {format.count(total - rows.length)} more</li> : null}
    </ul>
  )
}
