/** Runs rows of the bench in turn and puts their medians into a table. */
import { megabytes, median, rate, ratio, spread, table } from './figures.ts'
import { measured, type Measured } from './measured-child.ts'
import type { BenchRow } from './rows.ts'

/** Every row once, then every row again: what disturbs the machine disturbs all alike. */
export async function runAlternating(
  rows: readonly BenchRow[],
  runs: number,
): Promise<Map<BenchRow, Measured[]>> {
  const figures = new Map<BenchRow, Measured[]>(rows.map((row) => [row, []]))
  for (let run = 0; run < runs; run++)
    for (const row of rows) {
      row.before?.(run)
      figures.get(row)?.push(await measured(row.command, row.args(run), row.env))
      row.after?.(run)
    }
  return figures
}

/** Each row against the fastest of those that others are compared with. */
export function groupTable(
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
  const references = rows.filter(({ isReference }) => isReference)
  const [reference] = references.toSorted((one, other) => of(one).wallMs - of(other).wallMs)
  const head = [
    '',
    'seconds',
    'least to most',
    'rate',
    'against it',
    'target',
    'whole process',
    'against it',
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
