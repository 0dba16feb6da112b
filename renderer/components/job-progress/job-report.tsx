import { safeText } from '../../../shared/safe-text.ts'
import classes from './job-report.module.css'

/** What a job found, one line each; scrolls where there is much. */
export function JobReport({ label, lines }: { label: string; lines: string[] }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable by keyboard
    <ul className={classes.report} aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines never move, and may repeat
        <li key={index}>{safeText(line)}</li>
      ))}
    </ul>
  )
}
