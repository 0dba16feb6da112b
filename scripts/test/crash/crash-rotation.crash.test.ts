/** Crashes of rotations: in a folder, in a bucket that keeps object versions, and in one that keeps none. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withAtMost } from '../../../electron/jobs/at-most.ts'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { hasS3Server, startS3Server, type S3Server } from '../s3-server.ts'
import { describeCrashes, isSoak, seed, someOf } from './crash-suite.ts'
import { bucketRotations, localRotations, unversionedRotations, type CrashKind } from './kill-spread.ts'
import { runCrash, type Crash, type CrashServer } from './run-crash.ts'
import { seededRandom } from './seeded-random.ts'

const hasServer = (await hasS3Server()) && hasKeyring()
const MiB = 2 ** 20
/** Three parts of 5 MiB, as the program under test cuts them. */
const sourceBytes = 11 * MiB

let folder: string
let keyring: TestKeyring | null = null
let s3: S3Server | null = null
/** Kinds in buckets, and where they have theirs. */
const servers = new Map<CrashKind, CrashServer>()

/** Each in a folder of its own: what is copied of it keeps its name. */
const sourceOf = (what: CrashKind) => join(folder, what, 'model.bin')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  if (!hasKeyring()) return
  for (const what of ['give-up', ...localRotations, ...bucketRotations, ...unversionedRotations] as const) {
    mkdirSync(dirname(sourceOf(what)))
    writeFileSync(sourceOf(what), randomBytes(sourceBytes))
  }
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  // The first start on a keyring makes its canary: not several at once.
  await runCrash({ what: 'rewrap', powerCut: false }, keyring.env, sourceOf('rewrap'))
  if (!hasServer) return
  s3 = await startS3Server()
  const { endpoint, region } = s3
  const { accessKeyId, secretAccessKey } = s3.root
  for (const [versioning, kinds] of [
    [true, bucketRotations],
    [false, unversionedRotations],
  ] as const) {
    const bucket = await s3.makeBucket({ versioning })
    for (const what of kinds) servers.set(what, { endpoint, region, bucket, accessKeyId, secretAccessKey })
  }
})
afterAll(async () => {
  await s3?.stop()
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const random = seededRandom(seed)
/** Both in a soak; else one of them, another each time. */
const drawn = (kinds: readonly CrashKind[]) => (isSoak ? kinds : someOf(kinds, 1, random))
const places = [localRotations, ...(hasServer ? [bucketRotations, unversionedRotations] : [])]
// Beside each other: one waits where the other computes.
describeCrashes(
  places.flatMap(drawn),
  hasKeyring(),
  (what) => ({
    sourcePath: sourceOf,
    env: keyring?.env ?? {},
    server: servers.get(what) ?? null,
  }),
  () => !isSoak,
)

it.runIf(hasKeyring())(
  'a rotation that is given up by name, as its file is gone, ends so wherever it was stopped',
  async () => {
    const crashed = (stopAt: Crash['stopAt']) =>
      // All that it writes is in the catalog, and a power cut would bring back the file that was taken away.
      runCrash({ what: 'give-up', powerCut: false, stopAt }, keyring?.env ?? {}, sourceOf('give-up'))
    const whole = await crashed(null)
    expect(whole).toMatchObject({ finished: true, broken: [], artifacts: 1 })
    const points = [...new Set(whole.steps)]
    expect(points).toEqual(['given-up before', 'given-up after', 'end before', 'end after'])
    await withAtMost(2, points, async (point) => {
      const [step = '', when] = point.split(' ')
      const report = await crashed({ step, when: when === 'before' ? 'before' : 'after' })
      const { finished, broken } = report
      expect({ point, died: report.steps.at(-1), finished, broken }).toEqual({
        point,
        died: point,
        finished: false,
        broken: [],
      })
    })
  },
)
