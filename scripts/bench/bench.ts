/** `npm run bench -- [--size 2GiB] [--runs 5] [--only nowhere] [--folder DIR]`: figures of one run on one machine. */
import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityText } from '../../electron/age/identity.ts'
import { systemAge } from '../test/peer-tools.ts'
import { buildPipeline } from './build-pipeline.ts'
import { megabytes, median, rate, ratio, table } from './figures.ts'
import { measured, type Measured } from './measured-child.ts'
import { benchOptions, type BenchOptions } from './options.ts'
import { benchRows, type BenchFiles, type BenchRow } from './rows.ts'

const options = benchOptions(process.argv.slice(2))
const age = await systemAge()
const folder = mkdtempSync(join(options.folder, 'weightlock-bench-'))
try {
  console.log(machine())
  if (age.tools === null) console.log(`without age: ${age.reason}`)
  const files = { ...prepare(folder, options, age.tools?.age ?? null), built: await buildPipeline() }
  const rows = benchRows(files, options, age.tools?.age ?? null)
  const figures = await runAlternating(rows, options.runs)
  for (const group of new Set(rows.map((row) => row.group))) {
    const ofGroup = rows.filter((row) => row.group === group)
    console.log(
      `\n${group}, ${options.sizeBytes} bytes, median of ${options.runs}\n${groupTable(ofGroup, figures, options)}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function machine(): string {
  const [first, ...others] = cpus()
  return `${first?.model ?? 'unknown processor'}, ${others.length + 1} cores, ${megabytes(totalmem())}, Node ${process.version}`
}

/** A file of random bytes and its age file, on the disk before anything is measured. */
function prepare(
  into: string,
  { sizeBytes }: BenchOptions,
  ageCommand: string | null,
): Omit<BenchFiles, 'built'> {
  const identity = generateIdentity('X25519')
  const files = {
    plain: join(into, 'plain'),
    age: join(into, 'plain.age'),
    identity: join(into, 'identity'),
    recipient: identity.recipient().text,
  }
  writeFileSync(files.identity, `${identityText(identity)}\n`, { mode: 0o600 })
  const fd = openSync(files.plain, 'w')
  const block = Buffer.alloc(2 ** 24)
  for (let done = 0; done < sizeBytes; done += block.length)
    writeSync(fd, randomFillSync(block), 0, Math.min(block.length, sizeBytes - done))
  fsyncSync(fd)
  closeSync(fd)
  if (ageCommand !== null) {
    execFileSync(ageCommand, ['-r', files.recipient, '-o', files.age, files.plain])
    execFileSync('sync', [files.age])
  }
  return files
}

/** Every row once, then every row again: what disturbs the machine disturbs all alike. */
async function runAlternating(rows: readonly BenchRow[], runs: number): Promise<Map<BenchRow, Measured[]>> {
  const figures = new Map<BenchRow, Measured[]>(rows.map((row) => [row, []]))
  for (let run = 0; run < runs; run++)
    for (const row of rows) figures.get(row)?.push(await measured(row.command, row.args))
  return figures
}

function groupTable(
  rows: readonly BenchRow[],
  figures: Map<BenchRow, Measured[]>,
  { sizeBytes }: BenchOptions,
): string {
  const of = (row: BenchRow) => {
    const all = figures.get(row) ?? []
    return {
      wallMs: median(all.map(({ wallMs }) => wallMs)),
      insideMs: median(all.map(({ insideMs, wallMs }) => insideMs ?? wallMs)),
      peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)),
    }
  }
  const reference = rows.find(({ isReference }) => isReference)
  const head = [
    '',
    'seconds',
    'rate',
    'whole process',
    'against age',
    'whole process',
    'target',
    'peak memory',
  ]
  const lines = rows.map((row) => {
    const { wallMs, insideMs, peakBytes } = of(row)
    const against = (ms: number) => (reference === undefined ? '' : ratio(of(reference).wallMs, ms))
    return [
      row.label,
      (insideMs / 1000).toFixed(2),
      rate(sizeBytes, insideMs),
      (wallMs / 1000).toFixed(2),
      against(insideMs),
      against(wallMs),
      row.target === undefined ? '' : `≥ ${row.target.toFixed(1)}×`,
      megabytes(peakBytes),
    ]
  })
  return table([head, ...lines])
}
