import { describe, expect, it } from 'vitest'
import { layOutTimeline } from './key-timeline-geometry.ts'

const day = 86_400_000
const from = Date.UTC(2026, 7, 31)
const at = (days: number, endedAt: number | null = null) =>
  layOutTimeline({ from, periodDays: 90, now: from + days * day, endedAt, eventTimes: [] }, 544)

describe('layOutTimeline', () => {
  it('puts today at its share of the period', () => {
    const { day: used, markX, dueX, overdue } = at(45)
    expect(used).toBe(45)
    expect(markX).toBe(272)
    expect(dueX).toBe(540)
    expect(overdue).toBe(false)
  })

  it('moves the due mark left once the key is overdue, and stays inside', () => {
    const { markX, dueX, overdue } = at(120)
    expect(overdue).toBe(true)
    expect(markX).toBe(540)
    expect(dueX).toBe(4 + Math.round((536 * 90) / 120))
  })

  it('stops where the use of the key ended', () => {
    expect(at(80, from + 45 * day)).toMatchObject({ day: 45, markX: 272 })
  })

  it('writes today’s label so that no two labels meet', () => {
    for (const days of [0, 3, 20, 45, 80, 84, 89, 90, 91, 110, 400]) {
      const { labels, dueX } = at(days)
      const left = labels.nowAnchor === 'start' ? labels.nowX : labels.nowX - 132
      const right = left + 132
      expect(left).toBeGreaterThanOrEqual(0)
      expect(right).toBeLessThanOrEqual(544)
      if (labels.showFrom) expect(left).toBeGreaterThanOrEqual(76)
      if (labels.showDue) expect(right <= dueX - 76 || left >= dueX).toBe(true)
    }
  })

  it('draws one dot for events of one moment and none for earlier ones', () => {
    const eventTimes = [from - day, from + day, from + day, from + 2 * day]
    const timeline = layOutTimeline(
      { from, periodDays: 90, now: from + 3 * day, endedAt: null, eventTimes },
      544,
    )
    expect(timeline.events).toHaveLength(2)
  })
})
