import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { JobView } from '../../../shared/job.ts'
import { artifactRow, jobId, jobView } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { TransfersPage } from './transfers-page.tsx'

const withJobs = (...jobs: JobView[]) =>
  renderPart(<TransfersPage />, { bridge: makeFakeBridge({ 'jobs:snapshot': () => ({ jobs }) }) })

describe('transfers', () => {
  it('shows phase, amount, rate and time left of what runs', async () => {
    withJobs(jobView())
    const row = await screen.findByRole('listitem', { name: 'credit-risk-v7.safetensors' })
    expect(within(row).getByText('Encrypting')).toBeDefined()
    expect(within(row).getByText('8.36 of 13.48 GB')).toBeDefined()
    expect(within(row).getByText('312 MB/s')).toBeDefined()
    expect(within(row).getByText('0:16')).toBeDefined()
    expect(within(row).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('61')
  })

  it('moves with what main tells it', async () => {
    const { bridge } = withJobs(jobView())
    await screen.findByText('Encrypting')
    act(() =>
      bridge.emit('jobs:changed', { jobs: [jobView({ phase: 'verifying', doneBytes: 1 })], removed: [] }),
    )
    expect(screen.getByText('Verifying')).toBeDefined()
    act(() => bridge.emit('jobs:changed', { jobs: [], removed: [jobId(1)] }))
    expect(await screen.findByText('Nothing is running')).toBeDefined()
  })

  it('counts the parts of an upload, and says where it went on', async () => {
    const parts = { sent: 73, of: 184, before: 41 }
    withJobs(jobView({ phase: 'uploading', target: 'to models-prod', parts }))
    const row = await screen.findByRole('listitem', { name: 'credit-risk-v7.safetensors' })
    expect(within(row).getByText('73 of 184 parts').title).toBe('8.36 of 13.48 GB')
    expect(within(row).getByTitle('to models-prod · from part 42')).toBeDefined()
  })

  it('pauses one job, and all', async () => {
    const { bridge, user } = withJobs(jobView())
    await user.click(await screen.findByRole('button', { name: 'Pause credit-risk-v7.safetensors' }))
    await user.click(screen.getByRole('button', { name: 'Pause all' }))
    expect(bridge.requestsTo('jobs:pause')).toEqual([{ jobIds: [jobId(1)] }, { jobIds: null }])
  })

  it('resumes what was paused and offers no pause for it', async () => {
    const { bridge, user } = withJobs(
      jobView({ state: 'paused', canResume: true, bytesPerSecond: 0, secondsLeft: null }),
    )
    await user.click(await screen.findByRole('button', { name: 'Resume credit-risk-v7.safetensors' }))
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(1)] }])
    expect(screen.queryByRole('button', { name: /^Pause/ })).toBeNull()
  })

  it('says why a job paused by itself, and resumes it from there', async () => {
    const { bridge, user } = withJobs(
      jobView({
        state: 'paused',
        failure: { code: 'store/credentials-expired', store: 'models-prod' },
        safe: 'What was uploaded is kept.',
        canResume: true,
        bytesPerSecond: 0,
        secondsLeft: null,
      }),
    )
    expect(await screen.findByText(/The credentials have expired/)).toBeDefined()
    expect(screen.getByText('What was uploaded is kept.')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Resume' }))
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(1)] }])
    expect(screen.getByRole('button', { name: /^Cancel/ })).toBeDefined()
  })

  it('says of a failed job what happened, what is safe and what to do, and tries again', async () => {
    const failed = jobView({
      state: 'failed',
      failure: { code: 'store/unreachable', store: 'nas-02', detail: 'timed out' },
      safe: 'The original is unchanged.',
      canRetry: true,
      endedAt: Date.now(),
    })
    const { bridge, user } = withJobs(failed)
    expect(await screen.findByRole('heading', { name: 'What happened' })).toBeDefined()
    expect(screen.getByText('The original is unchanged.')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(1)] }])
    await user.click(screen.getByRole('button', { name: 'Copy details' }))
    const [{ text } = { text: '' }] = bridge.requestsTo('program:copy-text')
    expect(text).toContain('store/unreachable')
    await user.click(screen.getByRole('button', { name: /^Remove/ }))
    expect(bridge.requestsTo('jobs:dismiss')).toEqual([{ jobIds: [jobId(1)] }])
  })

  it('offers to look again when the outcome of a write is unknown, and never to remove it', async () => {
    withJobs(jobView({ state: 'unresolved', canResume: true, canCancel: true }))
    expect(await screen.findByRole('button', { name: 'Look again' })).toBeDefined()
    expect(screen.getByText(/The key is kept/)).toBeDefined()
    expect(screen.queryByRole('button', { name: /^Remove|^Cancel/ })).toBeNull()
  })

  it('cancels a job that has just begun at once, and asks before it throws work away', async () => {
    const young = jobView({ startedAt: Date.now() })
    const old = jobView({ n: 2, title: 'old.bin', startedAt: Date.now() - 600_000 })
    const { bridge, user } = withJobs(young, old)
    await user.click(await screen.findByRole('button', { name: 'Cancel credit-risk-v7.safetensors' }))
    expect(bridge.requestsTo('jobs:cancel')).toEqual([{ jobIds: [jobId(1)] }])
    await user.click(screen.getByRole('button', { name: 'Cancel old.bin' }))
    const dialog = await screen.findByRole('dialog', { name: 'Cancel old.bin?' })
    expect(bridge.requestsTo('jobs:cancel')).toHaveLength(1)
    await user.click(within(dialog).getByRole('button', { name: 'Cancel the job' }))
    expect(bridge.requestsTo('jobs:cancel')).toHaveLength(2)
  })

  it('reveals a result and shows a report', async () => {
    const done = jobView({ state: 'done', canReveal: true, endedAt: Date.now(), report: ['3 restored'] })
    const { bridge, user } = withJobs(done)
    await user.click(await screen.findByRole('button', { name: /^Reveal/ }))
    expect(bridge.requestsTo('jobs:reveal')).toEqual([{ jobId: jobId(1) }])
    await user.click(screen.getByRole('button', { name: 'Report' }))
    expect(screen.getByText('3 restored')).toBeDefined()
  })

  it('shows five rows of history and then all of it, a page at a time', async () => {
    const past = Array.from({ length: 60 }, (_, n) =>
      jobView({ n: n + 10, title: `old-${n}`, state: 'done', endedAt: Date.now() - n * 1000 }),
    )
    const bridge = makeFakeBridge({
      'jobs:history': ({ offset, limit }) => ({ total: 60, jobs: past.slice(offset, offset + limit) }),
    })
    const { user } = renderPart(<TransfersPage />, { bridge })
    const history = await screen.findByRole('region', { name: 'History' })
    expect(within(history).getAllByRole('listitem')).toHaveLength(5)
    await user.click(within(history).getByRole('button', { name: 'Show all 60' }))
    await waitFor(() => expect(within(history).getAllByRole('listitem')).toHaveLength(50))
    await user.click(within(history).getByRole('button', { name: 'Older' }))
    await waitFor(() => expect(within(history).getAllByRole('listitem')).toHaveLength(10))
    expect(within(history).getByText('old-59')).toBeDefined()
  })

  it('gives up what a rotation lost, named and confirmed', async () => {
    const failure = { code: 'rotation/object-gone', name: 'fraud_detector.pkl', objects: 1 } as const
    const { bridge, user } = withJobs(jobView({ kind: 'rewrap', state: 'failed', canRetry: true, failure }))
    await user.click(await screen.findByRole('button', { name: 'Give up…' }))
    const dialog = await screen.findByRole('dialog')
    await within(dialog).findByRole('list', { name: 'Gone from their stores' })
    const confirm = within(dialog).getByRole('button', { name: 'Give up 1 file' })
    expect(confirm.hasAttribute('disabled')).toBe(true)
    const { name, storeId, objectName } = artifactRow()
    await user.type(within(dialog).getByRole('textbox'), name)
    await user.click(confirm)
    const objects = [{ version: 1, storeId, objectName }]
    expect(bridge.requestsTo('jobs:give-up')).toEqual([{ jobId: jobId(1), confirmName: name, objects }])
  })
})
