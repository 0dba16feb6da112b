import { act, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { artifactId, jobId, jobView, keyDetails, keyId, keyRow } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { DestroyKeyPage } from './destroy-key-page.tsx'

const version = {
  artifactId: artifactId(1),
  name: 'fraud_detector.pkl',
  version: 1,
  ciphertextBytes: 148_251_120,
  stores: ['models-prod'],
}
const withImpact = (copiesElsewhere: number): KeyDetails => {
  const details = keyDetails()
  return {
    ...details,
    impact: { ...details.impact, confirmName: 'fraud_detector.pkl', goneForGood: [version], copiesElsewhere },
  }
}

const open = (details: KeyDetails = withImpact(0)) => {
  const bridge = makeFakeBridge({ 'keys:show': () => details })
  return renderPart(<DestroyKeyPage id={keyId(1)} />, { bridge, at: `/keys/${keyId(1)}/destroy` })
}
const toConfirm = async (user: ReturnType<typeof open>['user']): Promise<HTMLElement> => {
  await user.click(await screen.findByRole('button', { name: 'Check its copies' }))
  await user.click(screen.getByRole('button', { name: 'Confirm 1 key' }))
  return screen.findByRole('textbox')
}

describe('destroying a key', () => {
  it('shows exact counts and names before anything happens', async () => {
    const { bridge } = open()
    expect(await screen.findByRole('heading', { name: '1 version opens with no other key' })).toBeDefined()
    expect(screen.getByRole('table', { name: 'Gone' }).textContent).toContain('fraud_detector.pkl')
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull()
    expect(bridge.requestsTo('keys:destroy')).toEqual([])
  })

  it('destroys only once the name is typed exactly', async () => {
    const { bridge, user } = open()
    const field = await toConfirm(user)
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Destroy 1 key' })
    expect(button.disabled).toBe(true)
    await user.type(field, 'fraud_detector.pk')
    expect(button.disabled).toBe(true)
    await user.type(field, 'l')
    expect(screen.getByText('matches')).toBeDefined()
    await user.click(button)
    expect(bridge.requestsTo('keys:destroy')).toEqual([
      { keyId: keyId(1), confirmName: 'fraud_detector.pkl' },
    ])
  })

  it('puts the focus into the field for the name', async () => {
    const { user } = open()
    const field = await toConfirm(user)
    expect(document.activeElement).toBe(field)
  })

  it('says why it was refused and stays where it was', async () => {
    const { bridge, user } = open()
    bridge.fail('keys:destroy', { code: 'keychain/locked' })
    await user.type(await toConfirm(user), 'fraud_detector.pkl')
    await user.click(screen.getByRole('button', { name: 'Destroy 1 key' }))
    expect(await screen.findByRole('alert')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Back' })).toBeDefined()
  })

  it.each([
    [0, 'fraud_detector.pkl · key 1 is destroyed'],
    [2, 'Destroyed here, 2 copies elsewhere'],
  ])('ends in a report: %i copies elsewhere', async (elsewhere, heading) => {
    const { bridge, user } = open(withImpact(elsewhere))
    await user.type(await toConfirm(user), 'fraud_detector.pkl')
    await user.click(screen.getByRole('button', { name: 'Destroy 1 key' }))
    await screen.findByText(/You may close this page/)
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull()
    const done = jobView({
      jobId: jobId(130),
      kind: 'destroy-key',
      state: 'done',
      report: ['Read back: empty', 'Not proved: backups of this keychain and of this system'],
    })
    act(() => bridge.emit('jobs:changed', { jobs: [done], removed: [] }))
    expect(await screen.findByRole('heading', { name: heading })).toBeDefined()
    expect(screen.getByRole('list', { name: 'What was done' }).textContent).toBe('Read back: empty')
    expect(screen.getByRole('table', { name: 'Not proved' }).textContent).toContain('Backups')
    expect(screen.getByRole('region', { name: 'Destroyed and read back' }).textContent).toContain('destroyed')
  })

  it('keeps a failed destruction, with its remedy, and tries again', async () => {
    const { bridge, user } = open()
    await user.type(await toConfirm(user), 'fraud_detector.pkl')
    await user.click(screen.getByRole('button', { name: 'Destroy 1 key' }))
    const failed = jobView({
      jobId: jobId(130),
      kind: 'destroy-key',
      state: 'failed',
      canRetry: true,
      failure: { code: 'keychain/delete-not-confirmed', keyId: keyId(1) },
    })
    await screen.findByText(/You may close this page/)
    act(() => bridge.emit('jobs:changed', { jobs: [failed], removed: [] }))
    const again = await screen.findByRole('button', { name: 'Try again' })
    expect(screen.getByRole('region', { name: 'Not yet destroyed and read back' }).textContent).not.toContain(
      'active',
    )
    await user.click(again)
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(130)] }])
  })

  it('says so when it may not be tried again, and stays where it is', async () => {
    const { bridge, user } = open()
    await user.type(await toConfirm(user), 'fraud_detector.pkl')
    await user.click(screen.getByRole('button', { name: 'Destroy 1 key' }))
    await screen.findByText(/You may close this page/)
    const failure = { code: 'keychain/delete-not-confirmed', keyId: keyId(1) } as const
    const stopped = { jobId: jobId(130), kind: 'destroy-key', state: 'failed', canRetry: true } as const
    act(() => bridge.emit('jobs:changed', { jobs: [jobView({ ...stopped, failure })], removed: [] }))
    bridge.fail('jobs:resume', { code: 'job/not-resumable', jobId: jobId(130), state: 'failed' })
    await user.click(await screen.findByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(bridge.requestsTo('jobs:resume')).toHaveLength(1))
    expect(screen.queryByText(/You may close this page/)).toBeNull()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined()
  })

  it('has nothing to do for a key that is destroyed', async () => {
    open({ ...withImpact(0), key: keyRow({ state: 'destroyed' }) })
    expect(await screen.findByRole('heading', { name: /is destroyed already/ })).toBeDefined()
    expect(screen.queryByRole('button', { name: /Destroy 1 key|Confirm 1 key/ })).toBeNull()
  })
})
