/** `npm test`: everything that can be proved on this machine. Its last line is `N passed, N failed`. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './build.ts'
import { check } from './check.ts'
import { projectFolder, reportStep, runStep } from './step.ts'
import { addTotals, noTests, playwrightTotals, type Totals, totalsLine, totalsOf } from './totals.ts'
import { runVitest, vitestStep } from './vitest-run.ts'

async function build(): Promise<Totals> {
  const built = await ensureBuilt()
  return { ...noTests(), passed: built ? 1 : 0, failed: built ? 0 : 1 }
}

async function endToEnd(): Promise<Totals> {
  const report = join(projectFolder, 'test-results/e2e.json')
  mkdirSync(join(projectFolder, 'test-results'), { recursive: true })
  rmSync(report, { force: true })
  const outcome = await runStep({
    name: 'end to end',
    file: 'node_modules/@playwright/test/cli.js',
    args: ['test'],
    live: true,
  })
  reportStep(outcome)
  return totalsOf(report, outcome.ok, playwrightTotals)
}

const started = performance.now()
const totals = addTotals(
  await check(),
  await build(),
  await runVitest({ ...vitestStep('integration', ['integration']), live: true }),
  await runVitest({ ...vitestStep('crash', ['crash']), live: true }),
  await endToEnd(),
)
for (const name of totals.skippedNames) console.log(`skipped: ${name}`)
console.log(`${((performance.now() - started) / 60_000).toFixed(1)} minutes, ${totals.skipped} skipped`)
console.log(totalsLine(totals))
process.exitCode = totals.failed === 0 ? 0 : 1
