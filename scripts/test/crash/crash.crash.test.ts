/** The program is stopped before and after every journaled step, with what was not fsynced lost; and killed at random
 * instants. Afterwards everything that is listed opens, and nothing strays. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { runCrash, type CrashReport } from './run-crash.ts'
import { seededRandom } from './seeded-random.ts'

const kinds = ['encrypt', 'decrypt', 'destroy'] as const
const isSoak = process.env['WEIGHTLOCK_SOAK'] === '1'
/** Random instants of each kind: in a soak as many as the proof asks for. */
const instants = isSoak ? 60 : 6
const seed = Number(process.env['WEIGHTLOCK_SEED'] ?? Date.now() % 2 ** 31)

let folder: string
let keyring: TestKeyring
let source: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  source = join(folder, 'model.bin')
  writeFileSync(source, randomBytes(20_000_000))
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
})
afterAll(async () => {
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const sound = (report: CrashReport, where: string) =>
  expect({ where, broken: report.broken }).toEqual({ where, broken: [] })

describe.skipIf(!hasKeyring())('a crash loses nothing', () => {
  it.each(kinds)('before and after every journaled step of %s, power cut', async (what) => {
    const whole = await runCrash({ what, powerCut: true }, keyring.env, source)
    expect(whole.finished).toBe(true)
    sound(whole, 'unharmed')
    const points = [...new Set(whole.steps)]
    expect(points.length).toBeGreaterThanOrEqual(6)
    for (const point of points) {
      const [step = '', when] = point.split(' ')
      const stopAt = { step, when: when === 'before' ? 'before' : 'after' } as const
      const report = await runCrash({ what, stopAt, powerCut: true }, keyring.env, source)
      expect(report.finished).toBe(false)
      sound(report, `${what}, ${point}`)
    }
  })

  it.each(kinds)('killed at random instants of %s', async (what) => {
    const random = seededRandom(seed)
    const { steps } = await runCrash({ what, powerCut: false }, keyring.env, source)
    const phases = [...new Set(steps)].filter((point) => point.endsWith(' after'))
    const spread = new Map<string, number>()
    const perPhase = Math.ceil(instants / phases.length)
    for (const step of phases)
      for (let n = 0; n < perPhase; n += 1) {
        // The payload takes half a second, every other phase is stretched to 60 ms.
        const delayMs = Math.floor(random() * (step === 'header after' ? 500 : 55))
        const report = await runCrash(
          { what, killAfter: { step, delayMs }, powerCut: false },
          keyring.env,
          source,
        )
        const died = report.finished ? 'end' : (report.steps.at(-1) ?? 'start')
        spread.set(died, (spread.get(died) ?? 0) + 1)
        sound(report, `${what}, ${delayMs} ms after ${step}, seed ${seed}`)
      }
    console.log(
      `${what}, seed ${seed}: ${[...spread].map(([point, count]) => `${point} ${count}`).join(', ')}`,
    )
    expect([...spread.values()].reduce((sum, count) => sum + count, 0)).toBe(perPhase * phases.length)
  })
})
