/** Crashes of uploads to, and downloads from, a bucket of a real S3 server. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { startS3Proxy } from '../s3-proxy.ts'
import { hasS3Server, startS3Server, type S3Server } from '../s3-server.ts'
import { describeCrashes } from './crash-suite.ts'
import { bucketKinds, type CrashKind } from './kill-spread.ts'
import { runCrash, type CrashServer } from './run-crash.ts'

const canRun = (await hasS3Server()) && hasKeyring()
const MiB = 2 ** 20
/** As the program under test cuts it. */
const partBytes = 5 * MiB
const halves = 12
/** Three parts; two leaves. */
const sourceBytes: Partial<Record<CrashKind, number>> = { upload: 11 * MiB, download: 18 * MiB }

let folder: string
let keyring: TestKeyring | null = null
let s3: S3Server | null = null
let server: CrashServer | null = null

/** Each in a folder of its own: what is copied of it keeps its name. */
const sourceOf = (what: CrashKind) => join(folder, what, 'model.bin')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  if (!canRun) return
  for (const what of bucketKinds) {
    mkdirSync(dirname(sourceOf(what)))
    writeFileSync(sourceOf(what), randomBytes(sourceBytes[what] ?? 0))
  }
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  s3 = await startS3Server()
  const { endpoint, region } = s3
  const { accessKeyId, secretAccessKey } = s3.root
  server = { endpoint, region, bucket: await s3.makeBucket(), accessKeyId, secretAccessKey }
  // The first start on a keyring makes its canary: not two at once.
  await runCrash({ what: 'upload', powerCut: false }, keyring.env, sourceOf('upload'), server)
})
afterAll(async () => {
  await s3?.stop()
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

it.runIf(canRun)('killed at half of an upload, it sends the other half at most', async () => {
  if (keyring === null || server === null || s3 === null) throw new Error('there is no server')
  const proxy = await startS3Proxy(s3)
  const source = join(folder, 'half', 'model.bin')
  mkdirSync(dirname(source))
  writeFileSync(source, randomBytes(halves * partBytes - MiB))
  const sent = () => {
    // The first write into a store tries parts of its own.
    const parts = proxy.requests.filter(
      ({ operation, url }) => operation === 'UploadPart' && url.includes('model.bin'),
    )
    return parts.reduce((sum, { body }) => sum + body.length, 0)
  }
  try {
    let before = 0
    const report = await runCrash(
      {
        what: 'upload',
        killAfter: { step: 'part-done after', times: halves / 2, delayMs: 0, stretchMs: 0 },
        powerCut: false,
        onStopped: () => (before = sent()),
      },
      keyring.env,
      source,
      { ...server, endpoint: proxy.endpoint },
    )
    const acknowledged = report.steps.filter((point) => point === 'part-done after').length
    expect(report).toMatchObject({ broken: [], finished: false, artifacts: 1 })
    expect(acknowledged).toBeGreaterThanOrEqual(halves / 2)
    expect(before).toBeGreaterThanOrEqual(acknowledged * partBytes)
    expect(sent() - before).toBeLessThanOrEqual((halves - acknowledged) * partBytes)
  } finally {
    await proxy.stop()
  }
})

describeCrashes(bucketKinds, canRun, () => ({ env: keyring?.env ?? {}, sourcePath: sourceOf, server }))
