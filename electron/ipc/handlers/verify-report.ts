import type { artifactsContract } from '../../../shared/contract/artifacts.ts'
import { countFindings, type VerifyReport } from '../../../shared/domain/verify-report.ts'
import { VerifyLevel } from '../../../shared/domain/artifact.ts'
import { fail } from '../../../shared/failure.ts'
import { formatIso } from '../../../shared/format.ts'
import type { JobId } from '../../../shared/ids.ts'
import { reportLines, resultLine } from '../../jobs/kinds/verify/report-lines.ts'
import { readRecorded, sortedResults } from '../../jobs/kinds/verify/verify-journal.ts'
import { writeUserFile } from '../../keys/write-user-file.ts'
import type { Handlers } from '../dispatcher.ts'
import type { HandlerDeps } from './handler-deps.ts'

type Channels = 'artifacts:verify-report' | 'artifacts:save-verify-report'

/** What checks found, as their journals have it. */
export const verifyReportHandlers = ({
  catalog,
  files,
}: HandlerDeps): Handlers<Pick<typeof artifactsContract, Channels>> => {
  const whole = async (jobId: JobId): Promise<VerifyReport & { outcome: string | null }> => {
    const { kind, spec, startedAt, endedAt, outcome } = await catalog.getJob(jobId)
    const asked = typeof spec === 'object' && spec !== null && 'level' in spec ? spec['level'] : null
    const level = VerifyLevel.safeParse(asked)
    if (kind !== 'verify' || !level.success) return fail({ code: 'job/not-found', jobId })
    const steps = (await catalog.steps(jobId)).map(({ step, facts }) => ({
      step,
      facts: (facts ?? {}) as Record<string, unknown>,
    }))
    const { results, stores } = readRecorded(steps, { open: false })
    return {
      level: level.data,
      startedAt,
      endedAt,
      counts: countFindings(results),
      total: results.length,
      results: sortedResults(results),
      stores,
      outcome,
    }
  }
  return {
    'artifacts:verify-report': async ({ jobId, offset, limit }) => {
      const { outcome: _outcome, ...report } = await whole(jobId)
      return { ...report, results: report.results.slice(offset, offset + limit) }
    },
    'artifacts:save-verify-report': async ({ jobId, target }, context) => {
      const path = context.resolvePath(target, 'write')
      const report = await whole(jobId)
      const text = path.endsWith('.json') ? `${JSON.stringify(report, null, 2)}\n` : asText(report)
      await writeUserFile(files, path, [Buffer.from(text)])
      return { location: path, results: report.total }
    },
  }
}

function asText(report: VerifyReport & { outcome: string | null }): string {
  const { level, startedAt, endedAt, outcome, results } = report
  return [
    `Weightlock: check of stored artifacts, level ${level}`,
    `Begun ${formatIso(startedAt)}${endedAt === null ? '' : `, ended ${formatIso(endedAt)}`}`,
    ...(outcome === null ? [] : [outcome]),
    '',
    ...reportLines(report),
    '',
    ...results.map(resultLine),
    '',
  ].join('\n')
}
