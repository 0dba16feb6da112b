import { describe, expect, it } from 'vitest'
import { newId, JobId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'
import {
  type DestroyKeyEvent,
  type DestroyKeyStep,
  nextDestroyKeyStep,
  stepName,
} from './destroy-key-steps.ts'

const jobId = newId(JobId)
const other = newId(JobId)
const endedJob = (id: JobId) => ({ jobId: id, state: 'done' }) as JobView
const walk = (...events: DestroyKeyEvent[]) =>
  events.reduce<DestroyKeyStep>(nextDestroyKeyStep, { at: 'impact' })

const toConfirm: DestroyKeyEvent[] = [{ type: 'continue' }, { type: 'continue' }]

describe('the steps of destroying a key', () => {
  it('shows impact and copies before it asks for the name', () => {
    expect(walk()).toEqual({ at: 'impact' })
    expect(walk({ type: 'continue' })).toEqual({ at: 'copies' })
    expect(walk(...toConfirm)).toEqual({ at: 'confirm', typed: '', refusal: null })
  })

  it('starts nothing while the name differs, not even by case or a space', () => {
    for (const text of ['', 'Model.pkl', 'model.pkl ', 'model']) {
      const step = walk(...toConfirm, { type: 'typed', text }, { type: 'confirmed', expected: 'model.pkl' })
      expect(step.at).toBe('confirm')
    }
  })

  it('starts once the name is exact', () => {
    const typed: DestroyKeyEvent = { type: 'typed', text: 'model.pkl' }
    const step = walk(...toConfirm, typed, { type: 'confirmed', expected: 'model.pkl' })
    expect(step).toEqual({ at: 'starting', typed: 'model.pkl' })
    expect(stepName(step)).toBe('confirm')
  })

  it('goes back to the name with the reason when the program refuses', () => {
    const step = walk(
      ...toConfirm,
      { type: 'typed', text: 'a' },
      { type: 'confirmed', expected: 'a' },
      { type: 'refused', failure: { code: 'keychain/locked' } },
    )
    expect(step).toEqual({ at: 'confirm', typed: 'a', refusal: { code: 'keychain/locked' } })
  })

  it('never leads back once it has started', () => {
    const running: DestroyKeyStep = { at: 'destroying', jobId }
    expect(nextDestroyKeyStep(running, { type: 'back' })).toBe(running)
    const report: DestroyKeyStep = { at: 'report', jobId, job: endedJob(jobId) }
    expect(nextDestroyKeyStep(report, { type: 'back' })).toBe(report)
  })

  it('takes the end of its own job for its end, no other job’s', () => {
    const running: DestroyKeyStep = { at: 'destroying', jobId }
    expect(nextDestroyKeyStep(running, { type: 'job-ended', job: endedJob(other) })).toBe(running)
    expect(nextDestroyKeyStep(running, { type: 'job-ended', job: endedJob(jobId) }).at).toBe('report')
  })

  it('runs on from the report when its job is tried again', () => {
    const report: DestroyKeyStep = { at: 'report', jobId, job: endedJob(jobId) }
    expect(nextDestroyKeyStep(report, { type: 'started', jobId })).toEqual({ at: 'destroying', jobId })
  })
})
