import { describe, expect, it } from 'vitest'
import type { JobState } from '../../../shared/job.ts'
import { jobId, jobView } from '../../testing/builders.ts'
import { announcement, inReadingOrder } from './job-groups.ts'

let made = 0
const job = (state: JobState, startedAt = 0) => jobView({ jobId: jobId((made += 1)), state, startedAt })

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

describe('announcement', () => {
  it('speaks of a change of state, not of progress', () => {
    const running = job('running')
    expect(announcement(running, { ...running, doneBytes: 5 })).toBeNull()
    expect(announcement(undefined, running)).toBeNull()
    expect(announcement(running, { ...running, state: 'failed' })).toBe(
      'credit-risk-v7.safetensors: Encryption failed',
    )
  })

  it('says why a job paused by itself', () => {
    const running = job('running')
    const failure = { code: 'store/clock-skew', store: 'models-prod' } as const
    expect(announcement(running, { ...running, state: 'paused' })).toBe('credit-risk-v7.safetensors: Paused')
    expect(announcement(running, { ...running, state: 'paused', failure })).toBe(
      'credit-risk-v7.safetensors: Paused, The clock of this machine is wrong',
    )
  })
})
