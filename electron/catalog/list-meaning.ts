/** From a request for a listing to SQL that says what it means. */
import type { ParsedRequest } from '../../shared/contract/contract.ts'
import { everyStore } from './artifact-rows.ts'
import type { Context, Parameters } from './context.ts'
import { containing, isIndexed, matchExpression, termsOf } from './search-terms.ts'
import { storeNo } from './stores.ts'

type Request = ParsedRequest<'artifacts:list'>

/** What a listing means, as SQL over `artifact_list l` and over `foreign_objects f`. */
export type Meant = {
  scope: number
  /** At the level shown. */
  here: string
  /** There and below. */
  below: string
  foreignHere: string
  foreignBelow: string
  parameters: Parameters
  foreignParameters: Parameters
}

/** @throws store/not-found */
export function meaning(
  context: Context,
  {
    storeId,
    folder,
    deep,
    query,
    archived,
  }: Pick<Request, 'storeId' | 'folder' | 'deep' | 'query' | 'archived'>,
): Meant {
  const scope = storeId === null ? everyStore : storeNo(context, storeId)
  const terms = termsOf(query)
  const parameters: Parameters = { scope }
  const foreignParameters: Parameters = { scope }
  const under = (table: string) =>
    folder === ''
      ? 'true'
      : `${table}.folder >= $folder AND ${table}.folder < $folder || '0'
         AND (${table}.folder = $folder OR ${table}.folder >= $folder || '/')`
  if (folder !== '') parameters['folder'] = foreignParameters['folder'] = folder

  const found: string[] = []
  const foreignFound: string[] = ['($scope = 0 OR f.store_no = $scope)']
  const expression = expressionWorthwhile(context, terms)
  if (expression !== null) {
    found.push('l.artifact_no IN (SELECT rowid FROM search WHERE search MATCH $expression)')
    parameters['expression'] = expression
  }
  for (const [index, term] of terms.entries()) {
    foreignFound.push(`f.name_key LIKE $term${index} ESCAPE '\\'`)
    foreignParameters[`term${index}`] = containing(term)
    if (expression !== null && isIndexed(term)) continue
    found.push(`l.name_key LIKE $term${index} ESCAPE '\\'`)
    parameters[`term${index}`] = containing(term)
  }

  const isArchived = 'l.artifact_no IN (SELECT artifact_no FROM artifacts WHERE archived_at IS NOT NULL)'
  const shown = archived === 'only' ? isArchived : `NOT ${isArchived}`
  const below = [under('l'), ...found, shown].join(' AND ')
  const foreignBelow = [under('f'), ...foreignFound].join(' AND ')
  const isDeep = deep || terms.length > 0
  const level = (table: string) => (folder === '' ? `${table}.folder = ''` : `${table}.folder = $folder`)
  return {
    scope,
    below,
    foreignBelow,
    here: isDeep ? below : `${level('l')} AND ${shown}`,
    foreignHere: isDeep ? foreignBelow : [level('f'), ...foreignFound].join(' AND '),
    parameters,
    foreignParameters,
  }
}

/** More names than this are found faster by reading the list than by asking the index. */
const fewEnough = 2000

/** The expression for the search index, unless the index is no help: no term is long enough, or too many names have
 * them all. */
function expressionWorthwhile(context: Context, terms: string[]): string | null {
  const expression = matchExpression(terms)
  if (expression === null) return null
  const probe = context.get<{ found: number }>(
    'SELECT count(*) AS found FROM (SELECT rowid FROM search WHERE search MATCH $expression LIMIT $limit)',
    { expression, limit: fewEnough },
  )
  return (probe?.found ?? 0) < fewEnough ? expression : null
}
