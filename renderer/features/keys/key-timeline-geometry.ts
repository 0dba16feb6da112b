/** Geometry of a key's crypto-period: a bar from its activation to the day its rotation is due, today, and events. */

export type TimelineInput = {
  /** Epoch milliseconds: activation, or creation while it is not active yet. */
  from: number
  periodDays: number
  now: number
  /** When its use ended (destroyed, deactivated): the bar stops there. Null while it is in use. */
  endedAt: number | null
  eventTimes: number[]
  /** Room that the label of the due date needs, in px; the date of another year is longer. */
  dueLabelWidth?: number
}

export type Timeline = {
  width: number
  /** Days in use, rounded down; at least 0. */
  day: number
  usedTo: number
  dueX: number
  overdue: boolean
  markX: number
  events: number[]
  /** Anchors of the three labels beneath, moved apart where they would meet. */
  labels: { nowX: number; nowAnchor: 'start' | 'end'; showDue: boolean; showFrom: boolean }
}

const dayMs = 86_400_000
const inset = 4
const nowLabelWidth = 132
const edgeLabelWidth = 76
const gap = 8

/** @param width in px of the drawing */
export function layOutTimeline(input: TimelineInput, width: number): Timeline {
  const end = input.endedAt ?? input.now
  const days = Math.max(0, (end - input.from) / dayMs)
  const span = Math.max(input.periodDays, days, 1)
  const room = width - 2 * inset
  const xOf = (time: number) => {
    const share = (time - input.from) / dayMs / span
    return inset + room * Math.min(1, Math.max(0, share))
  }
  const markX = Math.round(xOf(end))
  const dueX = Math.round(inset + (room * input.periodDays) / span)
  const nowAnchor = markX < nowLabelWidth + edgeLabelWidth ? 'start' : 'end'
  const dueWidth = input.dueLabelWidth ?? edgeLabelWidth
  const nowX =
    nowAnchor === 'start' ? markX : markX < dueX + gap ? Math.min(markX, dueX - dueWidth - gap) : markX
  const labelLeft = nowAnchor === 'start' ? nowX : nowX - nowLabelWidth
  const labelRight = nowAnchor === 'start' ? nowX + nowLabelWidth : nowX
  return {
    width,
    day: Math.floor(days),
    usedTo: markX,
    dueX,
    overdue: days > input.periodDays,
    markX,
    events: [...new Set(input.eventTimes.filter((time) => time >= input.from).map((time) => xOf(time)))],
    labels: {
      nowX,
      nowAnchor,
      showDue: labelRight + gap <= dueX - dueWidth || labelLeft >= dueX + gap,
      showFrom: labelLeft > edgeLabelWidth + gap,
    },
  }
}
