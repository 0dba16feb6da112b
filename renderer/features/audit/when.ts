export type When = 'any' | 'today' | 'week' | 'month' | 'year'

export const whens: { value: When; label: string }[] = [
  { value: 'any', label: 'Any time' },
  { value: 'today', label: 'Today' },
  { value: 'week', label: 'Last 7 days' },
  { value: 'month', label: 'Last 30 days' },
  { value: 'year', label: 'Last 365 days' },
]

const days = { week: 7, month: 30, year: 365 } as const
const dayMs = 86_400_000

/** The earliest moment (epoch ms) of a choice; null for any time. Today begins at local midnight. */
export function sinceOf(when: When, nowMs: number): number | null {
  if (when === 'any') return null
  if (when === 'today') return new Date(nowMs).setHours(0, 0, 0, 0)
  return nowMs - days[when] * dayMs
}
