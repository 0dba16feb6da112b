import { z } from 'zod'
import { JobView } from '../job.ts'
import { JobId } from '../ids.ts'
import { PathRef } from '../domain/client-input.ts'
import { ArtifactRow } from '../domain/artifact.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

const Which = z.object({ jobIds: z.array(JobId).max(10_000).nullable() })

export const jobsContract = {
  /** Open jobs are queued, running, paused, failed and unresolved ones, and those that ended in this session. */
  'jobs:snapshot': call('both', z.object({}), z.object({ jobs: z.array(JobView) })),
  'jobs:history': call('both', z.object(Page), z.object({ total: z.number().int(), jobs: z.array(JobView) })),
  /** `null` means every job that can be paused (resumed, cancelled). */
  'jobs:pause': call('both', Which, z.object({ jobs: z.array(JobView) })),
  'jobs:resume': call('both', Which, z.object({ jobs: z.array(JobView) })),
  'jobs:cancel': call('both', Which, z.object({ jobs: z.array(JobView) })),
  /** Takes a failed job off the list of open ones; its history stays. */
  'jobs:dismiss': call('both', Which, z.object({ jobs: z.array(JobView) })),
  /** Answers when each has ended or stands still (done, failed, cancelled, unresolved, paused). */
  'jobs:wait': call(
    'terminal',
    z.object({ jobIds: z.array(JobId).max(10_000) }),
    z.object({ jobs: z.array(JobView), artifacts: z.array(ArtifactRow) }),
  ),
  /** Writes what became of jobs to a text file that only its owner may read. `notes`: what else the page says of them,
   * one line each. */
  'jobs:save-report': call(
    'both',
    z.object({
      jobIds: z.array(JobId).min(1).max(10_000),
      target: PathRef,
      notes: z.array(z.string().max(2000)).max(10_000),
    }),
    z.object({ location: z.string() }),
  ),
  'jobs:reveal': call('window', z.object({ jobId: JobId }), z.object({})),
}
