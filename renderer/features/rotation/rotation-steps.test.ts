import { describe, expect, it } from 'vitest'
import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import { dayMs, jobId, keyId, now } from '../../testing/builders.ts'
import { plannedArtifact, rotationPlan } from '../../testing/rotation-builders.ts'
import { nextRotationStep } from './rotation-steps.ts'
import type { RotationEvent, RotationRun, RotationStep } from './rotation-steps.ts'

const first: RotationStep = { at: 'keys', leftOut: new Set() }
const plan = rotationPlan()
const goOn = (of: RotationPlan = plan): RotationEvent => ({ type: 'continue', plan: of, nowMs: now })
const walk = (...events: RotationEvent[]): RotationStep => events.reduce(nextRotationStep, first)
const run: RotationRun = {
  plan,
  method: 'rewrap',
  reason: 'policy',
  note: '',
  jobIds: [jobId(1)],
  refused: [],
}

describe('the steps of a rotation', () => {
  it('suggests the end of the crypto-period for keys that are due, a plan for others, a compromise for tainted ones', () => {
    const early = rotationPlan({ artifacts: [plannedArtifact({ rotationDueAt: now + 40 * dayMs })] })
    const tainted = rotationPlan({ artifacts: [plannedArtifact({ isTainted: true })] })
    expect(walk(goOn())).toMatchObject({ at: 'reason', reason: 'crypto-period-ended' })
    expect(walk(goOn(early))).toMatchObject({ reason: 'policy' })
    expect(walk(goOn(tainted))).toMatchObject({ reason: 'compromise' })
  })

  it('begins with a rewrap, but never where only re-encryption helps', () => {
    const tainted = rotationPlan({ artifacts: [plannedArtifact({ isTainted: true })] })
    const policy: RotationEvent = { type: 'reason', reason: 'policy' }
    expect(walk(goOn(), goOn())).toMatchObject({ at: 'method', method: 'rewrap' })
    expect(walk(goOn(tainted), policy, goOn(tainted))).toMatchObject({ method: 're-encrypt' })
    expect(walk(goOn(), { type: 'reason', reason: 'compromise' }, goOn())).toMatchObject({
      method: 're-encrypt',
    })
  })

  it('keeps what was left out and said on the way back', () => {
    const leave: RotationEvent = { type: 'left-out', keyId: keyId(1), isLeftOut: true }
    const back: RotationEvent = { type: 'back' }
    const note: RotationEvent = { type: 'note', note: 'audit' }
    expect(walk(leave, goOn(), note, goOn(), back)).toMatchObject({ at: 'reason', note: 'audit' })
    const keys = walk(leave, goOn(), goOn(), back, back)
    expect(keys).toEqual({ at: 'keys', leftOut: new Set([keyId(1)]) })
    expect(nextRotationStep(keys, { ...leave, isLeftOut: false })).toEqual(first)
  })

  it('leads nowhere back once it has begun, and from its report only to trying again', () => {
    const running = walk(goOn(), goOn(), { type: 'confirmed' }, { type: 'started', run })
    expect(running).toEqual({ at: 'running', run })
    expect(nextRotationStep(running, { type: 'back' })).toBe(running)
    const report = nextRotationStep(running, { type: 'ended' })
    expect(report).toEqual({ at: 'report', run })
    expect(nextRotationStep(report, { type: 'back' })).toBe(report)
    expect(nextRotationStep(report, { type: 'again' })).toEqual(running)
  })

  it('stays at the plan with the reason when it is refused', () => {
    const refused = walk(
      goOn(),
      goOn(),
      { type: 'confirmed' },
      { type: 'refused', failure: { code: 'keychain/locked' } },
    )
    expect(refused).toMatchObject({ at: 'method', refusal: { code: 'keychain/locked' } })
  })
})
