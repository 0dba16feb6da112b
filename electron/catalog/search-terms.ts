/** From what was typed into a search box to what SQL takes, with nothing in it that SQL would read as an operator. */

/** The form in which names are searched and sorted: compatibility forms and case are folded. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase()

/** Words of a query, folded; all of them must be found. No name holds a NUL, and SQLite would stop reading there. */
export const termsOf = (query: string): string[] =>
  nameKey(query.toWellFormed())
    .replaceAll('\0', ' ')
    .split(/\s+/u)
    .filter((term) => term !== '')
    .slice(0, 16)

/** A pattern for `LIKE … ESCAPE '\'` that finds the term anywhere. */
export const containing = (term: string): string => `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`

/** Trigrams find terms of three code points and more; shorter ones are looked for in the list itself. */
export const isIndexed = (term: string): boolean => Array.from(term).length >= 3

/** An FTS5 expression that finds every term as it is, or null when there is none that the index can find.
 * @see sqlite.org/fts5.html, "FTS5 Phrases" */
export function matchExpression(terms: string[]): string | null {
  const phrases = terms.filter(isIndexed).map((term) => `"${term.replaceAll('"', '""')}"`)
  return phrases.length === 0 ? null : phrases.join(' AND ')
}
