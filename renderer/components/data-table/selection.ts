/** Which rows are chosen, and which one the keyboard is at. Pure: events in, next selection out. */

export type Selection<Row> = {
  /** Chosen rows by id; they stay chosen when they scroll or filter out of view. */
  rows: ReadonlyMap<string, Row>
  /** Where a range begins. */
  anchor: number | null
  /** The row that the keyboard is at. */
  cursor: number | null
}

export const nothingSelected = { rows: new Map(), anchor: null, cursor: null } as const

type Source<Row> = { rowAt: (index: number) => Row | undefined; idOf: (row: Row) => string }
export type How = { range?: boolean; toggle?: boolean }

/** A click or an arrow: alone it selects one row, with Shift the range from the anchor, with Ctrl it toggles. */
export function select<Row>(
  now: Selection<Row>,
  index: number,
  { rowAt, idOf }: Source<Row>,
  how: How = {},
): Selection<Row> {
  const row = rowAt(index)
  if (how.range === true) {
    const anchor = now.anchor ?? now.cursor ?? index
    const rows = new Map<string, Row>(how.toggle === true ? now.rows : [])
    for (let n = Math.min(anchor, index); n <= Math.max(anchor, index); n++) {
      const one = rowAt(n)
      if (one !== undefined) rows.set(idOf(one), one)
    }
    return { rows, anchor, cursor: index }
  }
  if (row === undefined) return { ...now, cursor: index }
  if (how.toggle === true) {
    const rows = new Map(now.rows)
    if (!rows.delete(idOf(row))) rows.set(idOf(row), row)
    return { rows, anchor: index, cursor: index }
  }
  return { rows: new Map([[idOf(row), row]]), anchor: index, cursor: index }
}

/** Moves the keyboard without choosing (Ctrl with an arrow). */
export const moveCursor = <Row>(now: Selection<Row>, index: number): Selection<Row> => ({
  ...now,
  cursor: index,
})

/** Where a key leads, or null for a key that does not move. */
export function moveBy(key: string, from: number | null, total: number, pageRows: number): number | null {
  if (total === 0) return null
  const at = from ?? -1
  const clamp = (n: number): number => Math.min(total - 1, Math.max(0, n))
  switch (key) {
    case 'ArrowDown':
      return clamp(at + 1)
    case 'ArrowUp':
      return clamp(from === null ? 0 : at - 1)
    case 'PageDown':
      return clamp(at + pageRows)
    case 'PageUp':
      return clamp(at - pageRows)
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}
