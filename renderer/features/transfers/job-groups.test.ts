import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../shared/ids.ts'
import type { JobState, JobView } from '../../../shared/job.ts'
import { announcement, inReadingOrder, percentDone, statusOf } from './job-groups.ts'

const job = (state: JobState, startedAt = 0, extra: Partial<JobView> = {}): JobView => ({
  jobId: newId(JobId),
  kind: 'encrypt',
  state,
  phase: 'encrypting',
  title: 'model.pkl',
  target: 'to Local',
  artifactId: null,
  keyId: null,
  doneBytes: 0,
  totalBytes: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  startedAt,
  endedAt: null,
  failure: null,
  safe: null,
  canPause: false,
  canResume: false,
  canRetry: false,
  canCancel: false,
  canReveal: false,
  outcome: null,
  report: [],
  ...extra,
})

describe('inReadingOrder', () => {
  it('puts what moves first and what has ended last', () => {
    const jobs = (['done', 'failed', 'paused', 'unresolved', 'queued', 'running'] as const).map((state) =>
      job(state),
    )
    expect(inReadingOrder(jobs).map(({ state }) => state)).toEqual([
      'running',
      'queued',
      'paused',
      'unresolved',
      'failed',
      'done',
    ])
  })

  it('keeps running jobs where they are and shows the newest end first', () => {
    const running = inReadingOrder([job('running', 2), job('running', 1)])
    expect(running.map(({ startedAt }) => startedAt)).toEqual([1, 2])
    const done = inReadingOrder([job('done', 1), job('done', 2)])
    expect(done.map(({ startedAt }) => startedAt)).toEqual([2, 1])
  })
})

describe('statusOf', () => {
  it('names the phase only while the job runs', () => {
    expect(statusOf(job('running', 0, { phase: 'verifying' }))).toEqual({ word: 'Verifying', tone: 'plain' })
    expect(statusOf(job('paused', 0, { phase: 'verifying' })).word).toBe('Paused')
  })
  it('takes the job’s own word for its outcome', () => {
    expect(statusOf(job('done', 0, { outcome: 'Same payload' }))).toEqual({
      word: 'Same payload',
      tone: 'ok',
    })
    expect(statusOf(job('done')).word).toBe('Stored and verified')
  })
})

describe('percentDone', () => {
  it('is null without a total and never above 100', () => {
    expect(percentDone(job('running'))).toBeNull()
    expect(percentDone(job('running', 0, { doneBytes: 30, totalBytes: 20 }))).toBe(100)
  })
})

describe('announcement', () => {
  it('speaks of a change of state, not of progress', () => {
    const running = job('running')
    expect(announcement(running, { ...running, doneBytes: 5 })).toBeNull()
    expect(announcement(undefined, running)).toBeNull()
    expect(announcement(running, { ...running, state: 'failed' })).toBe('model.pkl: Encryption failed')
  })
})
