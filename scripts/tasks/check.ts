/** `npm run check`: types, lint, format, lockfile, dead code and unit tests, two at a time. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder, reportStep, runInOrder, runStep, type Step } from './step.ts'
import { addTotals, noTests, type Totals, totalsLine, totalsOf, vitestTotals } from './totals.ts'

const reports = join(projectFolder, 'test-results')

const staticSteps: Step[] = [
  { name: 'lockfile', file: 'scripts/check-lockfile.ts', args: [] },
  { name: 'types', file: 'node_modules/typescript/bin/tsc', args: ['--noEmit'] },
  { name: 'lint', file: 'node_modules/oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings'] },
  {
    name: 'format',
    file: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', '--cache', '--log-level', 'warn', '.'],
  },
  { name: 'dead code', file: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  // What the tests alone use is dead too.
  { name: 'test-only', file: 'node_modules/knip/bin/knip.js', args: ['--no-progress', '--production'] },
]

/** A run of some of Vitest's projects, with a report that can be counted. */
export const vitestStep = (
  name: string,
  projects: string[],
  args: string[] = [],
): Step & { report: string } => {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  return {
    name,
    report,
    file: 'node_modules/vitest/vitest.mjs',
    args: [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ],
  }
}

/** Runs a Vitest step and counts its tests. */
export async function runVitest(step: Step & { report: string }): Promise<Totals> {
  mkdirSync(reports, { recursive: true })
  rmSync(step.report, { force: true })
  const outcome = await runStep(step)
  reportStep(outcome)
  return totalsOf(step.report, outcome.ok, vitestTotals)
}

/** @returns every test and every static step, each step counted as one */
export async function check(): Promise<Totals> {
  const [steps, unit] = await Promise.all([
    runInOrder(staticSteps),
    runVitest(vitestStep('unit', ['unit', 'renderer'])),
  ])
  const ok = steps.filter((step) => step.ok).length
  return addTotals(unit, { ...noTests(), passed: ok, failed: steps.length - ok })
}

if (import.meta.main) {
  const totals = await check()
  if (totals.skipped > 0) console.log(`${totals.skipped} skipped`)
  console.log(totalsLine(totals))
  process.exitCode = totals.failed === 0 ? 0 : 1
}
