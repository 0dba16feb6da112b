import { useState } from 'react'

type Drawn = { index: number }
type Recycled<Item> = Item & { key: number }

/** Rows of a virtual list with keys under which one that scrolls out lends its elements to one that scrolls in: as many
 * keys as were ever drawn at once. While the list moves they stand in the order of their keys, for moving elements
 * costs more than making them; at rest in the order that people and screen readers see.
 * @param drawn without a gap between them */
export function useRecycled<Item extends Drawn>(drawn: readonly Item[], isMoving: boolean): Recycled<Item>[] {
  const [most, setMost] = useState(1)
  if (drawn.length > most) setMost(drawn.length)
  const slots = Math.max(most, drawn.length)
  const rows = drawn.map((item) => ({ ...item, key: item.index % slots }))
  return isMoving ? rows.toSorted((one, other) => one.key - other.key) : rows
}
