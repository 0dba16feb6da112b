/** Crashes of rotations, in a folder and in a bucket that keeps object versions. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { hasS3Server, startS3Server, type S3Server } from '../s3-server.ts'
import { describeCrashes, isSoak } from './crash-suite.ts'
import { bucketRotations, localRotations, type CrashKind } from './kill-spread.ts'
import { runCrash, type CrashServer } from './run-crash.ts'

const hasServer = (await hasS3Server()) && hasKeyring()
const MiB = 2 ** 20
/** Three parts of 5 MiB, as the program under test cuts them. */
const sourceBytes = 11 * MiB

let folder: string
let keyring: TestKeyring | null = null
let s3: S3Server | null = null
let server: CrashServer | null = null

/** Each in a folder of its own: what is copied of it keeps its name. */
const sourceOf = (what: CrashKind) => join(folder, what, 'model.bin')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  if (!hasKeyring()) return
  for (const what of [...localRotations, ...bucketRotations]) {
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
  const bucket = await s3.makeBucket({ versioning: true })
  server = { endpoint, region, bucket, accessKeyId, secretAccessKey }
})
afterAll(async () => {
  await s3?.stop()
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The others in a soak. */
const local: readonly CrashKind[] = isSoak ? localRotations : ['rewrap']
const inBucket: readonly CrashKind[] = isSoak ? bucketRotations : ['re-encrypt-bucket']
// Beside each other: one waits where the other computes.
describeCrashes(
  [...local, ...(hasServer ? inBucket : [])],
  hasKeyring(),
  (what) => ({
    sourcePath: sourceOf,
    env: keyring?.env ?? {},
    server: inBucket.includes(what) ? server : null,
  }),
  () => !isSoak,
)
