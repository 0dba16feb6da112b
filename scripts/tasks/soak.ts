/** `npm run test:soak -- --minutes N [--seed S]`: the crash, fault and random tests over and over, each round with a
 * seed of its own, which is printed: `WEIGHTLOCK_SEED=S` plays it again. The last line is `N passed, N failed`. */
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.ts'
import { runVitest, vitestStep } from './check.ts'
import { projectFolder } from './step.ts'
import { addTotals, noTests, type Totals, totalsLine } from './totals.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('--minutes wants a number above 0')

/** What one step of a round may take before it counts as hanging. */
const stepTimeoutMs = 20 * 60_000
const deadline = performance.now() + minutes * 60_000

/** Test files that draw from the seed, or put something in the way of the program. */
function randomFiles(): string[] {
  const names = ['electron', 'shared', 'scripts'].flatMap((room) =>
    readdirSync(join(projectFolder, room), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(room, name),
    ),
  )
  return names
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.crash.test.ts'))
    .filter((name) => {
      const text = readFileSync(join(projectFolder, name), 'utf8')
      return /fast-check|WEIGHTLOCK_SEED|announcedRandom/.test(text) || /\/(fault|hostile)/.test(name)
    })
}

async function playRound(seed: number): Promise<Totals> {
  const step = (name: string, projects: string[], args: string[] = []) => ({
    ...vitestStep(name, projects, args),
    env: { WEIGHTLOCK_SEED: String(seed), WEIGHTLOCK_SOAK: '1' },
    timeoutMs: stepTimeoutMs,
  })
  return addTotals(
    await runVitest({ ...step('soak crash', ['crash']), live: true }),
    await runVitest(step('soak random', ['unit', 'integration'], randomFiles())),
  )
}

let totals = (await ensureBuilt()) ? noTests() : { ...noTests(), failed: 1 }
let rounds = 0
let roundMs = 0
// A round that cannot end in time is not begun: the soak is as long as it was told, or one round.
while (totals.failed === 0 && (rounds === 0 || performance.now() + roundMs < deadline)) {
  const begun = performance.now()
  const seed = rounds === 0 && values.seed !== undefined ? Number(values.seed) : randomInt(2 ** 31)
  rounds += 1
  console.log(`round ${rounds}, seed ${seed}`)
  const round = await playRound(seed)
  console.log(`round ${rounds}, seed ${seed}: ${totalsLine(round)}`)
  totals = addTotals(totals, round)
  roundMs = performance.now() - begun
}
console.log(`${rounds} rounds`)
console.log(totalsLine(totals))
process.exitCode = totals.failed === 0 ? 0 : 1
