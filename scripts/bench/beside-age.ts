/** Encrypting and decrypting one file, beside stock `age` on the same file. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateIdentity, identityText } from '../../electron/age/identity.ts'
import { systemAge } from '../test/peer-tools.ts'
import type { BuiltProgram } from './built-program.ts'
import { megabytes, median, rate, ratio, spread, table } from './figures.ts'
import { fileToFile } from './file-to-file.ts'
import { measured, type Measured } from './measured-child.ts'
import { boundRows, nowhereRows, rowGroups, type BenchFiles, type BenchRow } from './rows.ts'

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

/** Every row once, then every row again: what disturbs the machine disturbs all alike. */
async function runAlternating(rows: readonly BenchRow[], runs: number): Promise<Map<BenchRow, Measured[]>> {
  const figures = new Map<BenchRow, Measured[]>(rows.map((row) => [row, []]))
  for (let run = 0; run < runs; run++)
    for (const row of rows) {
      row.before?.(run)
      figures.get(row)?.push(await measured(row.command, row.args(run), row.env))
      row.after?.(run)
    }
  return figures
}

function groupTable(
  rows: readonly BenchRow[],
  figures: Map<BenchRow, Measured[]>,
  sizeBytes: number,
): string {
  const of = (row: BenchRow) => {
    const all = figures.get(row) ?? []
    return {
      wallMs: median(all.map(({ wallMs }) => wallMs)),
      insideMs: median(all.map(({ insideMs, wallMs }) => insideMs ?? wallMs)),
      spread: spread(all.map(({ insideMs, wallMs }) => insideMs ?? wallMs)),
      peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
    }
  }
  const reference = rows.find(({ isReference }) => isReference)
  const head = [
    '',
    'seconds',
    'least to most',
    'rate',
    'against age',
    'target',
    'whole process',
    'against age',
    'peak memory',
  ]
  const lines = rows.map((row) => {
    const { wallMs, insideMs, spread: leastToMost, peakBytes } = of(row)
    const against = (ms: number) => (reference === undefined ? '' : ratio(of(reference).wallMs, ms))
    return [
      row.label,
      (insideMs / 1000).toFixed(2),
      leastToMost,
      rate(sizeBytes, insideMs),
      against(insideMs),
      row.target === undefined ? '' : `≥ ${row.target.toFixed(1)}×`,
      (wallMs / 1000).toFixed(2),
      against(wallMs),
      megabytes(peakBytes),
    ]
  })
  return table([head, ...lines])
}
