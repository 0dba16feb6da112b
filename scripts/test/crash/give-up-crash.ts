/** A rotation whose file went away under it, given up by name, and stopped while that is taken down. */
import { renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JobId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'
import type { valueOrThrow } from './call-app.ts'

type Call = ReturnType<typeof valueOrThrow>

const name = 'model.bin'
const ended = 'Given up: nothing was rotated'
const storedIn = (dataFolder: string): string => join(dataFolder, 'store', `${name}.age`)
const keptIn = (dataFolder: string): string => join(dirname(dataFolder), 'kept.age')

const settled = async (call: Call, jobId: JobId): Promise<JobView | undefined> =>
  (await call('jobs:wait', { jobIds: [jobId] })).jobs[0]

/** Rotates until the file's head is another, which then fails, and takes the file away.
 * @param onFailed called before the job is tried again
 * @returns the job, which says that its file is gone */
export async function loseRotated(call: Call, dataFolder: string, onFailed: () => void): Promise<JobId> {
  const { keyId } = await call('artifacts:find', { query: name })
  const asked = { keyIds: [keyId], method: 'rewrap', reason: 'policy', note: '' }
  const [jobId] = (await call('keys:rotate', asked)).jobIds
  if (jobId === undefined) throw new Error('nothing rotates')
  if ((await settled(call, jobId))?.state !== 'failed') throw new Error('it did not fail')
  onFailed()
  renameSync(storedIn(dataFolder), keptIn(dataFolder))
  await call('jobs:resume', { jobIds: [jobId] })
  const job = await settled(call, jobId)
  if (job?.failure?.code !== 'rotation/object-gone') throw new Error(`it is ${job?.state}`)
  return jobId
}

/** @returns the job, which goes on */
export async function giveUp(call: Call, jobId: JobId): Promise<JobId> {
  const { objects } = await call('jobs:gone', { jobId })
  await call('jobs:give-up', { jobId, confirmName: name, objects })
  return jobId
}

/** After a restart: the rotation stands still as it did, or has ended. A decision that was taken down is not asked for
 * again. Then the file comes back.
 * @param jobs as they were found
 * @returns one line for each thing that must not be */
export async function findHalfGivenUp(call: Call, dataFolder: string, jobs: JobView[]): Promise<string[]> {
  const broken: string[] = []
  for (const { jobId, kind, state, failure } of jobs.filter((job) => job.kind === 'rewrap')) {
    if (state === 'done') continue
    if (state !== 'failed' || failure?.code !== 'rotation/object-gone')
      broken.push(`${kind} job is ${state}: ${failure?.code}`)
    await call('jobs:resume', { jobIds: [jobId] })
    let job = await settled(call, jobId)
    if (job?.failure?.code === 'rotation/object-gone') job = await settled(call, await giveUp(call, jobId))
    if (job?.outcome !== ended) broken.push(`tried again, it is ${job?.state}: ${job?.outcome}`)
  }
  renameSync(keptIn(dataFolder), storedIn(dataFolder))
  const { artifactId } = await call('artifacts:find', { query: name })
  const { keys } = await call('artifacts:show', { artifactId })
  const states = keys.map(({ state }) => state).toSorted()
  if (states.join() !== 'active,deactivated') broken.push(`its keys are ${states.join()}`)
  const { rows } = await call('audit:list', {
    category: 'all',
    query: '',
    since: null,
    offset: 0,
    limit: 200,
  })
  const noted = rows.filter(({ event }) => event === 'rotation-given-up').length
  if (noted !== 1) broken.push(`the audit log notes ${noted} times that it was given up`)
  return broken
}
