/** `npm run test:soak -- --minutes N [--seed S]`: the crash, fault and random tests over and over, each round with a
 * seed of its own, which is printed: `WEIGHTLOCK_SEED=S` plays it again. The last line is `N passed, N failed`. */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { ensureBuilt } from './build.ts'
import { runVitest, vitestStep } from './check.ts'
import { addTotals, noTests, type Totals, totalsLine } from './totals.ts'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
})
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('--minutes wants a number above 0')

/** What a round that has begun may still take after the time is over, before it counts as hanging. */
const graceMs = 5 * 60_000
const deadline = performance.now() + minutes * 60_000

/** Tests in these files draw from `WEIGHTLOCK_SEED`; Vitest takes parts of paths. */
const randomFiles = ['fault', 'random', 'hostile', 'vectors', 'property']

async function playRound(seed: number): Promise<Totals> {
  const step = (name: string, projects: string[], args: string[] = []) => ({
    ...vitestStep(name, projects, args),
    env: { WEIGHTLOCK_SEED: String(seed), WEIGHTLOCK_SOAK: '1' },
    timeoutMs: Math.max(60_000, deadline - performance.now() + graceMs),
  })
  return addTotals(
    await runVitest(step('soak crash', ['crash'])),
    await runVitest(step('soak random', ['unit', 'integration'], randomFiles)),
  )
}

let totals = (await ensureBuilt()) ? noTests() : { ...noTests(), failed: 1 }
let rounds = 0
while (totals.failed === 0 && (rounds === 0 || performance.now() < deadline)) {
  const seed = rounds === 0 && values.seed !== undefined ? Number(values.seed) : randomInt(2 ** 31)
  rounds += 1
  console.log(`round ${rounds}, seed ${seed}`)
  const round = await playRound(seed)
  console.log(`round ${rounds}, seed ${seed}: ${totalsLine(round)}`)
  totals = addTotals(totals, round)
}
console.log(`${rounds} rounds`)
console.log(totalsLine(totals))
process.exitCode = totals.failed === 0 ? 0 : 1
