/** A move into a bucket, stopped before and after every journaled step, with what was not fsynced lost: the next start
 * ends it, with one object and no upload left, and no part is sent that the store had acknowledged. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { withAtMost } from '../../../electron/jobs/at-most.ts'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { hasS3Server, startS3Server, type S3Server } from '../s3-server.ts'
import { runCrash, type Crash, type CrashServer } from './run-crash.ts'

const canRun = (await hasS3Server()) && hasKeyring()
/** Three parts of 5 MiB, as the program under test cuts them. */
const parts = 3
const sourceBytes = 13 * 2 ** 20

let folder: string
let keyring: TestKeyring | null = null
let s3: S3Server | null = null
let server: CrashServer | null = null

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  if (!canRun) return
  writeFileSync(join(folder, 'model.bin'), randomBytes(sourceBytes))
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  s3 = await startS3Server()
  const { endpoint, region } = s3
  const { accessKeyId, secretAccessKey } = s3.root
  server = { endpoint, region, bucket: await s3.makeBucket(), accessKeyId, secretAccessKey }
})
afterAll(async () => {
  await s3?.stop()
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const crashed = (crash: Pick<Crash, 'stopAt'>) =>
  runCrash({ what: 'move', powerCut: true, ...crash }, keyring?.env ?? {}, join(folder, 'model.bin'), server)
const count = (steps: string[], step: string) => steps.filter((each) => each === `${step} after`).length

it.runIf(canRun)('ends with one copy, wherever it was stopped', async () => {
  const whole = await crashed({})
  expect(whole).toMatchObject({ finished: true, broken: [], artifacts: 1 })
  const points = [...new Set(whole.steps)]
  expect(points).toContain('removing after')
  await withAtMost(3, points, async (point) => {
    const [step = '', when] = point.split(' ')
    const report = await crashed({ stopAt: { step, when: when === 'before' ? 'before' : 'after' } })
    expect({ point, died: report.steps.at(-1), broken: report.broken }).toEqual({
      point,
      died: point,
      broken: [],
    })
    if (step === 'begin' && when === 'before') return
    expect({ point, jobs: report.jobs }).toEqual({ point, jobs: ['copy done'] })
    const isBegun = count(report.steps, 'upload') > 0
    const least = parts - count(report.steps, 'part-done')
    expect(count(report.resumed, 'part-done')).toBeLessThanOrEqual(isBegun ? least : parts)
  })
})
