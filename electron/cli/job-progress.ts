/** Progress of running jobs on standard error: one line that is redrawn on a terminal, a line now and then elsewhere. */
import { formatBytesOf, formatDuration, formatPercent, formatRate } from '../../shared/format.ts'
import type { JobPhase, JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import { cutToWidth } from './table.ts'

const redrawEveryMs = 100
const lineEveryMs = 5_000

export type JobProgress = {
  show: (jobs: readonly JobView[]) => void
  /** Takes the line away again. */
  clear: () => void
}

const phases: Record<JobPhase, string> = {
  queued: 'Waiting',
  reading: 'Reading',
  encrypting: 'Encrypting',
  decrypting: 'Decrypting',
  uploading: 'Writing',
  copying: 'Copying',
  deleting: 'Deleting',
  verifying: 'Verifying',
  finalising: 'Finalising',
  destroying: 'Destroying',
}

const hasEnded = ({ state }: JobView): boolean => state !== 'queued' && state !== 'running'
const sum = (jobs: readonly JobView[], of: (job: JobView) => number): number =>
  jobs.reduce((total, job) => total + of(job), 0)

/** `Encrypting model.pkl · 42 % · 8.41 of 12.93 GB · 412 MB/s · 0:11 left`; several jobs are counted together. */
export function progressLine(jobs: readonly JobView[], locale: string | undefined): string {
  const current = jobs.find((job) => job.state === 'running') ?? jobs.find((job) => !hasEnded(job))
  // How it ended is said elsewhere: a job that stands still is not at its end.
  if (!current) return ''
  const doneBytes = sum(jobs, (job) => (hasEnded(job) ? job.totalBytes : job.doneBytes))
  const totalBytes = sum(jobs, (job) => job.totalBytes)
  const rate = sum(jobs, (job) => (hasEnded(job) ? 0 : job.bytesPerSecond))
  const ended = jobs.filter(hasEnded).length
  const parts = [
    jobs.length === 1
      ? `${phases[current.phase]} ${safeText(current.title)}`
      : `${phases[current.phase]} ${ended + 1 > jobs.length ? jobs.length : ended + 1} of ${jobs.length}, ${safeText(current.title)}`,
  ]
  if (totalBytes > 0)
    parts.push(formatPercent(doneBytes, totalBytes), formatBytesOf(doneBytes, totalBytes, locale))
  if (rate >= 1)
    parts.push(formatRate(rate, locale), `${formatDuration((totalBytes - doneBytes) / rate)} left`)
  return parts.join(' · ')
}

export type ProgressScreen = {
  isTerminal: boolean
  columns: () => number
  write: (text: string) => void
  now: () => number
  locale: string | undefined
}

export function createJobProgress(screen: ProgressScreen): JobProgress {
  // Off a terminal the first line waits as long as every other: what is short says nothing.
  let lastMs = screen.isTerminal ? Number.NEGATIVE_INFINITY : screen.now()
  let isDrawn = false
  return {
    show: (jobs) => {
      const now = screen.now()
      if (now - lastMs < (screen.isTerminal ? redrawEveryMs : lineEveryMs)) return
      const line = progressLine(jobs, screen.locale)
      if (line === '') return
      lastMs = now
      isDrawn = screen.isTerminal
      screen.write(screen.isTerminal ? `\r${cutToWidth(line, screen.columns() - 1)}\u001b[K` : `${line}\n`)
    },
    clear: () => {
      if (isDrawn) screen.write('\r\u001b[K')
      isDrawn = false
    },
  }
}
