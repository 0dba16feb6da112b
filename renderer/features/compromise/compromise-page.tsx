import { useState } from 'react'
import { useLocation } from 'wouter'
import type { CompromisePlan } from '../../../shared/domain/compromise.ts'
import { KeyId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { Segmented } from '../../components/options.tsx'
import { AffectedSummary } from '../../components/wizard/affected.tsx'
import { Wizard } from '../../components/wizard/wizard.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { incidentStepNames } from './incident-words.ts'
import { ExposedTable, WhatWillHappen } from './leak-plan.tsx'
import { PlanAffects } from './plan-affects.tsx'
import classes from './compromise.module.css'

type Which = 'chosen' | 'since'
const crumbs = [{ label: 'Keys', href: '#/keys' }, { label: 'Report compromise' }]
const dayMs = 86_400_000

/** `2026-11-03T00:00`, in this place's time, as the field wants it. */
const fieldTime = (at: number): string =>
  new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

/** Reports a compromise on one page: nothing dies yet, so its button is ink.
 * @param what key ids with commas between, from the address; without, keys are meant by a date */
export function CompromisePage({ what }: { what: string | undefined }) {
  const chosen = (what ?? '').split(',').flatMap((id) => KeyId.safeParse(id).data ?? [])
  const [which, setWhich] = useState<Which>(chosen.length > 0 ? 'chosen' : 'since')
  const nowMs = useNow()
  const [since, setSince] = useState(() => new Date(nowMs - 7 * dayMs).setHours(0, 0, 0, 0))
  const request = which === 'chosen' ? { keyIds: chosen, since: null } : { keyIds: null, since }
  const isAsked = which === 'since' || chosen.length > 0
  const plan = useCall('keys:compromise-plan', request, { enabled: isAsked, keepPrevious: true, fresh: true })
  const [reason, setReason] = useState('')
  const [, navigate] = useLocation()
  const format = useFormat()
  const revoke = useAction('keys:revoke', {
    onDone: ({ incidentId }) => navigate(`/incidents/${incidentId}`, { replace: true }),
  })
  const data = isAsked ? plan.data : undefined
  const count = data?.keys.length ?? 0
  const keys = format.counted(count, 'key')
  const mark = (): void => revoke.mutate({ ...request, reason: reason.trim(), count })
  return (
    <Wizard
      crumbs={crumbs}
      steps={stepsAhead(data, which === 'since' ? `Everything since ${format.day(since, nowMs)}` : keys)}
      current={0}
      heading={headingOf(data, isAsked, keys)}
      lead="A leaked key can never be trusted again: compromised leads only to destroyed."
      affects={
        data === undefined ? <AffectedSummary>Nothing yet</AffectedSummary> : <PlanAffects plan={data} />
      }
      onClose={() => navigate('/keys')}
      reassurance={
        reason.trim() === '' && count > 0 ? 'Say what happened first' : 'Nothing is destroyed in this step'
      }
      action={
        <Button
          kind="primary"
          busy={revoke.isPending}
          disabled={count === 0 || reason.trim() === '' || plan.isPlaceholderData}
          onClick={mark}
        >
          Mark {keys} compromised
        </Button>
      }
    >
      <div className={classes.bar}>
        <Segmented
          label="Which keys leaked"
          options={[
            { value: 'chosen', label: 'Chosen keys' },
            { value: 'since', label: 'Made or used since' },
          ]}
          value={which}
          onChange={setWhich}
        />
        {which === 'since' ? (
          <input
            type="datetime-local"
            className={classes.date}
            aria-label="Since"
            // Half-typed dates are the field's own.
            defaultValue={fieldTime(since)}
            max={fieldTime(nowMs)}
            onChange={(event) => {
              const at = new Date(event.currentTarget.value).getTime()
              if (!Number.isNaN(at)) setSince(Math.max(0, at))
            }}
          />
        ) : null}
        {data === undefined ? (
          <span />
        ) : (
          <span aria-live="polite">
            <b>{format.count(count)}</b> of {format.count(data.keysInAll)}
          </span>
        )}
      </div>
      {isAsked ? null : (
        <p className={classes.note}>
          No key is chosen. Choose keys in <a href="#/keys">the inventory</a>, then report them from there.
        </p>
      )}
      {plan.isError ? (
        <div className={classes.alert}>
          <FailureAlert failure={failureFrom(plan.error)} bare />
        </div>
      ) : null}
      {data === undefined ? null : (
        <>
          <AlreadyCompromised plan={data} />
          {count === 0 ? null : (
            <label className={classes.reason}>
              <span>What happened</span>
              <input
                maxLength={500}
                title="For the audit log and the incident report"
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
              />
            </label>
          )}
          <ExposedTable artifacts={data.artifacts} />
          {count === 0 ? null : <WhatWillHappen plan={data} />}
        </>
      )}
      {revoke.isError ? (
        <div className={classes.alert}>
          <FailureAlert failure={failureFrom(revoke.error)} bare />
        </div>
      ) : null}
    </Wizard>
  )
}

const headingOf = (plan: CompromisePlan | undefined, isAsked: boolean, keys: string): string => {
  if (!isAsked) return 'Report leaked keys'
  if (plan === undefined) return 'Counting what a leak exposes'
  if (plan.keys.length > 0) return `Report ${keys.replace(/ key/, ' leaked key')}`
  return plan.alreadyCompromised.length > 0
    ? `${plan.alreadyCompromised.length === 1 ? 'This key is' : 'These keys are'} compromised already`
    : 'No key was made or used since then'
}

const stepsAhead = (plan: CompromisePlan | undefined, first: string) =>
  incidentStepNames.map((name, at) => {
    if (at === 0) return { name, choice: first }
    if (at === 1 && plan && plan.copies.length > 0) return { name, choice: `${plan.copies.length} to revoke` }
    if (at === 2 && plan)
      return { name, choice: plan.payloads === 1 ? '1 payload' : `${plan.payloads} payloads` }
    return { name }
  })

/** Beside keys that are reported now; where there are none, the heading says it. */
function AlreadyCompromised({ plan: { alreadyCompromised: already, keys } }: { plan: CompromisePlan }) {
  if (already.length === 0 || keys.length === 0) return null
  return (
    <p className={classes.note}>
      {already.length === 1
        ? 'One of the chosen keys is compromised already and left out.'
        : `${already.length} of the chosen keys are compromised already and left out.`}
    </p>
  )
}
