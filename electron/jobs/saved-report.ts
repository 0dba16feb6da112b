/** What became of jobs, as a text to keep. */
import { failureText } from '../../shared/failure-text.ts'
import { formatCounted, formatIso } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { StoredJob } from '../catalog/job-operations.ts'

type About = {
  /** What its reader said or was told beside, one line each. */
  notes: readonly string[]
  programVersion: string
  /** Epoch ms. */
  at: number
}

/** One paragraph for each job: what it was, when, how it ended, what it found, and of a failure all three parts.
 * @returns lines, the last one empty */
export function savedReport(jobs: readonly StoredJob[], { notes, programVersion, at }: About): string[] {
  const states = new Map<string, number>()
  for (const { state } of jobs) states.set(state, (states.get(state) ?? 0) + 1)
  return [
    `Weightlock ${programVersion}: report of ${formatCounted(jobs.length, 'job')}`,
    `Written ${formatIso(at)}`,
    [...states].map(([state, count]) => `${count} ${state}`).join(', '),
    ...notes.map(safeText),
    ...jobs.flatMap((job) => ['', ...paragraph(job)]),
    '',
  ]
}

function paragraph({
  kind,
  title,
  target,
  state,
  startedAt,
  endedAt,
  outcome,
  report,
  failure,
  safe,
}: StoredJob) {
  const told = failure === null ? null : failureText(failure)
  return [
    `${kind}: ${safeText(title)}${target === '' ? '' : ` ${safeText(target)}`}`,
    `  ${state}${outcome === null ? '' : `: ${safeText(outcome)}`}`,
    `  begun ${formatIso(startedAt)}${endedAt === null ? '' : `, ended ${formatIso(endedAt)}`}`,
    ...report.map((line) => `  ${safeText(line)}`),
    ...(told === null
      ? []
      : [
          `  What happened: ${told.title}. ${told.message}`,
          `  What is safe: ${safe ?? told.safe}`,
          `  What to do: ${told.remedy}`,
        ]),
  ]
}
