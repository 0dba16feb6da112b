import { useElementSize } from '@mantine/hooks'
import { useFormat } from '../../lib/use-format.ts'
import { layOutTimeline, type TimelineInput } from './key-timeline-geometry.ts'
import classes from './key-timeline.module.css'

const widthBeforeMeasured = 544
const dayMs = 86_400_000

/** A key's crypto-period as a line: how far it has gone, when it is due, and what happened when. */
export function KeyTimeline(input: TimelineInput) {
  const { ref, width } = useElementSize()
  const format = useFormat()
  const due = input.from + input.periodDays * dayMs
  const dueText = format.day(due, input.from)
  const timeline = layOutTimeline(
    { ...input, dueLabelWidth: dueText.length > 7 ? 76 : 48 },
    width > 0 ? Math.floor(width) : widthBeforeMeasured,
  )
  const ended = input.endedAt !== null
  const nowText = ended
    ? `ended on day ${format.count(timeline.day)}`
    : `today, day ${format.count(timeline.day)} of ${format.count(input.periodDays)}`
  const spoken = ended
    ? `In use from ${format.date(input.from)} for ${format.count(timeline.day)} days`
    : `In use since ${format.date(input.from)}, ${nowText}; rotation due on ${format.date(due)}`
  const { labels } = timeline
  return (
    <div ref={ref}>
      <svg
        className={classes.timeline}
        viewBox={`0 0 ${timeline.width} 38`}
        height="38"
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing of our own
        role="img"
        aria-label={spoken}
      >
        <rect className={classes.track} x="0" y="10" width={timeline.width} height="4" rx="2" />
        <rect
          className={classes.used}
          data-overdue={timeline.overdue && !ended}
          x="0"
          y="10"
          width={Math.max(4, timeline.usedTo)}
          height="4"
          rx="2"
        />
        <path className={classes.due} d={`M${timeline.dueX - 0.7} 4v16`} />
        {timeline.events.map((x) => (
          <circle key={x} className={classes.event} cx={x} cy="12" r="3.3" />
        ))}
        <path className={classes.mark} d={`M${timeline.markX} 3v18`} />
        {labels.showFrom ? (
          <text className={classes.label} x="0" y="34">
            {format.date(input.from)}
          </text>
        ) : null}
        <text
          className={`${classes.label} ${classes.now}`}
          x={labels.nowX}
          y="34"
          textAnchor={labels.nowAnchor}
        >
          {nowText}
        </text>
        {labels.showDue ? (
          <text
            className={classes.label}
            x={timeline.dueX}
            y="34"
            textAnchor={timeline.dueX < 76 ? 'start' : 'end'}
          >
            {dueText}
          </text>
        ) : null}
      </svg>
    </div>
  )
}
