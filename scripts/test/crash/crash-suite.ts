/** The program is stopped before and after every journaled step, with what was not fsynced lost; and killed at random
 * instants. Afterwards everything that is listed opens, nothing strays, and what is resumed sends only what is missing. */
import { describe, expect, it } from 'vitest'
import { recordSpread, spreadLine, type CrashKind } from './kill-spread.ts'
import { runCrash, type Crash, type CrashReport, type CrashServer } from './run-crash.ts'
import { seededRandom } from './seeded-random.ts'

export type CrashPlace = {
  /** What the children get, to find the keyring. */
  env: Record<string, string>
  /** What is encrypted. */
  sourcePath: (what: CrashKind) => string
  server: CrashServer | null
}

export const isSoak = process.env['WEIGHTLOCK_SOAK'] === '1'
/** Kills that must fall into each phase of the journal. A soak adds up many rounds, see `kill-spread.ts`. */
const killsPerPhase = (phases: number) => (isSoak ? Math.ceil(10 / phases) : 1)
export const seed = Number(process.env['WEIGHTLOCK_SEED'] ?? Date.now() % 2 ** 31)
/** The payload passes at a pace of its own after these; every other phase is stretched. */
const beforePayload: Record<CrashKind, string | null> = {
  encrypt: 'header after',
  decrypt: 'target after',
  destroy: null,
  retire: null,
  restore: null,
  upload: 'upload after',
  download: 'target after',
  move: 'upload after',
  'give-up': null,
  rewrap: null,
  're-encrypt': 'upload after',
  'rewrap-bucket': 'upload after',
  're-encrypt-bucket': 'upload after',
  'rewrap-unversioned': 'upload after',
  're-encrypt-unversioned': 'upload after',
}
const payloadMs = 500
const stretchMs = 60

/** What was sent or fetched again although the journal had it. What a power cut leaves is laid anew here: another file
 * on the disk, behind which no download goes on. */
function repeated({ steps, resumed }: CrashReport, powerCut: boolean): string[] {
  const count = (list: string[], step: string) => list.filter((each) => each === `${step} after`).length
  const isBegun = count(steps, 'upload') > 0
  return [
    ...(isBegun && count(resumed, 'header') > 0 ? ['the upload started over'] : []),
    ...(isBegun && count(resumed, 'part-done') > uploadParts - count(steps, 'part-done')
      ? [`${count(resumed, 'part-done')} parts were sent again`]
      : []),
    ...(!powerCut && count(steps, 'arrived') > 0 && count(resumed, 'target') > 0
      ? ['the download started over']
      : []),
  ]
}

/** What the upload's source makes of the parts that the program under test cuts. */
const uploadParts = 3

const sound = (report: CrashReport, where: string, powerCut: boolean) =>
  expect({ where, broken: report.broken, repeated: repeated(report, powerCut) }).toEqual({
    where,
    broken: [],
    repeated: [],
  })

/** Ends of steps that a short run stops at, and phases that it kills in. */
const endsOfShort = 5
const phasesOfShort = 2

/** So many of them, in their order. */
export function someOf<Item>(items: readonly Item[], count: number, random: () => number): Item[] {
  const drawn = items
    .map((item) => ({ item, rank: random() }))
    .toSorted((one, other) => one.rank - other.rank)
  const chosen = new Set(drawn.slice(0, count).map(({ item }) => item))
  return items.filter((item) => chosen.has(item))
}

/** A step's end and the next one's beginning are not far apart: a short run stops at some of the
 * ends alone, and kills in some of the phases: others each time.
 * @param canRun whether what they need is there
 * @param place known once the tests run */
export function describeCrashes(
  kinds: readonly CrashKind[],
  canRun: boolean,
  place: (what: CrashKind) => CrashPlace,
  isShort: (what: CrashKind) => boolean = () => false,
): void {
  const crashed = (crash: Crash) => {
    const { env, sourcePath, server } = place(crash.what)
    return runCrash(crash, env, sourcePath(crash.what), server)
  }
  const unharmed = new Map<CrashKind, Promise<CrashReport>>()
  /** Told once for both proofs. */
  const unharmedRun = (what: CrashKind): Promise<CrashReport> => {
    const running = unharmed.get(what) ?? crashed({ what, powerCut: true })
    unharmed.set(what, running)
    return running
  }

  describe.skipIf(!canRun)('a crash before and after every journaled step, power cut, loses nothing', () => {
    it.concurrent.each(kinds)('%s', async (what) => {
      const whole = await unharmedRun(what)
      expect(whole.finished).toBe(true)
      sound(whole, 'unharmed', true)
      const points = [...new Set(whole.steps)]
      expect(points.length).toBeGreaterThanOrEqual(6)
      const ends = points.filter((point) => point.endsWith(' after'))
      const chosen = isShort(what) ? someOf(ends, endsOfShort, seededRandom(seed)) : points
      for (const point of chosen) {
        const [step = '', when] = point.split(' ')
        const stopAt = { step, when: when === 'before' ? 'before' : 'after' } as const
        const report = await crashed({ what, stopAt, powerCut: true })
        expect({ point, finished: report.finished, died: report.steps.at(-1) }).toEqual({
          point,
          finished: false,
          died: point,
        })
        sound(report, `${what}, ${point}`, true)
      }
    })
  })

  describe.skipIf(!canRun)('a kill at random instants loses nothing', () => {
    it.concurrent.each(kinds)('%s', async (what) => {
      const random = seededRandom(seed)
      const { steps } = await unharmedRun(what)
      const phases = [...new Set(steps)].filter((point) => point.endsWith(' after'))
      const aimedAt = isShort(what) ? someOf(phases, phasesOfShort, random) : phases
      const wanted = killsPerPhase(phases.length)
      const kills: Record<string, number> = Object.fromEntries(aimedAt.map((phase) => [phase, 0]))
      const countIn = (phase: string) => kills[phase] ?? 0

      /** Kills once, aiming at a phase; counts where it really died. */
      const killIn = async (step: string, stretch: number) => {
        const lastsMs = stretch + (step === beforePayload[what] ? payloadMs : 0)
        const delayMs = Math.floor(random() * lastsMs * 0.9)
        const killAfter = { step, delayMs, stretchMs: stretch }
        const report = await crashed({ what, killAfter, powerCut: false })
        const passed = report.steps.findLast((point) => point.endsWith(' after'))
        if (!report.finished && passed !== undefined) kills[passed] = countIn(passed) + 1
        sound(report, `${what}, ${delayMs} ms after ${step}, seed ${seed}`, false)
      }
      for (const phase of aimedAt) {
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
      expect({ what, tooFew: aimedAt.filter((phase) => countIn(phase) < wanted) }).toEqual({
        what,
        tooFew: [],
      })
    })
  })
}
