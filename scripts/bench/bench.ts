/** `npm run bench -- [--size 2GiB] [--runs 5] [--only encrypt] [--folder DIR]`: figures of one run on one machine. */
import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityText } from '../../electron/age/identity.ts'
import { systemAge } from '../test/peer-tools.ts'
import { builtProgram } from './built-program.ts'
import { megabytes, median, rate, ratio, spread, table } from './figures.ts'
import { fileToFile } from './file-to-file.ts'
import { measured, type Measured } from './measured-child.ts'
import { benchOptions } from './options.ts'
import { boundRows, nowhereRows, type BenchFiles, type BenchRow } from './rows.ts'

const options = benchOptions(process.argv.slice(2))
const age = await systemAge()
if (age.tools === null) throw new Error(`the bench compares with age: ${age.reason}`)
const program = await builtProgram(options.build)
const folder = mkdtempSync(join(options.folder, 'weightlock-bench-'))
let stop: () => Promise<void> = async () => undefined
try {
  console.log(machine(age.tools.version))
  const files = prepare(folder, options.sizeBytes, age.tools.age)
  const slow = isWanted('file to file') ? await fileToFile(files, program, age.tools.age) : null
  stop = slow?.stop ?? stop
  const rows = [...nowhereRows(files, program, age.tools.age), ...(slow?.rows ?? []), ...boundRows(files)]
  const wanted = rows.filter(({ group }) => isWanted(group))
  const figures = await runAlternating(wanted, options.runs)
  for (const group of new Set(wanted.map((row) => row.group))) {
    console.log(`\n${group}: ${options.sizeBytes} bytes, median of ${options.runs}`)
    const ofGroup = wanted.filter((row) => row.group === group)
    console.log(groupTable(ofGroup, figures, options.sizeBytes))
  }
} finally {
  await stop()
  rmSync(folder, { recursive: true, force: true })
}

function isWanted(group: string): boolean {
  return (
    options.only.length === 0 || options.only.some((word) => group.includes(word) || word.includes(group))
  )
}

function machine(ageVersion: string): string {
  const [first, ...others] = cpus()
  const processor = `${first?.model ?? 'unknown processor'}, ${others.length + 1} cores`
  return `${processor}, ${megabytes(totalmem())}, Node ${process.version}, age ${ageVersion}`
}

/** A file of random bytes and its age file, on the disk before anything is measured. */
function prepare(into: string, sizeBytes: number, ageCommand: string): BenchFiles {
  const identity = generateIdentity('X25519')
  const files: BenchFiles = {
    folder: into,
    plain: join(into, 'plain'),
    age: join(into, 'plain.age'),
    identity: join(into, 'identity'),
    recipient: identity.recipient().text,
    sizeBytes,
  }
  writeFileSync(files.identity, `${identityText(identity)}\n`, { mode: 0o600 })
  const fd = openSync(files.plain, 'w')
  const block = Buffer.alloc(2 ** 24)
  for (let done = 0; done < sizeBytes; done += block.length)
    writeSync(fd, randomFillSync(block), 0, Math.min(block.length, sizeBytes - done))
  fsyncSync(fd)
  closeSync(fd)
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
  const head = ['', 'seconds', 'least to most', 'rate', 'against age', 'target', 'whole process', 'against age', 'peak memory']
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
