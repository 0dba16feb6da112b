/** Counting what passed and failed over Vitest, Playwright and the plain steps. */
import { existsSync, readFileSync } from 'node:fs'
import { runsAgain } from './run-again.ts'

export type Totals = { passed: number; failed: number; skipped: number; skippedNames: string[] }

export const noTests = (): Totals => ({ passed: 0, failed: 0, skipped: 0, skippedNames: [] })

export const addTotals = (...all: Totals[]): Totals => ({
  passed: all.reduce((sum, each) => sum + each.passed, 0),
  failed: all.reduce((sum, each) => sum + each.failed, 0),
  skipped: all.reduce((sum, each) => sum + each.skipped, 0),
  skippedNames: all.flatMap((each) => each.skippedNames),
})

type VitestFile = { assertionResults: { status: string; fullName: string }[]; status: string; name: string }
type VitestReport = { testResults: VitestFile[] }

/** Totals of a report of Vitest's `json` reporter. A file that could not be loaded counts as one failure.
 * @param except paths of files that are not counted */
export function vitestTotals(report: VitestReport, except: readonly string[] = []): Totals {
  const totals = noTests()
  for (const file of report.testResults) {
    if (except.includes(file.name)) continue
    if (file.status === 'failed' && !file.assertionResults.some((each) => each.status === 'failed'))
      totals.failed += 1
    for (const { status, fullName } of file.assertionResults) countTest(totals, status, fullName)
  }
  return totals
}

/** The files in which something failed, as absolute paths. */
export const failedFiles = (report: VitestReport): string[] =>
  report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name)

function countTest(totals: Totals, status: string, name: string): void {
  if (status === 'passed') totals.passed += 1
  else if (status === 'failed') totals.failed += 1
  else {
    totals.skipped += 1
    totals.skippedNames.push(name)
  }
}

type PlaywrightSuite = {
  specs?: { title: string; tests: { status: string }[] }[]
  suites?: PlaywrightSuite[]
}
type PlaywrightReport = { suites: PlaywrightSuite[]; errors?: unknown[] }

/** Totals of a report of Playwright's `json` reporter. A test that passed only when repeated is `flaky`: it counts as
 * passed where repeating was asked for (`run-again.ts`), else as failed. */
export function playwrightTotals(report: PlaywrightReport): Totals {
  const totals = noTests()
  const counted: Record<string, string> = {
    expected: 'passed',
    skipped: 'skipped',
    ...(runsAgain() ? { flaky: 'passed' } : {}),
  }
  totals.failed += report.errors?.length ?? 0
  const visit = (suite: PlaywrightSuite) => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) countTest(totals, counted[status] ?? 'failed', spec.title)
    }
    suite.suites?.forEach(visit)
  }
  report.suites.forEach(visit)
  return totals
}

/** Reads a report that a run should have left. Where there is none, or where it shows no failure although the run
 * failed, one failure is counted, so that nothing that went wrong is lost in the sum. */
export function totalsOf(path: string, runOk: boolean, count: (report: never) => Totals): Totals {
  const totals = existsSync(path) ? count(JSON.parse(readFileSync(path, 'utf8')) as never) : noTests()
  if (!runOk && totals.failed === 0) totals.failed = 1
  return totals
}

/** The last line of a run, alone on its line. */
export const totalsLine = ({ passed, failed }: Totals): string => `${passed} passed, ${failed} failed`
