/** Widths of texts as the browser draws them, without touching the layout. */

let context: CanvasRenderingContext2D | null | undefined
const canvas = (): CanvasRenderingContext2D | null => {
  if (context === undefined) context = document.createElement('canvas').getContext('2d')
  return context
}
const widths = new Map<string, number>()
const keptTexts = 20_000

/** @param font as in CSS, `550 13px "IBM Plex Sans Variable"`
 * @returns CSS pixels, or null where nothing can be measured */
export function textWidth(text: string, font: string): number | null {
  const drawing = canvas()
  if (drawing === null) return null
  const key = `${font}\n${text}`
  const known = widths.get(key)
  if (known !== undefined) return known
  if (drawing.font !== font) drawing.font = font
  const { width } = drawing.measureText(text)
  if (widths.size > keptTexts) widths.clear()
  widths.set(key, width)
  return width
}

/** Forgets every width: fonts have arrived since. */
export const forgetWidths = (): void => widths.clear()

/** How many characters at the end stay: the extension and three characters before it. */
export const tailLength = (name: string): number => (/\.[^./\s]{1,11}$/.exec(name)?.[0].length ?? 5) + 3

/** Shortens in the middle until it fits.
 * @param roomPx width of the box
 * @param tail characters that stay at the end, as long as there is room for them
 * @param widthOf measures; must grow with the text */
export function fitMiddle(
  text: string,
  roomPx: number,
  tail: number,
  widthOf: (text: string) => number,
): string {
  if (widthOf(text) <= roomPx) return text
  const letters = Array.from(text)
  const cut = (head: number, end: number): string =>
    `${letters
      .slice(0, head)
      .join('')
      .replace(/[-_. ]+$/, '')}…${letters.slice(letters.length - end).join('')}`
  let end = Math.min(tail, Math.max(1, letters.length - 1))
  const fits = (head: number): boolean => widthOf(cut(head, end)) <= roomPx
  const leastHead = Math.min(6, letters.length - end)
  while (end > 3 && !fits(Math.min(leastHead, letters.length - end))) end--
  let [low, high] = [0, Math.max(0, letters.length - end - 1)]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return cut(low, end)
}
