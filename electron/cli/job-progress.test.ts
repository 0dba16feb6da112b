import { describe, expect, it } from 'vitest'
import { createJobProgress, progressLine } from './job-progress.ts'
import { jobView } from './testing/builders.ts'

const running = (number: number, more = {}) =>
  jobView(number, {
    state: 'running',
    phase: 'encrypting',
    doneBytes: 8_410_000_000,
    totalBytes: 12_930_000_000,
    bytesPerSecond: 412_000_000,
    ...more,
  })

describe('the line of progress', () => {
  it('says phase, share, sizes, rate and time left', () => {
    expect(progressLine([running(1, { title: 'txn-llm-6b' })], 'en')).toBe(
      'Encrypting txn-llm-6b · 65 % · 8.41 of 12.93 GB · 412 MB/s · 0:11 left',
    )
  })

  it('adds several jobs up', () => {
    const jobs = [
      jobView(1, { totalBytes: 1e9, doneBytes: 1e9 }),
      running(2, { totalBytes: 1e9, doneBytes: 5e8, bytesPerSecond: 1e8 }),
      jobView(3, { state: 'queued', phase: 'queued', totalBytes: 1e9, doneBytes: 0 }),
    ]
    expect(progressLine(jobs, 'en')).toBe(
      'Encrypting 2 of 3, model-2.pkl · 50 % · 1.50 of 3.00 GB · 100 MB/s · 0:15 left',
    )
  })

  it('is none where all stand still: what paused is neither waiting nor at its end', () => {
    const paused = jobView(1, { state: 'paused', phase: 'queued', totalBytes: 1e9, doneBytes: 1e8 })
    expect(progressLine([paused, jobView(2, { totalBytes: 1e9 })], 'en')).toBe('')
  })

  it('makes names safe and leaves out what nobody knows', () => {
    const job = running(1, { title: 'a\u001b[2Jb', totalBytes: 0, bytesPerSecond: 0 })
    expect(progressLine([job], 'en')).toBe('Encrypting a\\u001b[2Jb')
  })
})

describe('where progress is shown', () => {
  const screen = (isTerminal: boolean) => {
    const written: string[] = []
    const clock = { ms: 0 }
    const progress = createJobProgress({
      isTerminal,
      columns: () => 30,
      write: (text) => written.push(text),
      now: () => clock.ms,
      locale: 'en',
    })
    return { written, clock, progress }
  }

  it('a terminal has one line, redrawn at most ten times a second and taken away at the end', () => {
    const { written, clock, progress } = screen(true)
    progress.show([running(1)])
    clock.ms = 50
    progress.show([running(1)])
    clock.ms = 150
    progress.show([running(1, { phase: 'verifying' })])
    progress.clear()
    progress.clear()
    expect(written).toEqual([
      '\rEncrypting model-1.pkl · 65 …\u001b[K',
      '\rVerifying model-1.pkl · 65 %…\u001b[K',
      '\r\u001b[K',
    ])
  })

  it('anything else gets a line every few seconds, and none for what is short', () => {
    const { written, clock, progress } = screen(false)
    progress.show([running(1)])
    clock.ms = 5_000
    progress.show([running(1)])
    progress.clear()
    expect(written).toEqual(['Encrypting model-1.pkl · 65 % · 8.41 of 12.93 GB · 412 MB/s · 0:11 left\n'])
  })
})
