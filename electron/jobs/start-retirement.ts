/** Retirements are begun in one way, by whoever says yes: a person now, or a date that was watched. */
import type { Actor } from '../catalog/catalog.ts'
import type { ConfirmedLoss } from '../catalog/retirement-operations.ts'
import type { ArtifactId, JobId } from '../../shared/ids.ts'
import type { RetireSpec } from './kinds/retire/retire-spec.ts'
import type { Runner } from './runner.ts'
import type { Services } from './services.ts'

export type ToRetire = {
  artifactId: ArtifactId
  name: string
  deleteCiphertext: boolean
  confirmed: ConfirmedLoss
}

/** One that has begun already goes on with what was confirmed then; one that stands still takes what is confirmed now.
 * @returns its job */
export async function startRetirement(
  { catalog, runner }: Pick<Services, 'catalog'> & { runner: Runner },
  { artifactId, name, deleteCiphertext, confirmed }: ToRetire,
  by: Actor,
): Promise<JobId> {
  const spec: RetireSpec = { artifactId, name, deleteCiphertext, confirmed }
  const stuck = (await catalog.openJobs()).find(
    (job) => job.kind === 'retire' && job.artifactId === artifactId,
  )
  if (stuck === undefined) return runner.start('retire', spec, { by, output: null })
  if (stuck.state !== 'failed' && stuck.state !== 'unresolved') return stuck.jobId
  const hasBegun = (await catalog.steps(stuck.jobId)).some(({ step }) => step === 'retiring')
  if (!hasBegun) await catalog.setJobState(stuck.jobId, stuck.state, { spec })
  await runner.resume([stuck.jobId])
  return stuck.jobId
}
