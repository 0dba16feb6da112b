/** A piece of text, bold where it matches what was typed. */
export type Piece = { text: string; matches: boolean }

const wordsOf = (query: string) =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')

/** Whether every word of the query occurs in one of the texts, in any order. */
export function matchesQuery(query: string, texts: string[]): boolean {
  const haystack = texts.join('\n').toLowerCase()
  return wordsOf(query).every((word) => haystack.includes(word))
}

/** The text in pieces, every occurrence of a word of the query marked. */
export function markMatches(text: string, query: string): Piece[] {
  const lower = text.toLowerCase()
  const words = lower.length === text.length ? wordsOf(query) : []
  const marked = Array.from({ length: text.length }, () => false)
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
      marked.fill(true, at, at + word.length)
    }
  }
  const pieces: Piece[] = []
  for (let index = 0; index < text.length; index += 1) {
    const last = pieces.at(-1)
    const matches = marked[index] ?? false
    if (last && last.matches === matches) last.text += text.charAt(index)
    else pieces.push({ text: text.charAt(index), matches })
  }
  return pieces
}

/** The row after moving by `step`, around the ends. */
export const moveActive = (active: number, step: number, count: number): number =>
  count === 0 ? 0 : (active + step + count) % count
