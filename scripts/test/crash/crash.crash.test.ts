/** The program is stopped before and after every journaled step, with what was not fsynced lost; and killed at random
 * instants. Afterwards everything that is listed opens, and nothing strays. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { crashKinds as kinds, recordSpread, spreadLine } from './kill-spread.ts'
import { runCrash, type CrashReport } from './run-crash.ts'
import { seededRandom } from './seeded-random.ts'

const isSoak = process.env['WEIGHTLOCK_SOAK'] === '1'
/** Kills that must fall into each phase of the journal. A soak adds up many rounds, see `kill-spread.ts`. */
const killsPerPhase = (phases: number) => (isSoak ? Math.ceil(20 / phases) : 1)
const seed = Number(process.env['WEIGHTLOCK_SEED'] ?? Date.now() % 2 ** 31)
/** The payload passes at a pace of its own after these; every other phase is stretched. */
const beforePayload = { encrypt: 'header after', decrypt: 'target after', destroy: null }
const payloadMs = 500
const stretchMs = 60

let folder: string
let keyring: TestKeyring
let source: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  source = join(folder, 'model.bin')
  writeFileSync(source, randomBytes(20_000_000))
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  // The first start on a keyring makes its canary: not three at once.
  if (hasKeyring()) await runCrash({ what: 'encrypt', powerCut: false }, keyring.env, source)
})
afterAll(async () => {
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const sound = (report: CrashReport, where: string) =>
  expect({ where, broken: report.broken }).toEqual({ where, broken: [] })

describe.skipIf(!hasKeyring())(
  'a crash before and after every journaled step, power cut, loses nothing',
  () => {
    it.concurrent.each(kinds)('%s', async (what) => {
      const whole = await runCrash({ what, powerCut: true }, keyring.env, source)
      expect(whole.finished).toBe(true)
      sound(whole, 'unharmed')
      const points = [...new Set(whole.steps)]
      expect(points.length).toBeGreaterThanOrEqual(6)
      for (const point of points) {
        const [step = '', when] = point.split(' ')
        const stopAt = { step, when: when === 'before' ? 'before' : 'after' } as const
        const report = await runCrash({ what, stopAt, powerCut: true }, keyring.env, source)
        expect({ point, finished: report.finished, died: report.steps.at(-1) }).toEqual({
          point,
          finished: false,
          died: point,
        })
        sound(report, `${what}, ${point}`)
      }
    })
  },
)

describe.skipIf(!hasKeyring())('a kill at random instants loses nothing', () => {
  it.concurrent.each(kinds)('%s', async (what) => {
    const random = seededRandom(seed)
    const { steps } = await runCrash({ what, powerCut: false }, keyring.env, source)
    const phases = [...new Set(steps)].filter((point) => point.endsWith(' after'))
    const wanted = killsPerPhase(phases.length)
    const kills: Record<string, number> = Object.fromEntries(phases.map((phase) => [phase, 0]))
    const countIn = (phase: string) => kills[phase] ?? 0

    /** Kills once, aiming at a phase; counts where it really died. */
    const killIn = async (step: string, stretch: number) => {
      const lastsMs = stretch + (step === beforePayload[what] ? payloadMs : 0)
      const delayMs = Math.floor(random() * lastsMs * 0.9)
      const killAfter = { step, delayMs, stretchMs: stretch }
      const report = await runCrash({ what, killAfter, powerCut: false }, keyring.env, source)
      const passed = report.steps.findLast((point) => point.endsWith(' after'))
      if (!report.finished && passed !== undefined) kills[passed] = countIn(passed) + 1
      sound(report, `${what}, ${delayMs} ms after ${step}, seed ${seed}`)
    }
    for (const phase of phases) {
      // A busy machine kills late: after each miss the phases last twice as long.
      let misses = 0
      while (countIn(phase) < wanted && misses < 8) {
        const before = countIn(phase)
        await killIn(phase, stretchMs * 2 ** misses)
        if (countIn(phase) === before) misses += 1
      }
    }
    console.log(`seed ${seed}: ${spreadLine({ what, kills })}`)
    recordSpread(process.env['WEIGHTLOCK_KILLS'], { what, kills })
    expect({ what, tooFew: phases.filter((phase) => countIn(phase) < wanted) }).toEqual({ what, tooFew: [] })
  })
})
