/**
 * In which order a listing has its artifacts. Near the top SQLite finds the few rows that are wanted; further down the
 * whole order is remembered until something changes, so that scrolling through 100,000 rows sorts them once.
 */
import type { ParsedRequest } from '../../shared/contract/contract.ts'
import type { Context } from './context.ts'
import type { Meant } from './list-meaning.ts'

type Request = ParsedRequest<'artifacts:list'>

const columns = {
  name: 'l.name_key',
  kind: 'l.kind_label',
  size: 'l.plaintext_bytes',
  encrypted: 'l.encrypted_at',
  key: 'l.key_rank',
} as const satisfies Record<Request['sort']['by'], string>

/** How far down from the top the whole order is not worth its while. */
const nearTop = 1000
/** How many orders are remembered. */
const remembered = 4

export function artifactOrders(context: Context) {
  const orders = new Map<string, Int32Array>()
  const sorted = ({ sort }: Request, { here }: Meant): string => {
    const direction = sort.descending ? 'DESC' : 'ASC'
    return `SELECT l.artifact_no FROM artifact_list l WHERE l.scope = $scope AND ${here}
      ORDER BY ${columns[sort.by]} ${direction}, l.name_key ${direction}, l.artifact_no ${direction}`
  }
  const numbers = (sql: string, parameters: Meant['parameters']): number[] =>
    JSON.parse(
      context.get<{ list: string }>(`SELECT json_group_array(artifact_no) AS list FROM (${sql})`, parameters)
        ?.list ?? '[]',
    )
  const wholeOrder = (request: Request, meant: Meant): Int32Array => {
    const { storeId, folder, deep, query, sort, archived } = request
    const key = JSON.stringify([storeId, folder, deep, query, sort.by, sort.descending, archived])
    const known = orders.get(key)
    if (known) return known
    const order = Int32Array.from(numbers(sorted(request, meant), meant.parameters))
    if (orders.size >= remembered) orders.clear()
    orders.set(key, order)
    return order
  }
  return {
    forget: () => orders.clear(),
    /** Numbers of the artifacts in a window. */
    window: (request: Request, meant: Meant, offset: number, limit: number): number[] =>
      offset + limit <= nearTop
        ? numbers(`${sorted(request, meant)} LIMIT $limit OFFSET $offset`, {
            ...meant.parameters,
            limit,
            offset,
          })
        : [...wholeOrder(request, meant).subarray(offset, offset + limit)],
  }
}
