import { useState } from 'react'
import type { RotationMethod, RotationPlan, RotationReason } from '../../../shared/domain/rotation.ts'
import { RotationReason as Reasons } from '../../../shared/domain/rotation.ts'
import type { Failure } from '../../../shared/failure.ts'
import { failureText } from '../../../shared/failure-text.ts'
import type { KeyId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { FramedOptions } from '../../components/framed-options.tsx'
import { KeyStateBadge } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { CheckOption } from '../../components/options.tsx'
import { WithCode } from '../../components/with-code.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { withoutPrice } from './plan-rows.ts'
import { PlanTable, PriceNote } from './plan-table.tsx'
import { needsReEncryption } from './rotation-steps.ts'
import { costText, keysCount, reasonWords } from './rotation-words.ts'
import classes from './rotation.module.css'

const shownAtFirst = 50

type KeysStepProps = {
  plan: RotationPlan
  leftOut: ReadonlySet<KeyId>
  onLeftOut: (keyId: KeyId, isLeftOut: boolean) => void
}

/** First step: the keys, each of which may be left out, and those that cannot be rotated, with why. */
export function KeysStep({ plan, leftOut, onLeftOut }: KeysStepProps) {
  const format = useFormat()
  const nowMillis = useNow()
  const [all, setAll] = useState(false)
  const { artifacts, refused } = plan
  const shown = all ? artifacts : artifacts.slice(0, shownAtFirst)
  return (
    <>
      {artifacts.length === 0 ? null : (
        <table className={classes.keys} aria-label="Keys to rotate">
          <colgroup>
            <col style={{ width: 28 }} />
            <col />
            <col style={{ width: 172 }} />
            <col style={{ width: 76 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Rotate</span>
              </th>
              <th scope="col">Key</th>
              <th scope="col">State</th>
              <th scope="col" className={classes.end}>
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.keyId} data-left-out={leftOut.has(one.keyId) || undefined}>
                <td>
                  <CheckOption
                    label={<span className="visually-hidden">{one.alias}</span>}
                    checked={!leftOut.has(one.keyId)}
                    onChange={(isTaken) => onLeftOut(one.keyId, !isTaken)}
                  />
                </td>
                <td>
                  <KeyName name={one.name} versions={format.counted(one.versions, 'version')} />
                </td>
                <td>
                  <KeyStateBadge state={one.state} rotationDueAt={one.rotationDueAt} nowMillis={nowMillis} />
                </td>
                <td className={classes.end} title={format.exactBytes(one.ciphertextBytes)}>
                  {format.bytes(one.ciphertextBytes)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length < artifacts.length ? (
        <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
          {format.count(artifacts.length - shown.length)} more
        </Button>
      ) : null}
      <RefusedKeys refused={refused} />
    </>
  )
}

const KeyName = ({ name, versions }: { name: string; versions: string }) => (
  <span className={classes.name}>
    <span>
      <MiddleEllipsis text={name} />
    </span>
    <span className={classes.number}>{versions}</span>
  </span>
)

/** Keys that were asked for and are not rotated: what stands in the way, and what to do. */
export function RefusedKeys({ refused }: { refused: RotationPlan['refused'] }) {
  if (refused.length === 0) return null
  return (
    <section className={classes.section}>
      <h2>
        {keysCount(refused.length)} {refused.length === 1 ? 'is' : 'are'} not rotated
      </h2>
      <ul className={classes.list} aria-label="Keys that are not rotated">
        {refused.map(({ keyId, alias, failure }) => {
          const text = failureText(failure)
          return (
            <li key={keyId}>
              <span>
                <MiddleEllipsis text={alias} />
              </span>
              <span className={classes.value}>{text.title}</span>
              <p>
                <WithCode text={text.remedy} />
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

type ReasonStepProps = {
  plan: RotationPlan
  reason: RotationReason
  note: string
  onReason: (reason: RotationReason) => void
  onNote: (note: string) => void
}

/** Second step: why, for the audit log; and what a reason demands. */
export function ReasonStep({ plan, reason, note, onReason, onNote }: ReasonStepProps) {
  const tainted = plan.artifacts.filter(({ isTainted }) => isTainted).length
  return (
    <>
      <FramedOptions
        label="Reason"
        value={reason}
        onChange={onReason}
        options={Reasons.options.map((value) => ({ value, ...reasonWords[value] }))}
      />
      <label className={classes.noteField}>
        <span>Note, for the audit log</span>
        <input maxLength={500} value={note} onChange={(event) => onNote(event.currentTarget.value)} />
      </label>
      {tainted > 0 ? <TaintedNote tainted={tainted} of={plan.artifacts.length} /> : null}
    </>
  )
}

function TaintedNote({ tainted, of }: { tainted: number; of: number }) {
  return (
    <p className={classes.note}>
      {tainted === of
        ? tainted === 1
          ? 'A compromised key once wrapped its payload'
          : 'A compromised key once wrapped each of these payloads'
        : `A compromised key once wrapped the payloads of ${tainted} of these ${of} artifacts`}
      : only re-encryption closes {tainted === 1 ? 'it' : 'them'}.
      {tainted < of ? ' Leave them out to rewrap the others.' : ''}
    </p>
  )
}

type MethodStepProps = {
  plan: RotationPlan
  reason: RotationReason
  method: RotationMethod
  refusal: Failure | null
  isStarting: boolean
  onMethod: (method: RotationMethod) => void
}

/** Third step: what each way achieves and what it takes, exactly. */
export function MethodStep({ plan, reason, method, refusal, isStarting, onMethod }: MethodStepProps) {
  const format = useFormat()
  const tainted = plan.artifacts.filter(({ isTainted }) => isTainted).length
  const onlyReEncryption = needsReEncryption(plan, reason)
  return (
    <>
      <FramedOptions
        label="Method"
        value={method}
        onChange={onMethod}
        options={[
          {
            value: 'rewrap',
            title: 'Rewrap',
            cost: onlyReEncryption ? 'Not enough here' : costText(plan, 'rewrap', format),
            disabled: onlyReEncryption || isStarting,
            help: 'A new key on the same payload: only the header is replaced. Enough when a crypto-period ends. Not enough after a leak: who has an old key and an old copy can still open the model.',
          },
          {
            value: 're-encrypt',
            title: 'Re-encrypt',
            cost: costText(plan, 're-encrypt', format),
            disabled: isStarting,
            help: 'A new file key: every byte is rewritten, in memory, nothing readable on disk. Old keys open old copies only. This is what a compromise demands.',
          },
        ]}
      />
      {tainted > 0 ? <TaintedNote tainted={tainted} of={plan.artifacts.length} /> : null}
      <PlanTable plan={plan} method={method} />
      <PriceNote stores={withoutPrice(plan, method)} />
      {(method === 'rewrap' ? plan.rewrapSeconds : plan.reEncryptSeconds) === null ? (
        <p className={classes.note}>How long it takes is known once there were transfers to judge by.</p>
      ) : (
        <p className={classes.note}>Time from the last transfers.</p>
      )}
      <RefusedKeys refused={plan.refused} />
      {refusal === null ? null : (
        <div className={classes.alert}>
          <FailureAlert failure={refusal} />
        </div>
      )}
    </>
  )
}
