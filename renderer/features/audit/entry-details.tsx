import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { KeyStateBadge } from '../../components/key-state-badge.tsx'
import { chainFacts, eventFacts, shortId, type Fact } from './entry-facts.ts'
import classes from './entry-details.module.css'

const rowPx = 24
const gapPx = 2
const paddingPx = 17

/** Height of an entry's facts in px: known before they are drawn, for the list is virtual. */
export const detailsHeight = (entry: AuditEntry, signedEntries: number | null): number => {
  const rows = Math.max(eventFacts(entry).length, chainFacts(entry, signedEntries).length)
  return rows * rowPx + (rows - 1) * gapPx + paddingPx
}

type EntryDetailsProps = { entry: AuditEntry; signedEntries: number | null }

/** The facts of an entry: what happened beneath Event, what it is part of beneath On. */
export function EntryDetails({ entry, signedEntries }: EntryDetailsProps) {
  return (
    <div className={classes.details}>
      <Facts facts={eventFacts(entry)} />
      <Facts facts={chainFacts(entry, signedEntries)} />
    </div>
  )
}

const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl className={classes.facts}>
    {facts.map((fact) => (
      <FactLine key={fact.label} fact={fact} />
    ))}
  </dl>
)

const FactLine = ({ fact }: { fact: Fact }) => (
  <>
    <dt title={fact.label}>{fact.label}</dt>
    <dd>
      <FactValue fact={fact} />
    </dd>
  </>
)

function FactValue({ fact }: { fact: Fact }) {
  switch (fact.kind) {
    case 'change':
      return (
        <>
          <KeyStateBadge state={fact.from} />
          <span className={classes.to}>to</span>
          <KeyStateBadge state={fact.to} />
        </>
      )
    case 'text':
      return (
        <span className={classes.text} title={fact.text}>
          {safeText(fact.text)}
        </span>
      )
    case 'id':
      return (
        <span className={classes.id}>
          <code title={fact.text}>{shortId(fact.text)}</code>
          <CopyButton text={fact.text} what={fact.label.toLowerCase()} />
        </span>
      )
  }
}
