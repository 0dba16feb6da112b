/** `npm run test:soak -- --minutes N [--seed S]`: the crash, fault and random tests over and over, each round with a
 * seed of its own, which is printed: `WEIGHTLOCK_SEED=S` plays it again. The last line is `N passed, N failed`. */
import { randomInt } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatCounted } from '../../shared/format.ts'
import {
  crashKinds,
  isWideEnough,
  localKinds,
  localRotations,
  readSpreads,
  spreadLine,
} from '../test/crash/kill-spread.ts'
import { hasS3Server } from '../test/s3-server.ts'
import { ensureBuilt } from './build.ts'
import { runVitest, vitestStep } from './vitest-run.ts'
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

/** Where each round notes how many random kills fell into which phase. */
const killsPath = join(projectFolder, 'test-results/kills.jsonl')

type RandomTests = { which: string; isOne: (path: string, text: string) => boolean }
/** What plays another game with another seed, or puts something in the way of the program. */
const randomTests: RandomTests[] = [
  { which: 'properties', isOne: (_, text) => text.includes("from 'fast-check'") },
  { which: 'random numbers that are announced', isOne: (_, text) => text.includes('announcedRandom(') },
  { which: 'seeds of their own', isOne: (_, text) => /env\W+WEIGHTLOCK_SEED/.test(text) },
  { which: 'faults', isOne: (path) => basename(path).startsWith('fault-') },
  { which: 'hostile input', isOne: (path) => basename(path).startsWith('hostile-') },
]

/** @throws Error when a kind of test has gone: the soak would prove less without anybody noticing */
function randomFiles(): string[] {
  const files = globSync('{electron,renderer,shared,scripts}/**/*.test.{ts,tsx}', { cwd: projectFolder })
    .filter((path) => !path.endsWith('.crash.test.ts'))
    .map((path) => ({ path, text: readFileSync(join(projectFolder, path), 'utf8') }))
  const chosen = randomTests.flatMap(({ which, isOne }) => {
    const matching = files.filter(({ path, text }) => isOne(path, text))
    if (matching.length === 0) throw new Error(`no test file has ${which}`)
    return matching.map(({ path }) => path)
  })
  return [...new Set(chosen)]
}

const stepOf = (seed: number, name: string, projects: string[], args: string[] = []) => ({
  ...vitestStep(name, projects, args),
  env: { WEIGHTLOCK_SEED: String(seed), WEIGHTLOCK_SOAK: '1', WEIGHTLOCK_KILLS: killsPath },
  timeoutMs: stepTimeoutMs,
})
const everything = async (seed: number): Promise<Totals> =>
  addTotals(
    await runVitest({ ...stepOf(seed, 'soak crash', ['crash']), live: true }),
    await runVitest(stepOf(seed, 'soak random', ['unit', 'integration', 'renderer'], randomFiles())),
  )
const killsOnly = (seed: number): Promise<Totals> =>
  runVitest({ ...stepOf(seed, 'soak kills', ['crash'], ['-t', 'random instants']), live: true })

/** What is killed at random here. */
const kinds = (await hasS3Server()) ? crashKinds : [...localKinds, ...localRotations]

mkdirSync(join(projectFolder, 'test-results'), { recursive: true })
rmSync(killsPath, { force: true })
let totals = (await ensureBuilt()) ? noTests() : { ...noTests(), failed: 1 }
let rounds = 0
/** How long the last one took. */
const tookMs = new Map<typeof everything, number>()
while (totals.failed === 0) {
  const spreads = readSpreads(killsPath)
  // Everything once; then random kills until there are enough of them; then everything over and over.
  const play = spreads.length > 0 && !isWideEnough(spreads, kinds) ? killsOnly : everything
  // The kills are about half of everything.
  const expectedMs = tookMs.get(play) ?? (tookMs.get(everything) ?? 0) / 2
  // A round that cannot end in time is not begun: the soak is as long as it was told, or one round.
  if (rounds > 0 && performance.now() + expectedMs > deadline) break
  const begun = performance.now()
  const seed = rounds === 0 && values.seed !== undefined ? Number(values.seed) : randomInt(2 ** 31)
  rounds += 1
  console.log(`round ${rounds}, seed ${seed}`)
  const round = await play(seed)
  console.log(`round ${rounds}, seed ${seed}: ${totalsLine(round)}`)
  for (const spread of readSpreads(killsPath)) console.log(`  so far ${spreadLine(spread)}`)
  totals = addTotals(totals, round)
  if (round.passed === 0 && round.failed === 0) {
    console.log(`round ${rounds} tested nothing`)
    totals.failed += 1
  }
  tookMs.set(play, performance.now() - begun)
}
const enough = isWideEnough(readSpreads(killsPath), kinds) ? 'reached' : 'not reached'
console.log(`60 random kills of each kind, 5 in each phase: ${enough}`)
console.log(formatCounted(rounds, 'round'))
console.log(totalsLine(totals))
process.exitCode = totals.failed === 0 ? 0 : 1
