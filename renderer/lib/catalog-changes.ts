/** Which answers are stale once main says what changed. */
import type { QueryClient } from '@tanstack/react-query'
import type { Bridge } from '../../shared/contract/bridge.ts'
import type { Channel } from '../../shared/contract/contract.ts'
import type { EventPayload } from '../../shared/contract/events.ts'

type What = EventPayload<'catalog:changed'>['what'][number]

const staleAfter: Record<What, Channel[]> = {
  artifacts: [
    'retirement:scheduled',
    'certificates:list',
    'artifacts:list',
    'artifacts:show',
    'artifacts:find',
    'artifacts:copy-as',
    'artifacts:deletion',
    'keys:list',
    'keys:show',
    'keys:rotation-plan',
    'keys:compromise-plan',
    'incidents:list',
    'incidents:show',
    'stores:list',
    'program:status',
  ],
  keys: [
    'kits:list',
    'kits:lacks',
    'keys:list',
    'keys:show',
    'keys:picture',
    'keys:rotation-plan',
    'retirement:scheduled',
    'keys:compromise-plan',
    'incidents:list',
    'incidents:show',
    'artifacts:list',
    'artifacts:show',
    'artifacts:find',
    'program:status',
  ],
  stores: ['stores:list', 'stores:test', 'artifacts:list', 'keys:rotation-plan', 'program:status'],
  audit: ['audit:list', 'audit:verify'],
  settings: ['program:status', 'keys:list', 'keys:picture', 'keys:rotation-plan'],
  keychain: ['program:status'],
}

/** Keys fall due while nothing changes but the time. */
const dueAgainMs = 3_600_000
const staleWithTime: Channel[] = ['program:status', 'keys:list', 'keys:picture']

/** @returns a function that stops listening */
export function watchCatalog(bridge: Bridge, queries: QueryClient): () => void {
  const timer = setInterval(() => {
    for (const channel of staleWithTime) void queries.invalidateQueries({ queryKey: [channel] })
  }, dueAgainMs)
  const off = bridge.on('catalog:changed', ({ what }) => {
    const channels = new Set<string>(what.flatMap((one) => staleAfter[one]))
    void queries.invalidateQueries({
      predicate: ({ queryKey: [channel] }) => typeof channel === 'string' && channels.has(channel),
    })
  })
  return () => {
    clearInterval(timer)
    off()
  }
}
