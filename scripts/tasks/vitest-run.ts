/** Runs of Vitest, counted. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { projectFolder, reportStep, runStep, type Step } from './step.ts'
import { runsAgain } from './run-again.ts'
import { addTotals, failedFiles, type Totals, totalsOf, vitestTotals } from './totals.ts'

type VitestStep = Step & {
  projects: string[]
  report: string
}

const reports = join(projectFolder, 'test-results')

/** A run of some of Vitest's projects, with a report that can be counted.
 * @param files all of the projects' where left out */
export function vitestStep(name: string, projects: string[], files: string[] = []): VitestStep {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  return {
    name,
    projects,
    report,
    file: 'node_modules/vitest/vitest.mjs',
    args: [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...files,
    ],
  }
}

/** Runs a Vitest step and counts its tests. Files whose process was ended by a signal (nodejs/node#62393 and #64500
 * tell how Node itself does that) are run a second time, and where `runsAgain` holds those in which a test failed too,
 * but for proofs by crash. That is said, and it is then their second run that counts. */
export async function runVitest(step: VitestStep): Promise<Totals> {
  mkdirSync(reports, { recursive: true })
  rmSync(step.report, { force: true })
  const outcome = await runStep(step)
  const crashed = outcome.ok ? [] : crashedFiles(outcome.output)
  const failed = outcome.ok || !runsAgain() || step.projects.includes('crash') ? [] : failedIn(step.report)
  const repeated = [...new Set([...crashed, ...failed])]
  if (repeated.length === 0) {
    reportStep(outcome)
    return totalsOf(step.report, outcome.ok, vitestTotals)
  }
  const isAll = unhandledErrors(outcome.output) <= crashed.length
  const others = totalsOf(step.report, isAll, (report) => vitestTotals(report, repeated))
  reportStep({ ...outcome, ok: false })
  if (crashed.length > 0) console.log(`Node crashed, run again: ${crashed.join(', ')}`)
  if (failed.length > 0) console.log(`Failed, run again: ${failed.join(', ')}`)
  const again = vitestStep(`${step.name} again`, step.projects, repeated)
  const { name, report, args } = again
  const second = await runStep({ ...step, name, args })
  reportStep(second)
  return addTotals(others, totalsOf(report, second.ok, vitestTotals))
}

const failedIn = (report: string): string[] =>
  existsSync(report) ? failedFiles(JSON.parse(readFileSync(report, 'utf8')) as never) : []

const unhandledErrors = (output: string): number =>
  Number(/caught (\d+) unhandled error/.exec(stripVTControlCharacters(output))?.[1] ?? 0)

/** The test files in whose processes Node crashed, as absolute paths, by what Vitest printed. */
export const crashedFiles = (output: string): string[] => [
  ...new Set(
    stripVTControlCharacters(output)
      .matchAll(/exited unexpectedly with signal SIG\w+ .*while running test file (\S+)/g)
      .map(([, path = '']) => path),
  ),
]
