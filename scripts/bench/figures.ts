/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The least and the most of milliseconds, as seconds. */
export const spread = (allMs: readonly number[]): string =>
  [Math.min(...allMs), Math.max(...allMs)].map((ms) => (ms / 1000).toFixed(2)).join('–')

/** The value that so many in a hundred do not exceed. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))] ?? Number.NaN
}

/** Bytes in so many milliseconds, as decimal gigabytes a second. */
export const rate = (sizeBytes: number, ms: number): string => `${(sizeBytes / ms / 1e6).toFixed(2)} GB/s`

/** How many times as fast the second is as the first. */
export const ratio = (referenceMs: number, ms: number): string => `${(referenceMs / ms).toFixed(2)}×`

export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

/** Lines up columns; the first to the left, the rest to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 0, cell.length)),
    [],
  )
  const line = (row: readonly string[]) =>
    row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
