import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import type { JobView } from '../../../shared/job.ts'
import { jobId, jobView, keyId, pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { plannedArtifact, rotationPlan } from '../../testing/rotation-builders.ts'
import { RotatePage } from './rotate-page.tsx'

const artifacts = [
  plannedArtifact({ n: 1, name: 'a.pkl' }),
  plannedArtifact({ n: 2, name: 'b.onnx' }),
  plannedArtifact({ n: 3, name: 'c.gguf' }),
]
/** Plans for what is asked, as main does. */
const planned = (over: Partial<RotationPlan> = {}) => {
  const all = over.artifacts ?? artifacts
  return makeFakeBridge({
    'keys:rotation-plan': ({ keyIds }) =>
      rotationPlan({
        ...over,
        artifacts: all.filter((one) => keyIds === null || keyIds.includes(one.keyId)),
      }),
    'keys:rotate': ({ keyIds }) => ({ jobIds: (keyIds ?? []).map((_, n) => jobId(n + 1)), refused: [] }),
  })
}
const job = (n: number, over: Partial<JobView>): JobView =>
  jobView({ n, kind: 'rewrap', title: artifacts[n - 1]?.name ?? '', ...over })
const done = (n: number): JobView =>
  job(n, { state: 'done', outcome: 'Rewrapped and verified', canPause: false, canCancel: false })

async function toPlan(user: ReturnType<typeof renderPart>['user'], count = 3): Promise<void> {
  await user.click(await screen.findByRole('button', { name: `Continue with ${count} keys` }))
  await user.click(await screen.findByRole('button', { name: `Review ${count} keys` }))
}

describe('the guided rotation', () => {
  it('asks for all that are due, and rotates exactly what was confirmed', async () => {
    const bridge = planned()
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    expect(await screen.findByRole('heading', { name: '3 keys are due for rotation' })).toBeDefined()
    expect(bridge.requestsTo('keys:rotation-plan')).toEqual([{ keyIds: null }])
    await user.click(screen.getByRole('checkbox', { name: 'b.onnx · key 1' }))
    await toPlan(user, 2)
    await user.click(await screen.findByRole('button', { name: 'Rotate 2 keys' }))
    expect(bridge.requestsTo('keys:rotate')).toEqual([
      { keyIds: [keyId(1), keyId(3)], method: 'rewrap', reason: 'crypto-period-ended', note: '' },
    ])
  })

  it('offers no rewrap for what a compromised key once wrapped', async () => {
    const bridge = planned({ artifacts: artifacts.map((one, n) => ({ ...one, isTainted: n === 1 })) })
    const { user } = renderPart(<RotatePage what={artifacts.map((one) => one.keyId).join(',')} />, { bridge })
    await toPlan(user)
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Rewrap' }).disabled).toBe(true)
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Re-encrypt' }).checked).toBe(true)
    expect(screen.getByText(/Leave them out to rewrap the others/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    expect(bridge.requestsTo('keys:rotate')).toMatchObject([{ method: 're-encrypt', reason: 'compromise' }])
  })

  it('lists what cannot be rotated with the reason, and does not offer it', async () => {
    const bridge = planned({
      artifacts: [],
      refused: [
        { keyId: keyId(9), alias: 'old.h5 · key 1', failure: { code: 'key/destroyed', keyId: keyId(9) } },
      ],
    })
    renderPart(<RotatePage what={keyId(9)} />, { bridge })
    const list = await screen.findByRole('list', { name: 'Keys that are not rotated' })
    expect(within(list).getByText('old.h5 · key 1')).toBeDefined()
    expect(screen.queryByRole('button', { name: /Continue/ })).toBeNull()
  })

  it('shows what stopped with its three parts, tries it again, and ends in a report', async () => {
    const bridge = planned({ kits: [{ where: '/usb/kit.age', madeAt: Date.UTC(2026, 10, 2) }] })
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    await toPlan(user)
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    await screen.findByRole('heading', { name: 'Rotating 3 keys' })
    act(() => bridge.emit('jobs:changed', { jobs: [done(1), job(2, {})], removed: [] }))
    expect(await screen.findByText('1 of 3 keys rotated and verified')).toBeDefined()
    const failed = job(3, { state: 'failed', canRetry: true, failure: { code: 'keychain/locked' } })
    act(() => bridge.emit('jobs:changed', { jobs: [done(2), failed], removed: [] }))
    expect(await screen.findByRole('heading', { name: '2 of 3 keys are rotated' })).toBeDefined()
    expect(screen.getByText('What is safe')).toBeDefined()
    expect(screen.getByText(/^The recovery kit of .* does not hold the 2 new keys\./)).toBeDefined()
    expect(screen.getByRole('link', { name: 'Make a new kit…' }).getAttribute('href')).toBe(
      '#/settings/recovery-kit',
    )
    await user.click(screen.getByRole('button', { name: 'Try 1 key again' }))
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(3)] }])
  })

  it('waits for a job that runs again, and does not take its old failure for its end', async () => {
    const bridge = planned()
    const failed = job(3, { state: 'failed', canRetry: true, failure: { code: 'keychain/locked' } })
    bridge.answer('jobs:resume', () => {
      const jobs = [job(3, { state: 'queued', doneBytes: 0 })]
      bridge.emit('jobs:changed', { jobs, removed: [] })
      return { jobs }
    })
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    await toPlan(user)
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    await screen.findByRole('heading', { name: 'Rotating 3 keys' })
    act(() => bridge.emit('jobs:changed', { jobs: [done(1), done(2), failed], removed: [] }))
    await user.click(await screen.findByRole('button', { name: 'Try 1 key again' }))
    expect(await screen.findByRole('heading', { name: 'Rotating 3 keys' })).toBeDefined()
    act(() => bridge.emit('jobs:changed', { jobs: [done(3)], removed: [] }))
    expect(await screen.findByRole('heading', { name: '3 keys are rotated' })).toBeDefined()
  })

  it('pauses, and cancels what is left only after a question', async () => {
    const bridge = planned()
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    await toPlan(user)
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    await screen.findByRole('heading', { name: 'Rotating 3 keys' })
    act(() => bridge.emit('jobs:changed', { jobs: [done(1), job(2, {}), job(3, {})], removed: [] }))
    await user.click(await screen.findByRole('button', { name: 'Pause' }))
    expect(bridge.requestsTo('jobs:pause')).toEqual([{ jobIds: [jobId(2), jobId(3)] }])
    await user.click(screen.getByRole('button', { name: 'Cancel…' }))
    expect(bridge.requestsTo('jobs:cancel')).toEqual([])
    await user.click(await screen.findByRole('button', { name: 'Cancel 2 rotations' }))
    expect(bridge.requestsTo('jobs:cancel')).toEqual([{ jobIds: [jobId(2), jobId(3)] }])
  })

  it('saves the report with what the page says beside the jobs', async () => {
    const bridge = planned()
    bridge.answer('program:status', () => programStatus({ nativeDialogs: true }))
    bridge.answer('files:choose-target', () => ({ chosen: { token: pathToken(7), path: '/home/ada/r.txt' } }))
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    await toPlan(user)
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    await screen.findByRole('heading', { name: 'Rotating 3 keys' })
    act(() => bridge.emit('jobs:changed', { jobs: [done(1), done(2), done(3)], removed: [] }))
    await user.click(await screen.findByRole('button', { name: 'Save report…' }))
    await waitFor(() => expect(bridge.requestsTo('jobs:save-report')).toHaveLength(1))
    const [saved] = bridge.requestsTo('jobs:save-report')
    expect(saved).toMatchObject({ jobIds: [jobId(1), jobId(2), jobId(3)], target: { token: pathToken(7) } })
    expect(saved?.notes).toContain('Method: Rewrap')
    expect(saved?.notes).toContain('Reason: Crypto-period ends')
  })

  it('stays at the plan when it is refused, and shows why', async () => {
    const bridge = planned()
    bridge.fail('keys:rotate', { code: 'keychain/locked' })
    const { user } = renderPart(<RotatePage what="due" />, { bridge })
    await toPlan(user)
    await user.click(screen.getByRole('button', { name: 'Rotate 3 keys' }))
    expect(await screen.findByText('What to do')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Rotate 3 keys' })).toBeDefined()
  })

  it('says so when the address names no key', async () => {
    renderPart(<RotatePage what="nonsense" />)
    expect(await screen.findByText('What to do')).toBeDefined()
  })
})
