import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { KeyCopy, KeyDetails } from '../../../shared/domain/key.ts'
import { isNotProvedLine } from '../../../shared/destroy-report.ts'
import type { JobView } from '../../../shared/job.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { isAlive, isOutOfReach } from './key-words.ts'
import table from './facts-table.module.css'
import classes from './destroy-key-page.module.css'

type Version = { artifactId: string; name: string; version: number; ciphertextBytes: number }

function VersionsTable({ label, versions, fate }: { label: string; versions: Version[]; fate: string }) {
  const format = useFormat()
  return (
    <table className={table.table} aria-label={label}>
      <colgroup>
        <col />
        <col style={{ width: 64 }} />
        <col style={{ width: 88 }} />
        <col style={{ width: 176 }} />
      </colgroup>
      <tbody>
        {versions.map((one) => (
          <tr key={`${one.artifactId} ${one.version}`}>
            <td className={table.strong}>
              <span className={table.cut}>
                <MiddleEllipsis text={one.name} />
              </span>
            </td>
            <td>v{one.version}</td>
            <td className={table.end} title={format.exactBytes(one.ciphertextBytes)}>
              {format.bytes(one.ciphertextBytes)}
            </td>
            <td className={`${table.end} ${table.second}`}>{fate}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const inARow = new Intl.ListFormat('en', { type: 'conjunction' })

/** Destroying a key deletes no ciphertext, wherever it lies. */
function whatStays(gone: KeyDetails['impact']['goneForGood']): string {
  const stores = [...new Set(gone.flatMap((version) => version.stores))].map(safeText)
  if (stores.length === 0)
    return 'No ciphertext of it is known here; a copy elsewhere cannot be decrypted here any more.'
  const what = gone.length === 1 ? 'Its ciphertext stays' : 'Their ciphertexts stay'
  return `${what} in ${inARow.format(stores)}, and cannot be decrypted here any more.`
}

/** First step: exactly what can be opened no more, and what can. */
export function ImpactStep({ details }: { details: KeyDetails }) {
  const { goneForGood, stillOpen, copiesElsewhere } = details.impact
  return (
    <>
      {goneForGood.length > 0 ? (
        <section className={classes.section}>
          <h2>{copiesElsewhere > 0 ? 'Opens no more with anything kept here' : 'Gone for good'}</h2>
          <VersionsTable label="Gone" versions={goneForGood} fate="no other key" />
          <p className={classes.note}>{whatStays(goneForGood)}</p>
        </section>
      ) : null}
      {stillOpen.length > 0 ? (
        <section className={classes.section}>
          <h2>Still opens</h2>
          <VersionsTable label="Still opens" versions={stillOpen} fate="with another key" />
        </section>
      ) : null}
      {goneForGood.length + stillOpen.length === 0 ? (
        <p className={classes.note}>
          This key opens nothing that is known here. What it may open elsewhere cannot be known.
        </p>
      ) : null}
    </>
  )
}

function CopyRows({ copies, fate }: { copies: KeyCopy[]; fate: (copy: KeyCopy) => string }) {
  return copies.map((copy) => (
    <tr key={`${copy.place} ${copy.where}`}>
      <td>{keyPlaces[copy.place].name}</td>
      <td className={`${table.mono} ${table.second}`}>
        <span className={table.cut}>
          <MiddleEllipsis text={copy.where} />
        </span>
      </td>
      <td className={`${table.end} ${table.second}`}>{fate(copy)}</td>
    </tr>
  ))
}

const CopyColumns = () => (
  <colgroup>
    <col style={{ width: 128 }} />
    <col />
    <col style={{ width: 176 }} />
  </colgroup>
)

type UnreachedCopiesProps = { copies: KeyCopy[]; heading: string; label: string; note?: ReactNode }

/** Copies that nobody here can destroy, and the backups that nobody can list. */
export function UnreachedCopies({ copies, heading, label, note }: UnreachedCopiesProps) {
  const format = useFormat()
  const unreached = copies.filter(isOutOfReach)
  return (
    <section className={classes.section}>
      <h2>{heading}</h2>
      <table className={table.table} aria-label={label}>
        <CopyColumns />
        <tbody>
          <CopyRows copies={unreached} fate={(copy) => `written ${format.day(copy.at)}`} />
          <tr>
            <td>Backups</td>
            <td className={table.second}>of this keychain and this system</td>
            <td className={`${table.end} ${table.second}`}>cannot be known</td>
          </tr>
        </tbody>
      </table>
      <p className={classes.note}>
        {note ??
          `Whoever has ${unreached.length === 0 ? 'a backup' : 'one of them'} and the ciphertext can still open the model.`}
      </p>
    </section>
  )
}

/** Second step: which copies are destroyed, and which nobody here can reach. */
export function CopiesStep({ details }: { details: KeyDetails }) {
  const { copies } = details.impact
  const reached = copies.filter((copy) => isAlive(copy) && !isOutOfReach(copy))
  return (
    <>
      <section className={classes.section}>
        <h2>Destroyed and read back</h2>
        <table className={table.table} aria-label="Copies that are destroyed">
          <CopyColumns />
          <tbody>
            {reached.length === 0 ? (
              <tr>
                <td>Keychain</td>
                <td className={table.second}>no copy is there now</td>
                <td className={`${table.end} ${table.second}`}>asked all the same</td>
              </tr>
            ) : (
              <CopyRows copies={reached} fate={() => 'deleted, then read'} />
            )}
          </tbody>
        </table>
      </section>
      <UnreachedCopies copies={copies} heading="Out of reach" label="Copies that cannot be reached" />
    </>
  )
}

/** While it runs, and when it was stopped: how far it is. */
export function DestroyingStep({ job }: { job: JobView | undefined }) {
  return (
    <div className={classes.progress}>
      <p aria-live="polite">{job === undefined ? 'Starting' : statusOf(job).word}…</p>
      {job === undefined ? null : <ProgressBar job={job} />}
      <p className={classes.note}>
        Each step is written down before it is taken. You may close this page: the job goes on, and survives a
        crash.
      </p>
    </div>
  )
}

type ReportStepProps = { job: JobView; copies: KeyCopy[]; confirmName: string }

/** Last step: what was done and what reading back showed, or why it stopped. */
export function ReportStep({ job, copies, confirmName }: ReportStepProps) {
  if (job.state !== 'done') {
    return (
      <div className={classes.alert}>
        {job.failure === null ? (
          <p className={classes.note}>{statusOf(job).word}. The key is where it was before.</p>
        ) : (
          <FailureAlert failure={job.failure} safe={job.safe} />
        )}
      </div>
    )
  }
  const done = job.report.filter((line) => !isNotProvedLine(line))
  return (
    <>
      <p className={classes.ok}>
        <IconCheck size={16} stroke={1.5} aria-hidden />
        {job.outcome ?? statusOf(job).word}
        <CopyButton
          text={[`${job.title}: ${job.outcome ?? statusOf(job).word}`, ...job.report].join('\n')}
          what="report"
        />
      </p>
      {done.length > 0 ? (
        <section className={classes.section}>
          <h2>What was done</h2>
          <JobReport label="What was done" lines={done} />
        </section>
      ) : null}
      <UnreachedCopies
        copies={copies}
        heading="Not proved"
        label="Not proved"
        note={`Whoever has one of these copies and the ciphertext of ${safeText(confirmName)} can still open it.`}
      />
    </>
  )
}
