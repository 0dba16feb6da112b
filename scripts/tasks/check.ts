/** `npm run check`: types, lint, format, lockfile, dead code and unit tests, two at a time. */
import { prettierCache, runInOrder, type Step } from './step.ts'
import { addTotals, noTests, type Totals, totalsLine } from './totals.ts'
import { runVitest, vitestStep } from './vitest-run.ts'

const staticSteps: Step[] = [
  { name: 'lockfile', file: 'scripts/check-lockfile.ts', args: [] },
  {
    name: 'types, lint',
    file: 'node_modules/oxlint/bin/oxlint',
    // The rules that know types load the whole program: its own errors cost little more, and a run of tsc is saved.
    args: ['--type-aware', '--type-check', '--deny-warnings'],
  },
  {
    name: 'format',
    file: 'node_modules/prettier/bin/prettier.cjs',
    args: ['--check', ...prettierCache, '--log-level', 'warn', '.'],
  },
  { name: 'dead code', file: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  // What the tests alone use is dead too.
  { name: 'test-only', file: 'node_modules/knip/bin/knip.js', args: ['--no-progress', '--production'] },
]

/** @returns every test and every static step, each step counted as one */
export async function check(): Promise<Totals> {
  const unitTests = vitestStep('unit', ['unit', 'renderer'])
  const [steps, unit] = await Promise.all([
    runInOrder(staticSteps),
    // Vitest itself would leave one of two cores free, which the static steps need for a part of the time only.
    runVitest({ ...unitTests, args: [...unitTests.args, '--maxWorkers=2'] }),
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
