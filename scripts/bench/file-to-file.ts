/** The command line from file to file, fsynced, beside `age` followed by `sync` of its file. */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { missingForKeyring, startKeyring } from '../private-keyring.ts'
import type { BuiltProgram } from './built-program.ts'
import { rowGroups, type BenchFiles, type BenchRow } from './rows.ts'

export type FileToFile = { rows: BenchRow[]; stop: () => Promise<void> }

type Artifact = { artifactId: string; location: string }

/** A data folder, a store and a keyring for the bench alone, and its rows.
 * @returns null with the reason printed where no throw-away keyring can be had */
export async function fileToFile(
  files: BenchFiles,
  program: BuiltProgram,
  ageCommand: string,
): Promise<FileToFile | null> {
  const missing = missingForKeyring()
  if (missing.length > 0) {
    console.log(`without file to file, which needs a throw-away keyring: ${missing.join(', ')}`)
    return null
  }
  const keyring = await startKeyring({ folder: join(files.folder, 'keyring') })
  const dataFolder = join(files.folder, 'data')
  const commandArgs = (args: readonly string[]) => [
    program.commandLine,
    ...args,
    '--data',
    dataFolder,
    '--json',
  ]
  const encryptArgs = (name: string) => commandArgs(['encrypt', files.plain, '--name', name])

  /** The first start is not what is measured, and decrypting needs an artifact. */
  const prepare = (): Artifact => {
    const env = { ...process.env, ...keyring.env }
    const printed = execFileSync(process.execPath, encryptArgs('kept'), {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const result = JSON.parse(printed.toString()) as { value: { artifacts: Artifact[] } }
    const [artifact] = result.value.artifacts
    if (artifact === undefined) throw new Error('nothing was encrypted')
    return artifact
  }

  try {
    const kept = prepare()
    const storedAs = (run: number) => join(kept.location, '..', `run-${run}.age`)
    const [encrypted, opened] = [join(files.folder, 'out.age'), join(files.folder, 'out')]
    const clean = (...paths: string[]) => {
      for (const path of paths) rmSync(path, { force: true })
      execFileSync('sync')
    }
    const ours = { command: process.execPath, env: keyring.env }
    const age = (label: string, args: string[], target: string) => ({
      label,
      command: 'sh',
      args: () => ['-c', 'target=$1; shift; "$@" && sync "$target"', 'sh', target, ageCommand, ...args],
      before: () => clean(target),
      after: () => clean(target),
      isReference: true as const,
    })
    const rows: BenchRow[] = [
      {
        group: rowGroups.encryptToFile,
        ...age(
          'age, then sync of its file',
          ['-r', files.recipient, '-o', encrypted, files.plain],
          encrypted,
        ),
      },
      {
        group: rowGroups.encryptToFile,
        label: 'weightlock encrypt, everything on',
        ...ours,
        args: (run) => encryptArgs(`run-${run}`),
        before: () => clean(),
        after: (run) => clean(storedAs(run)),
        target: 1.1,
      },
      {
        group: rowGroups.decryptToFile,
        ...age('age, then sync of its file', ['-d', '-i', files.identity, '-o', opened, files.age], opened),
      },
      {
        group: rowGroups.decryptToFile,
        label: 'weightlock decrypt, everything on',
        ...ours,
        args: () => commandArgs(['decrypt', kept.artifactId, '--to', opened]),
        before: () => clean(opened),
        after: () => clean(opened),
        target: 1.1,
      },
    ]
    return { rows, stop: keyring.stop }
  } catch (error) {
    await keyring.stop()
    throw error
  }
}
