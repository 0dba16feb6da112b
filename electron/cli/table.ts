/** Aligned columns for the terminal. */
import { safeText } from '../../shared/safe-text.ts'

export type Column = { title: string; align?: 'left' | 'right' }

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const isMark = /^\p{M}/u
const isEmoji = /\p{Extended_Pictographic}/u

/** East Asian wide and full-width blocks (UAX #11), coarsely: enough to keep columns straight. */
const isWide = (point: number): boolean =>
  (point >= 0x1100 && point <= 0x115f) ||
  (point >= 0x2e80 && point <= 0xa4cf) ||
  (point >= 0xac00 && point <= 0xd7a3) ||
  (point >= 0xf900 && point <= 0xfaff) ||
  (point >= 0xfe30 && point <= 0xfe6f) ||
  (point >= 0xff00 && point <= 0xff60) ||
  (point >= 0xffe0 && point <= 0xffe6) ||
  (point >= 0x20000 && point <= 0x3fffd)

function graphemeWidth(grapheme: string): number {
  const point = grapheme.codePointAt(0) ?? 0
  if (isMark.test(grapheme)) return 0
  if (isWide(point)) return 2
  return point > 0xff && isEmoji.test(grapheme) ? 2 : 1
}

/** Columns of the terminal that the text takes. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The text, cut with an ellipsis where it would take more than `columns`. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let cut = ''
  let width = 0
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    cut += segment
  }
  return `${cut}…`
}

/** The text, cut in its middle where it would take more than `columns`: beginning and extension stay. */
export function cutMiddle(text: string, columns: number): string {
  const width = displayWidth(text)
  if (width <= columns) return text
  const tail: string[] = []
  let tailWidth = 0
  for (const { segment } of [...segmenter.segment(text)].toReversed()) {
    tailWidth += graphemeWidth(segment)
    if (tailWidth > Math.floor(columns / 3)) break
    tail.unshift(segment)
  }
  const end = tail.join('')
  return cutToWidth(text, columns - displayWidth(end)) + end
}

/** What a name may take of a terminal's line; in a pipe it stays whole. */
const nameColumns = 48
export const nameFor = (name: string, isTerminal: boolean): string =>
  isTerminal ? cutMiddle(safeText(name), nameColumns) : name

/** Lines of a table; every cell is made safe. Nothing for no rows; a column in which no row says anything is left
 * out. */
export function table(allColumns: readonly Column[], allRows: readonly (readonly string[])[]): string[] {
  if (allRows.length === 0) return []
  const said = allColumns.map((_, column) => allRows.some((row) => (row[column] ?? '') !== ''))
  const columns = allColumns.filter((_, column) => said[column])
  const rows = allRows.map((row) => row.filter((_, column) => said[column]))
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => row.map(safeText))]
  const widths = columns.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? '')), 0),
  )
  return cells.map((row) =>
    columns
      .map(({ align }, column) => {
        const cell = row[column] ?? ''
        const space = ' '.repeat((widths[column] ?? 0) - displayWidth(cell))
        return align === 'right' ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Lines of labels and values, the values aligned. */
export function facts(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...pairs.map(([label]) => displayWidth(label)))
  return pairs.map(([label, value]) =>
    `${label}${' '.repeat(width - displayWidth(label))}  ${safeText(value)}`.trimEnd(),
  )
}
