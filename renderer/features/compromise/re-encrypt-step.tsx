import { useMemo, useState } from 'react'
import { taintedStates } from '../../../shared/compromise-words.ts'
import type { Incident, TaintedVersion } from '../../../shared/domain/compromise.ts'
import type { Response } from '../../../shared/contract/contract.ts'
import type { ArtifactId, KeyId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useJobs } from '../../lib/jobs-store.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { DecideDialog, type Deciding } from './decide-dialog.tsx'
import classes from './compromise.module.css'

type Refused = Response<'keys:rotate'>['refused']

/** The jobs that re-encrypt what is tainted, found again after a restart, and how to start what is not begun. */
export function useReEncryption(incident: Incident) {
  const { jobs } = useJobs()
  const toDo = incident.versions.filter(({ state }) => state === 'to-do')
  const open = useMemo(
    () =>
      new Map(
        jobs
          .filter(({ kind, state }) => kind === 're-encrypt' && state !== 'done' && state !== 'cancelled')
          .map((job) => [job.artifactId, job] as const),
      ),
    [jobs],
  )
  const [refused, setRefused] = useState<Refused>([])
  const rotate = useAction('keys:rotate', { onDone: (answer) => setRefused(answer.refused) })
  const keyIds = keysToRotate(
    incident,
    toDo.filter(({ artifactId }) => !open.has(artifactId)),
  )
  return {
    toDo,
    jobOf: (artifactId: ArtifactId): JobView | undefined => open.get(artifactId),
    refused,
    failure: rotate.isError ? failureFrom(rotate.error) : null,
    isStarting: rotate.isPending,
    canStart: keyIds.length > 0,
    artifacts: keyIds.length,
    start: () =>
      rotate.mutate({ keyIds, method: 're-encrypt', reason: 'compromise', note: incident.incident.reason }),
  }
}
type Work = ReturnType<typeof useReEncryption>

/** One key for each artifact: the leaked one, or, where that is destroyed, the one that took its place. */
function keysToRotate({ keys }: Incident, toDo: readonly TaintedVersion[]): KeyId[] {
  const leaked = new Set(keys.filter(({ state }) => state === 'compromised').map(({ keyId }) => keyId))
  const chosen = new Map<ArtifactId, KeyId>()
  for (const { artifactId, keyId, wrappedBy } of toDo) {
    const key = leaked.has(keyId) ? keyId : wrappedBy
    if (key !== null && !chosen.has(artifactId)) chosen.set(artifactId, key)
  }
  return [...chosen.values()]
}

export function ReEncryptButton({ work }: { work: Work }) {
  const format = useFormat()
  if (!work.canStart) return null
  return (
    <Button kind="primary" busy={work.isStarting} onClick={work.start}>
      Re-encrypt {format.counted(work.artifacts, 'artifact')}
    </Button>
  )
}

/** Every payload that a leaked key ever wrapped: re-encryption is the only offer, or giving it up by name. */
export function ReEncryptStep({ incident, work }: { incident: Incident; work: Work }) {
  const [deciding, setDeciding] = useState<Deciding | null>(null)
  const { incidentId } = incident.incident
  const byArtifact = [...Map.groupBy(incident.versions, (each) => each.artifactId)]
  return (
    <>
      {work.failure === null ? null : (
        <div className={classes.alert}>
          <FailureAlert failure={work.failure} bare />
        </div>
      )}
      <ul className={classes.list} aria-label="Tainted artifacts">
        {byArtifact.map(([artifactId, versions]) => (
          <TaintedArtifact
            key={artifactId}
            versions={versions}
            job={work.jobOf(artifactId)}
            refused={work.refused.find(({ keyId }) =>
              versions.some((each) => each.keyId === keyId || each.wrappedBy === keyId),
            )}
            onGiveUp={(name, numbers) =>
              setDeciding({ kind: 'give-up', artifactId, name, versions: numbers, objectVersions: [] })
            }
          />
        ))}
      </ul>
      {deciding === null ? null : (
        <DecideDialog incidentId={incidentId} deciding={deciding} onClose={() => setDeciding(null)} />
      )}
    </>
  )
}

type TaintedArtifactProps = {
  versions: TaintedVersion[]
  job: JobView | undefined
  refused: Refused[number] | undefined
  onGiveUp: (name: string, versions: number[]) => void
}

function TaintedArtifact({ versions, job, refused, onGiveUp }: TaintedArtifactProps) {
  const format = useFormat()
  const name = versions[0]?.name ?? ''
  const left = versions.filter(({ state }) => state === 'to-do')
  const states = [...Map.groupBy(versions, ({ state }) => state)].map(
    ([state, each]) => `${format.counted(each.length, 'version')} ${taintedStates[state]}`,
  )
  return (
    <li>
      <span>
        <MiddleEllipsis text={name} />
      </span>
      <span className={classes.acts}>
        {job ? statusOf(job).word : states.join(', ')}
        {left.length > 0 && job === undefined ? (
          <Button
            kind="ghost"
            aria-label={`Give up ${name}…`}
            onClick={() =>
              onGiveUp(
                name,
                left.map(({ version }) => version),
              )
            }
          >
            Give up…
          </Button>
        ) : null}
      </span>
      {job ? (
        <span className={classes.wide}>
          <ProgressBar job={job} />
        </span>
      ) : null}
      {job?.failure ? (
        <div className={classes.wide}>
          <FailureAlert failure={job.failure} safe={job.safe} layout="columns" bare />
        </div>
      ) : null}
      {refused && left.length > 0 && job === undefined ? (
        <div className={classes.wide}>
          <FailureAlert failure={refused.failure} layout="columns" bare />
        </div>
      ) : null}
    </li>
  )
}
