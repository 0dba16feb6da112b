import { describe, expect, it } from 'vitest'
import { jobView } from '../../testing/builders.ts'
import { percentDone, statusOf } from './job-words.ts'

describe('statusOf', () => {
  it('names the phase only while the job runs', () => {
    expect(statusOf(jobView({ phase: 'verifying' }))).toEqual({ word: 'Verifying', tone: 'plain' })
    expect(statusOf(jobView({ state: 'paused', phase: 'verifying' })).word).toBe('Paused')
  })
  it('takes the job’s own word for its outcome', () => {
    expect(statusOf(jobView({ state: 'done', outcome: 'Same payload' }))).toEqual({
      word: 'Same payload',
      tone: 'ok',
    })
    expect(statusOf(jobView({ state: 'done' })).word).toBe('Stored and verified')
  })
})

describe('percentDone', () => {
  it('is null without a total and never above 100', () => {
    expect(percentDone(jobView({ totalBytes: 0 }))).toBeNull()
    expect(percentDone(jobView({ doneBytes: 30, totalBytes: 20 }))).toBe(100)
  })
})
