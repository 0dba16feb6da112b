import { useLocation } from 'wouter'
import type { IncidentRow } from '../../../shared/domain/compromise.ts'
import { Button } from '../../components/button.tsx'
import { useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './keys-page.module.css'

const isOpen = ({ payloadsToDo, copiesToRevoke }: IncidentRow): boolean =>
  payloadsToDo > 0 || copiesToRevoke > 0

/** Incidents in which something is left to do, above the inventory; the newest leads on. */
export function IncidentNotice() {
  const format = useFormat()
  const [, navigate] = useLocation()
  const list = useCall('incidents:list', {})
  const open = list.data?.incidents.filter(isOpen) ?? []
  const [newest] = open
  if (newest === undefined) return null
  const payloads = open.reduce((sum, { payloadsToDo }) => sum + payloadsToDo, 0)
  const copies = open.reduce((sum, { copiesToRevoke }) => sum + copiesToRevoke, 0)
  const left = [
    ...(payloads > 0 ? [`${format.counted(payloads, 'payload')} to re-encrypt`] : []),
    ...(copies > 0 ? [`${format.counted(copies, 'copy')} to revoke`] : []),
  ]
  return (
    <section className={classes.due} aria-label="Open incidents">
      <p>
        <b>
          {format.counted(open.length, 'incident')} {open.length === 1 ? 'is' : 'are'} open:
        </b>{' '}
        {left.join(', ')}.
      </p>
      <Button onClick={() => navigate(`/incidents/${newest.incidentId}`)}>Go on with it…</Button>
    </section>
  )
}
