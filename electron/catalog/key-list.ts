/** The inventory of keys: filtered, sorted, counted, and as a picture. */
import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { InventoryState } from '../../shared/domain/key.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { Context, Parameters } from './context.ts'
import { keyRowsByNo } from './key-rows.ts'
import { cryptoPeriodMs } from './policy.ts'
import { containing, termsOf } from './search-terms.ts'

/** Keys that a cancelled job made and took back are no part of the inventory. */
export const isListed = `NOT (k.state = 'destroyed' AND k.activated_at IS NULL AND k.origin = 'made')`

/** A week before its crypto-period ends, rotation is due; where the period is short, in its last tenth: a key that was
 * just rotated is never due again at once. */
const soonMs = (periodMs: number): number => Math.min(7 * 86_400_000, periodMs / 10)

/** Each filter as SQL; `$dueFrom`: keys activated before are due. */
const filters = {
  all: 'true',
  'rotation-due': `k.state = 'active' AND k.activated_at <= $dueFrom`,
  compromised: `k.state = 'compromised'`,
  scheduled: `k.destroy_at IS NOT NULL AND k.state <> 'destroyed'`,
  'protects-nothing': `k.protects = 0 AND k.state <> 'destroyed'`,
} as const satisfies Record<ParsedRequest<'keys:list'>['filter'], string>

const stateRank = `CASE k.state WHEN 'compromised' THEN 0 WHEN 'active' THEN 1 WHEN 'pre-activation' THEN 2
  WHEN 'suspended' THEN 3 WHEN 'deactivated' THEN 4 ELSE 5 END`
/** Ascending: the youngest first, as its age says. */
const age = '-coalesce(k.activated_at, k.created_at)'
const orders = {
  name: 'k.search_key',
  state: stateRank,
  age,
  size: 'k.protects_bytes',
} as const

/** Active keys activated before this are due, or overdue. */
function dueFromOf(context: Context): number {
  const periodMs = cryptoPeriodMs(context)
  return context.now() + soonMs(periodMs) - periodMs
}

/** How many keys the filter *rotation due* finds. */
export const countDue = (context: Context): number =>
  context.get<{ due: number }>(
    `SELECT count(*) AS due FROM keys k WHERE ${isListed} AND ${filters['rotation-due']}`,
    { dueFrom: dueFromOf(context) },
  )?.due ?? 0

/** What the filter *rotation due* finds, the oldest first. */
export const dueKeyIds = (context: Context): KeyId[] =>
  context
    .all<{ keyId: KeyId }>(
      `SELECT k.key_id AS keyId FROM keys k WHERE ${isListed} AND ${filters['rotation-due']}
       ORDER BY k.activated_at, k.key_no`,
      { dueFrom: dueFromOf(context) },
    )
    .map(({ keyId }) => keyId)

export function listKeys(context: Context, request: ParsedRequest<'keys:list'>): Response<'keys:list'> {
  const { query, filter, sort, offset, limit } = request
  const parameters: Parameters = {}
  const found = [isListed]
  for (const [index, term] of termsOf(query).entries()) {
    found.push(`k.search_key LIKE $term${index} ESCAPE '\\'`)
    parameters[`term${index}`] = containing(term)
  }
  const dueFrom = dueFromOf(context)
  const counts = context.get<Response<'keys:list'>['counts']>(
    `SELECT ${Object.entries(filters)
      .map(([name, condition]) => `count(*) FILTER (WHERE ${condition}) AS "${name}"`)
      .join(', ')} FROM keys k WHERE ${found.join(' AND ')}`,
    { ...parameters, dueFrom },
  )
  if (!counts) throw new Error('a query of counts answered nothing')
  const direction = sort.descending ? 'DESC' : 'ASC'
  const due: Parameters = filter === 'rotation-due' ? { dueFrom } : {}
  const rows = context.all<{ keyNo: number }>(
    `SELECT k.key_no AS keyNo FROM keys k WHERE ${[...found, filters[filter]].join(' AND ')}
     ORDER BY ${orders[sort.by]} ${direction}, k.key_no LIMIT $limit OFFSET $offset`,
    { ...parameters, ...due, limit, offset },
  )
  const keyNos = rows.map((row) => row.keyNo)
  return { total: counts[filter], rows: keyRowsByNo(context, keyNos), counts: { ...counts } }
}

/** Twentieths of the crypto-period, up to 125 % and one for what lies beyond. */
const bins = 26
const laneOrder: readonly InventoryState[] = [
  'active',
  'suspended',
  'scheduled',
  'compromised',
  'deactivated',
  'pre-activation',
  'destroyed',
]

export function keysPicture(context: Context): Response<'keys:picture'> {
  const rows = context.all<{ state: InventoryState; bin: number; keys: number }>(
    `SELECT CASE WHEN ${filters.scheduled} THEN 'scheduled' ELSE k.state END AS state, min(${bins - 1}, max(0, CAST(
         (CASE WHEN k.activated_at IS NULL THEN 0 ELSE coalesce(k.inactive_at, $now) - k.activated_at END)
           * 20 / $periodMs AS INTEGER))) AS bin, count(*) AS keys
     FROM keys k WHERE ${isListed} GROUP BY 1, 2`,
    { now: context.now(), periodMs: cryptoPeriodMs(context) },
  )
  const lanes = laneOrder.map((state) => {
    const counts = Array.from({ length: bins }, () => 0)
    for (const row of rows) if (row.state === state) counts[row.bin] = row.keys
    return { state, count: counts.reduce((sum, count) => sum + count, 0), bins: counts }
  })
  return { lanes }
}
