/** Commands that look at stored artifacts one by one: verify and adopt. */
import { type ArtifactRow, VerifyLevel } from '../../shared/domain/artifact.ts'
import { type Failure, fail, failureOf } from '../../shared/failure.ts'
import type { ArtifactId, JobId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { VerifyReport } from '../../shared/domain/verify-report.ts'
import { ask, everyRow, tell } from './calls.ts'
import type { Command, Context, Outcome } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { findArtifact, findStoreIfNamed } from './find.ts'
import { failureOfJob, waitForJobs } from './wait-for-jobs.ts'

type Failures = { path: string; failure: Failure }[]

async function findAll(context: Context, names: readonly string[]) {
  const artifacts: ArtifactRow[] = []
  const failures: Failures = []
  for (const path of names) {
    try {
      artifacts.push(await findArtifact(context, path))
    } catch (error) {
      const failure = failureOf(error)
      if (!failure || failure.code === 'job/stopped') throw error
      failures.push({ path, failure })
    }
  }
  return { artifacts, failures }
}

/** Names that mean nothing are failures of the batch; the others are worked on. */
async function onArtifacts(
  context: Context,
  names: readonly string[],
  start: (artifactIds: ArtifactId[]) => Promise<{ jobId: JobId }>,
  { reports = false }: { reports?: boolean } = {},
): Promise<Outcome> {
  const { artifacts, failures } = await findAll(context, names)
  let report: string[] = []
  let done: string | null = null
  let jobIdOf: JobId | null = null
  if (artifacts.length > 0 || names.length === 0) {
    const { jobId } = await start(artifacts.map(({ artifactId }) => artifactId))
    jobIdOf = jobId
    const { jobs } = await waitForJobs(context, [jobId])
    const job = jobs[0] ?? fail({ code: 'job/not-found', jobId })
    report = job.report
    done = job.outcome
    const failure = failureOfJob(job)
    if (failure) failures.push({ path: job.title, failure })
  }
  const found = jobIdOf === null || !reports ? null : await everyResult(context, jobIdOf)
  const failure = gravestFailure(failures.map((each) => each.failure))
  return {
    value: { artifacts, failures, report, outcome: done, ...found },
    lines: [...report, ...(done === null ? [] : [done])].map(safeText),
    failures,
    ...(failure ? { failure } : {}),
  }
}

/** Object by object, with what else is known of the whole. */
async function everyResult(
  context: Context,
  jobId: JobId,
): Promise<Pick<VerifyReport, 'results' | 'counts' | 'stores'>> {
  let whole: VerifyReport | null = null
  const results = await everyRow(
    async (page) => {
      whole = await ask(context, 'artifacts:verify-report', { jobId, ...page })
      return { total: whole.total, rows: whole.results }
    },
    (row) => `${row.artifactId} ${row.version} ${row.storeId} ${row.objectName}`,
  )
  const { counts, stores } = whole ?? fail({ code: 'job/not-found', jobId })
  return { results, counts, stores }
}

export const verify: Command = {
  words: 'verify',
  operands: '[ARTIFACT…]',
  operandCount: { min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'compare what is stored with what was stored, without its keys',
  details: [
    'Without ARTIFACT, everything, or everything in one store.',
    'quick: size, header and stored checksum; sample: random parts as well; full: every byte. With --json each',
    'object of each version has its result, what was checked of it, and what was not.',
  ],
  options: {
    store: { value: 'S', help: 'only this store, by name or id' },
    level: { value: 'LEVEL', choices: VerifyLevel.options, help: 'how much is read; default: sample' },
  },
  run: async (input, context) => {
    const storeId = await findStoreIfNamed(context, input.text('store'))
    const level = VerifyLevel.options.find((each) => each === input.text('level')) ?? 'sample'
    return onArtifacts(
      context,
      input.operands,
      (artifactIds) => tell(context, 'artifacts:verify', { artifactIds, storeId, level }),
      { reports: true },
    )
  },
}

export const adopt: Command = {
  words: 'adopt',
  operands: 'ARTIFACT…',
  operandCount: { min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'become the owner of artifacts that another installation made: each is opened and read in full',
  options: { all: { help: 'every artifact that another installation owns' } },
  run: (input, context) => {
    const all = input.isSet('all')
    if (all === input.operands.length > 0)
      fail({ code: 'usage/invalid', detail: 'name the artifacts to adopt, or --all' })
    return onArtifacts(context, input.operands, (artifactIds) =>
      tell(context, 'artifacts:adopt', { artifactIds, all }),
    )
  },
}
