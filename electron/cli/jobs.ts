import { formatBytesOf, formatDateTime } from '../../shared/format.ts'
import { JobId } from '../../shared/ids.ts'
import { failureText } from '../../shared/failure-text.ts'
import { fail } from '../../shared/failure.ts'
import type { JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import { storedTable } from './artifact-lines.ts'
import { ask, everyRow, tell } from './calls.ts'
import type { Command, Input } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { table } from './table.ts'
import { failureOfJob, waitForJobs } from './wait-for-jobs.ts'

const jobTable = (jobs: readonly JobView[], locale: string | undefined): string[] =>
  table(
    [
      { title: 'Job' },
      { title: 'Kind' },
      { title: 'State' },
      { title: 'On' },
      { title: 'Done', align: 'right' },
      { title: 'Started' },
    ],
    jobs.map((job) => [
      job.jobId,
      job.kind,
      job.state,
      job.title,
      job.totalBytes > 0 ? formatBytesOf(job.doneBytes, job.totalBytes, locale) : '',
      formatDateTime(job.startedAt, locale),
    ]),
  )

/** Why each that stands still does, and what to do. */
const reasons = (jobs: readonly JobView[]): string[] =>
  jobs.flatMap(({ jobId, state, failure }) => {
    if (failure === null || isMoving({ state }) || state === 'done') return []
    const { title, remedy } = failureText(failure)
    return [`${jobId}: ${title}. ${remedy}`]
  })

const tableOrNone = (jobs: readonly JobView[], locale: string | undefined): string[] =>
  jobs.length > 0 ? jobTable(jobs, locale) : ['There are no jobs.']

/** Null means all. @throws usage/invalid for what is no job's id */
function jobIdsOf(input: Input): JobId[] | null {
  if (input.operands.length === 0) return null
  return input.operands.map((operand) => {
    const id = JobId.safeParse(operand)
    return id.success
      ? id.data
      : fail({ code: 'usage/invalid', detail: `${JSON.stringify(operand)} is not the id of a job` })
  })
}

const someJobs = { operands: '[JOB…]', operandCount: { min: 0, max: 10_000 }, options: {} } as const

const jobsList: Command = {
  words: 'jobs list',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list the jobs that are open',
  options: {},
  run: async (_, context) => {
    const { jobs } = await ask(context, 'jobs:snapshot', {})
    const why = reasons(jobs)
    const lines = tableOrNone(jobs, context.locale)
    return { value: { jobs }, lines: why.length > 0 ? [...lines, '', ...why] : lines }
  },
}

const historyTable = (jobs: readonly JobView[], locale: string | undefined): string[] =>
  table(
    [
      { title: 'Job' },
      { title: 'Kind' },
      { title: 'State' },
      { title: 'On' },
      { title: 'Ended' },
      { title: 'Outcome' },
    ],
    jobs.map((job) => [
      job.jobId,
      job.kind,
      job.state,
      job.title,
      job.endedAt === null ? '' : formatDateTime(job.endedAt, locale),
      job.outcome ?? '',
    ]),
  )

const jobsHistory: Command = {
  words: 'jobs history',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list the jobs that have ended, the latest first',
  options: {},
  run: async (_, context) => {
    const jobs = await everyRow(
      async (page) => {
        const { total, jobs: rows } = await ask(context, 'jobs:history', page)
        return { total, rows }
      },
      ({ jobId }) => jobId,
    )
    const lines = historyTable(jobs, context.locale)
    return { value: { jobs }, lines: lines.length > 0 ? lines : ['No job has ended yet.'] }
  },
}

const isMoving = ({ state }: Pick<JobView, 'state'>): boolean => state === 'running' || state === 'queued'

const jobsResume: Command = {
  ...someJobs,
  words: 'jobs resume',
  summary: 'go on with all paused jobs, or with those named, failed ones too, and wait until they have ended',
  run: async (input, context) => {
    const asked = jobIdsOf(input)
    const { jobs: all } = await tell(context, 'jobs:resume', { jobIds: asked })
    const resumed = all.filter((job) => (asked ? asked.includes(job.jobId) : isMoving(job)))
    const { jobs, artifacts } = await waitForJobs(
      context,
      resumed.map(({ jobId }) => jobId),
    )
    const failures = jobs.flatMap((job) => {
      const failure = failureOfJob(job)
      return failure ? [{ path: job.title, failure }] : []
    })
    const failure = gravestFailure(failures.map((each) => each.failure))
    return {
      value: { jobs, artifacts, failures },
      lines: [
        ...tableOrNone(jobs, context.locale),
        ...(artifacts.length > 0 ? ['', ...storedTable(artifacts, context.locale)] : []),
      ],
      failures,
      ...(failure ? { failure } : {}),
    }
  },
}

const change = (verb: 'pause' | 'cancel', summary: string): Command => ({
  ...someJobs,
  words: `jobs ${verb}`,
  summary,
  ...(verb === 'cancel' ? { options: { all: { help: 'every job that has not ended' } } } : {}),
  run: async (input, context) => {
    const asked = jobIdsOf(input)
    if (verb === 'cancel' && input.isSet('all') === (asked !== null))
      fail({ code: 'usage/invalid', detail: 'name the jobs to cancel, or --all' })
    const { jobs: all } = await tell(context, `jobs:${verb}`, { jobIds: asked })
    const jobs = asked ? all.filter(({ jobId }) => asked.includes(jobId)) : all
    return { value: { jobs }, lines: tableOrNone(jobs, context.locale) }
  },
})

const jobsGiveUp: Command = {
  words: 'jobs give-up',
  operands: 'JOB',
  operandCount: { min: 1, max: 1 },
  summary: 'end a rotation whose files are gone: the new key is kept, the old one stays as it is',
  details: [
    'A store that cannot be reached, or that is not mounted, has lost nothing: its job waits for it.',
    'A disk mounted on a folder inside a store is not told from that folder: see that it is mounted first.',
  ],
  examples: ['jobs give-up JOB --dry-run', 'jobs give-up JOB --confirm-name model.safetensors'],
  options: {
    'confirm-name': { value: 'NAME', help: 'the artifact’s name, typed in full' },
    'dry-run': { help: 'only say what is gone' },
  },
  run: async (input, context) => {
    const jobId = jobIdsOf(input)?.[0] ?? fail({ code: 'usage/invalid', detail: 'name a job' })
    const confirmName = input.text('confirm-name')
    if (confirmName === undefined && !input.isSet('dry-run'))
      fail({ code: 'usage/invalid', detail: '--confirm-name NAME is missing, or --dry-run' })
    const { name, objects } = await ask(context, 'jobs:gone', { jobId })
    const lines = objects.map(
      ({ version, store, objectName }) =>
        `${safeText(objectName)} · v${version}: gone from ${safeText(store)}`,
    )
    if (confirmName === undefined || input.isSet('dry-run')) return { value: { name, objects }, lines }
    const places = objects.map(({ store: _store, ...place }) => place)
    await tell(context, 'jobs:give-up', { jobId, confirmName, objects: places })
    const { jobs } = await waitForJobs(context, [jobId])
    const failure = jobs[0] === undefined ? null : failureOfJob(jobs[0])
    return {
      value: { name, objects, jobs },
      lines: [...lines, ...jobs.flatMap(({ report }) => report.map(safeText))],
      ...(failure ? { failure } : {}),
    }
  },
}

export const jobCommands: readonly Command[] = [
  jobsList,
  jobsHistory,
  jobsResume,
  jobsGiveUp,
  change('pause', 'pause jobs, or all that run: they can go on later'),
  change('cancel', 'cancel jobs: what they wrote is removed, the originals stay'),
]
