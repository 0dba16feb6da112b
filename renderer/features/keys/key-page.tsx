import { useState } from 'react'
import type { KeyDetails, KeyEvent, KeyRow } from '../../../shared/domain/key.ts'
import { groupsOfFour } from '../../../shared/format.ts'
import { KeyId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Crumbs } from '../../components/crumbs.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { KeyStateBadge, shownKeyState } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { CopiesTable } from './copies-table.tsx'
import { ExportIdentityDialog } from './export-identity-dialog.tsx'
import { KeyHistory } from './key-history.tsx'
import { KeyPageActions } from './key-page-actions.tsx'
import { KeyTimeline } from './key-timeline.tsx'
import { versionsCount } from './key-words.ts'
import { ProtectsTable } from './protects-table.tsx'
import { WhatDies } from './what-dies.tsx'
import classes from './key-page.module.css'

/** One key: its state and history, what it protects, where copies are, and what dies with it.
 * @param id from the address; one that is no id answers like an unknown key
 * @param asksToExport opens with *Export identity* */
export function KeyPage({ id, asksToExport = false }: { id: string; asksToExport?: boolean }) {
  const parsed = KeyId.safeParse(id)
  if (!parsed.success) return <NoSuchKey />
  return <KnownKey keyId={parsed.data} asksToExport={asksToExport} />
}

function NoSuchKey() {
  return (
    <>
      <ScreenHeader title={<Crumbs crumbs={[{ label: 'Keys', href: '#/keys' }, { label: 'Not found' }]} />} />
      <FailureAlert failure={{ code: 'key/not-found', keyId: '' }} layout="columns" />
    </>
  )
}

function KnownKey({ keyId, asksToExport }: { keyId: KeyId; asksToExport: boolean }) {
  const answer = useCall('keys:show', { keyId })
  if (answer.isError) {
    return (
      <>
        <ScreenHeader title={<Crumbs crumbs={[{ label: 'Keys', href: '#/keys' }, { label: 'A key' }]} />} />
        <FailureAlert
          failure={failureFrom(answer.error)}
          layout="columns"
          actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
        />
      </>
    )
  }
  if (answer.data === undefined)
    return (
      <>
        <ScreenHeader title={<Crumbs crumbs={[{ label: 'Keys', href: '#/keys' }, { label: '…' }]} />} />
        <div className={classes.body} aria-busy />
      </>
    )
  return <ShownKey details={answer.data} asksToExport={asksToExport} />
}

function ShownKey({ details, asksToExport }: { details: KeyDetails; asksToExport: boolean }) {
  const [isExporting, setIsExporting] = useState(asksToExport && details.key.state !== 'destroyed')
  const format = useFormat()
  const nowMs = useNow()
  const { key, protects, copies } = details
  const bytes = protects.reduce((sum, { ciphertextBytes }) => sum + ciphertextBytes, 0)
  const isDestroyed = key.state === 'destroyed'
  return (
    <>
      <ScreenHeader title={<KeyCrumbs row={key} />}>
        <KeyPageActions row={key} onExport={() => setIsExporting(true)} />
      </ScreenHeader>
      <div className={classes.split}>
        <section className={classes.main} aria-label={key.alias}>
          <div className={classes.head}>
            <h2>Key {format.count(key.number)}</h2>
            <KeyStateBadge
              state={shownKeyState(key)}
              destroysAt={key.destroyAt}
              rotationDueAt={key.rotationDueAt}
              copiesElsewhere={key.copiesElsewhere}
              nowMillis={nowMs}
            />
            <span className={classes.id}>
              <code>{groupsOfFour(key.keyId)}</code>
              <CopyButton text={key.keyId} what="key id" />
            </span>
          </div>
          <p className={classes.meta}>
            {key.algorithm === 'X25519' ? 'X25519' : 'Post-quantum hybrid, ML-KEM-768 with X25519'} · made on{' '}
            {safeText(details.madeOn)} · {isDestroyed ? 'was kept by' : 'kept by'} {safeText(key.backend)}
            {isDestroyed ? null : ` · ${restText(details.events, format)}`}
          </p>
          {key.isMissing && !isDestroyed ? (
            <p className={classes.missing}>
              Gone from the keychain, which answers: what this key alone protects cannot be opened here. It
              opens again once the identity is back, from a recovery kit or a file.
            </p>
          ) : null}
          <h3>Crypto-period and history</h3>
          <KeyTimeline
            from={key.activatedAt ?? key.createdAt}
            periodDays={key.cryptoPeriodDays}
            now={nowMs}
            endedAt={endOf(key, details.events)}
            eventTimes={details.events.map(({ at }) => at)}
          />
          <KeyHistory events={details.events} />
          <h3>
            Protects
            <span className={classes.count}>
              {protects.length === 0
                ? 'nothing'
                : `${versionsCount(protects.length)} · ${format.bytes(bytes)}`}
            </span>
          </h3>
          {protects.length === 0 ? null : <ProtectsTable protects={protects} />}
          <h3>
            Copies<span className={classes.count}>{copies.length} known</span>
          </h3>
          {copies.length === 0 ? (
            <p className={classes.none}>No copy is known.</p>
          ) : (
            <CopiesTable copies={copies} />
          )}
          <h3>Recipient</h3>
          <div className={classes.recipient}>
            <code>
              <MiddleEllipsis text={details.recipient} tail={12} />
            </code>
            <CopyButton text={details.recipient} what="recipient" />
          </div>
        </section>
        <WhatDies details={details} />
      </div>
      {isExporting ? <ExportIdentityDialog details={details} onClose={() => setIsExporting(false)} /> : null}
    </>
  )
}

/** When its use ended: as the key says, or the event that took it out of use. */
const endOf = (key: KeyRow, events: KeyEvent[]): number | null =>
  key.state === 'active' || key.state === 'pre-activation'
    ? null
    : (key.inactiveAt ??
      events.find(({ from, to }) => from === 'active' && to !== null && to !== 'active')?.at ??
      events.at(-1)?.at ??
      key.createdAt)

/** `never suspended`, `suspended since 14 Oct`. */
function restText(events: KeyEvent[], format: Format): string {
  const rests = events.filter(({ to }) => to === 'suspended')
  const last = rests.at(-1)
  if (last === undefined) return 'never suspended'
  const isResting = events.filter(({ to }) => to !== null).at(-1) === last
  return isResting ? `suspended since ${format.day(last.at)}` : `last suspended ${format.day(last.at)}`
}

function KeyCrumbs({ row }: { row: KeyRow }) {
  const keys = { label: 'Keys', href: '#/keys' }
  return <Crumbs crumbs={[keys, { label: row.alias }]} />
}
