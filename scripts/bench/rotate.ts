/** How long it takes to rotate many small artifacts in one run, on a real keyring of this machine. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingForKeyring, startKeyring } from '../private-keyring.ts'
import type { BuiltProgram } from './built-program.ts'
import { median, spread, table } from './figures.ts'
import { measured } from './measured-child.ts'

/** Its name, for `--only`. */
export const rotateGroup = 'rotate'

const artifacts = 200
const eachBytes = 100_000
const methods = ['rewrap', 're-encrypt'] as const

type RotateBench = { folder: string; runs: number; program: BuiltProgram }

/** Prints one table; says why where there is no keyring. Each run has a keyring and a data folder of its own: what a
 * keyring asks for a write grows with what it holds.
 * @throws Error where an artifact was not rotated */
export async function rotateMany({ folder, runs, program }: RotateBench): Promise<void> {
  const missing = missingForKeyring()
  if (missing.length > 0) {
    console.log(`\n${rotateGroup}: not measured without ${missing.join(', ')}`)
    return
  }
  const plainFolder = join(folder, 'rotate-plain')
  mkdirSync(plainFolder, { recursive: true })
  const names = Array.from({ length: artifacts }, (_, n) => `model-${n}.bin`)
  const paths = names.map((name) => join(plainFolder, name))
  for (const path of paths) writeFileSync(path, randomBytes(eachBytes))
  const timedMs = { rewrap: [] as number[], 're-encrypt': [] as number[] }
  for (let n = 0; n < runs; n++) {
    const ownFolder = join(folder, `rotate-${n}`)
    mkdirSync(ownFolder)
    const keyring = await startKeyring({ folder: join(ownFolder, 'keyring') })
    try {
      const commandLine = (args: readonly string[]) => [
        program.commandLine,
        ...args,
        '--data',
        join(ownFolder, 'data'),
        '--json',
      ]
      const env = { ...process.env, ...keyring.env }
      execFileSync(process.execPath, commandLine(['encrypt', ...paths]), {
        env,
        maxBuffer: 2 ** 28,
        stdio: 'pipe',
      })
      for (const method of methods) {
        const how = method === 'rewrap' ? [] : ['--re-encrypt']
        const asked = commandLine(['keys', 'rotate', ...names, ...how, '--reason', 'policy'])
        const { wallMs } = await measured(process.execPath, asked, keyring.env)
        timedMs[method].push(wallMs)
      }
    } finally {
      await keyring.stop()
    }
  }
  console.log(`\n${rotateGroup}: ${artifacts} artifacts of ${eachBytes} bytes in a folder, in one run`)
  const rows = methods.map((method) => [
    method,
    (median(timedMs[method]) / 1000).toFixed(2),
    spread(timedMs[method]),
    (median(timedMs[method]) / artifacts).toFixed(1),
  ])
  console.log(table([['', 'seconds, median', 'least to most', 'ms each'], ...rows]))
}
