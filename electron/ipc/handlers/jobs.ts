import type { jobsContract } from '../../../shared/contract/jobs.ts'
import { fail } from '../../../shared/failure.ts'
import { viewOf } from '../../jobs/job-views.ts'
import { savedReport } from '../../jobs/saved-report.ts'
import { writeUserFile } from '../../keys/write-user-file.ts'
import type { Handlers } from '../dispatcher.ts'
import type { HandlerDeps } from './handler-deps.ts'

export const jobsHandlers = (deps: HandlerDeps): Handlers<typeof jobsContract> => {
  const { catalog, runner, host, files, now, programVersion } = deps
  const after = async (change: Promise<void>) => {
    await change
    return { jobs: runner.views.all() }
  }
  return {
    'jobs:snapshot': async () => ({ jobs: runner.views.all() }),
    'jobs:history': async ({ offset, limit }) => {
      const { total, jobs } = await catalog.jobHistory(offset, limit)
      return {
        total,
        jobs: jobs.map((job) =>
          viewOf(job, { canPause: false, canRunAgain: false, canReveal: runner.revealPath(job) !== null }),
        ),
      }
    },
    'jobs:pause': ({ jobIds }) => after(runner.pause(jobIds)),
    'jobs:resume': ({ jobIds }) => after(runner.resume(jobIds)),
    'jobs:cancel': ({ jobIds }) => after(runner.cancel(jobIds)),
    'jobs:dismiss': ({ jobIds }) => after(runner.dismiss(jobIds)),
    'jobs:wait': async ({ jobIds }) => {
      const jobs = await runner.settled(jobIds)
      const artifactIds = jobs.flatMap(({ artifactId, state }) =>
        artifactId && state === 'done' ? [artifactId] : [],
      )
      return { jobs, artifacts: await catalog.artifactRows([...new Set(artifactIds)]) }
    },
    'jobs:save-report': async ({ jobIds, target, notes }, context) => {
      const path = context.resolvePath(target, 'write')
      const jobs = []
      for (const jobId of jobIds) jobs.push(await catalog.getJob(jobId))
      const lines = savedReport(jobs, { notes, programVersion, at: now() })
      await writeUserFile(files, path, [Buffer.from(lines.join('\n'))])
      return { location: path }
    },
    'jobs:reveal': async ({ jobId }) => {
      const path = runner.revealPath(await catalog.getJob(jobId))
      const window = host()
      if (path === null || window === null)
        return fail({ code: 'host/unsupported', action: 'Showing the file' })
      window.revealInFileManager(path)
      return {}
    },
  }
}
