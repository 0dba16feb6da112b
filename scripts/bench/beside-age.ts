/** Encrypting and decrypting one file, beside stock `age` on the same file. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityText } from '../../electron/age/identity.ts'
import { systemAge } from '../test/peer-tools.ts'
import type { BuiltProgram } from './built-program.ts'
import { fileToFile } from './file-to-file.ts'
import { groupTable, runAlternating } from './measured-rows.ts'
import { boundRows, nowhereRows, rowGroups, type BenchFiles } from './rows.ts'

export const ageGroups: readonly string[] = Object.values(rowGroups)

type BesideAge = {
  /** Of the bench alone. */
  folder: string
  plain: string
  sizeBytes: number
  runs: number
  program: BuiltProgram
  groups: readonly string[]
}

/** Runs the rows of these groups and prints a table for each.
 * @throws Error where there is no age, or a row fails */
export async function besideAge({
  folder,
  plain,
  sizeBytes,
  runs,
  program,
  groups,
}: BesideAge): Promise<void> {
  const isWanted = ({ group }: { group: string }) => groups.includes(group)
  if (!ageGroups.some((group) => isWanted({ group }))) return
  const age = await systemAge()
  if (age.tools === null) throw new Error(`the bench compares with age: ${age.reason}`)
  console.log(`age ${age.tools.version}`)
  const files = prepare(folder, plain, sizeBytes, age.tools.age)
  const isToFile = [rowGroups.encryptToFile, rowGroups.decryptToFile].some((group) => isWanted({ group }))
  const toFile = isToFile ? await fileToFile(files, program, age.tools.age) : null
  try {
    const rows = [...nowhereRows(files, program, age.tools.age), ...(toFile?.rows ?? []), ...boundRows(files)]
    const wanted = rows.filter(isWanted)
    const figures = await runAlternating(wanted, runs)
    for (const group of new Set(wanted.map((row) => row.group))) {
      console.log(`\n${group}: ${sizeBytes} bytes, median of ${runs}`)
      const ofGroup = wanted.filter((row) => row.group === group)
      console.log(groupTable(ofGroup, figures, sizeBytes))
    }
  } finally {
    await toFile?.stop()
  }
}

/** The file's age file, on the disk before anything is measured, and what opens it. */
function prepare(folder: string, plain: string, sizeBytes: number, ageCommand: string): BenchFiles {
  const identity = generateIdentity('X25519')
  const files: BenchFiles = {
    folder,
    plain,
    age: join(folder, 'plain.age'),
    identity: join(folder, 'identity'),
    recipient: identity.recipient().text,
    sizeBytes,
  }
  writeFileSync(files.identity, `${identityText(identity)}\n`, { mode: 0o600 })
  execFileSync(ageCommand, ['-r', files.recipient, '-o', files.age, files.plain])
  execFileSync('sync', [files.age])
  return files
}
