/** Crashes of what happens on this machine alone. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../keyring.ts'
import { describeCrashes, isSoak } from './crash-suite.ts'
import { localKinds, type CrashKind } from './kill-spread.ts'
import { runCrash } from './run-crash.ts'

let folder: string
let keyring: TestKeyring
let source: string
/** Of a restore: what matters there are keys. */
let small: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-crashes-'))
  source = join(folder, 'model.bin')
  writeFileSync(source, randomBytes(20_000_000))
  small = join(folder, 'small.bin')
  writeFileSync(small, randomBytes(100_000))
  keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  // The first start on a keyring makes its canary: not three at once.
  if (hasKeyring()) await runCrash({ what: 'encrypt', powerCut: false }, keyring.env, source)
})
afterAll(async () => {
  await keyring?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describeCrashes(
  localKinds,
  hasKeyring(),
  () => ({
    env: keyring.env,
    sourcePath: (what: CrashKind) => (what === 'restore' ? small : source),
    server: null,
  }),
  (what) => (what === 'restore' || what === 'retire') && !isSoak,
)
