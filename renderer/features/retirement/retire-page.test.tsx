import { act, screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import { artifactId, jobId, jobView, keyId } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { retirementImpact, scheduledRetirement } from '../../testing/retirement-builders.ts'
import { RetirePage } from './retire-page.tsx'

const retired = artifactId(61)
const name = 'embedder-old.onnx'

const open = (impact: RetirementImpact = retirementImpact()) => {
  const bridge = makeFakeBridge({ 'retirement:impact': () => impact })
  return renderPart(<RetirePage what={retired} />, { bridge, at: `/retire/${retired}` })
}
type User = ReturnType<typeof open>['user']
const press = async (user: User, button: string) =>
  user.click(await screen.findByRole('button', { name: button }))
async function toConfirm(user: User): Promise<HTMLElement> {
  await press(user, 'Show what 1 artifact takes along')
  await press(user, 'Check copies of 3 keys')
  await press(user, 'Choose for 2 objects')
  await press(user, 'Confirm 3 keys')
  return screen.findByRole('textbox')
}

describe('retiring an artifact', () => {
  it('shows versions, keys and copies out of reach before anything happens', async () => {
    const { bridge, user } = open()
    await press(user, 'Show what 1 artifact takes along')
    expect(screen.getByRole('heading', { name: '2 versions become unreadable here' })).toBeDefined()
    await press(user, 'Check copies of 3 keys')
    expect(screen.getByRole('heading', { name: '2 known copies cannot be reached' })).toBeDefined()
    const table = screen.getByRole('table', { name: 'Copies that cannot be reached' })
    expect(table.textContent).toContain('Recovery kit')
    expect(table.textContent).toContain('Backups')
    expect(bridge.requestsTo('retirement:start')).toEqual([])
  })

  it('begins only once the name is typed exactly, with what was chosen', async () => {
    const { bridge, user } = open()
    await press(user, 'Show what 1 artifact takes along')
    await press(user, 'Check copies of 3 keys')
    await press(user, 'Choose for 2 objects')
    await user.click(screen.getByRole('radio', { name: 'Delete the ciphertext as well' }))
    await press(user, 'Confirm 3 keys')
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Destroy 3 keys' })
    await user.type(screen.getByRole('textbox'), 'embedder-old.onn')
    expect(button.disabled).toBe(true)
    await user.type(screen.getByRole('textbox'), 'x')
    await user.click(button)
    expect(bridge.requestsTo('retirement:start')).toEqual([
      { artifactIds: [retired], confirmName: name, inDays: null, deleteCiphertext: true },
    ])
  })

  it('schedules with the policy’s days, which may be changed', async () => {
    const { bridge, user } = open()
    bridge.answer('retirement:start', () => ({
      jobIds: [],
      scheduled: [scheduledRetirement({ isDue: false, waits: null })],
    }))
    await user.type(await toConfirm(user), name)
    await user.selectOptions(screen.getByRole('combobox'), '14')
    await press(user, 'Schedule 3 keys')
    expect(bridge.requestsTo('retirement:start')).toMatchObject([{ inDays: 14 }])
    expect(await screen.findByRole('heading', { name: `${name} is retired in 14 days` })).toBeDefined()
  })

  it('ends at the certificate, and never says that nobody can open it', async () => {
    const { bridge, user } = open()
    await user.type(await toConfirm(user), name)
    await press(user, 'Destroy 3 keys')
    await screen.findByText(/You may close this page/)
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull()
    const report = ['Keychain, key 1: Deleted. Empty', 'Not proved: Backups, roaming profiles']
    const done = jobView({ jobId: jobId(61), kind: 'retire', state: 'done', title: name, report })
    act(() => bridge.emit('jobs:changed', { jobs: [done], removed: [] }))
    expect(await screen.findByRole('heading', { name: 'Destroyed here, 2 copies elsewhere' })).toBeDefined()
    expect(screen.getByRole('list', { name: 'Not proved' }).textContent).toContain('Backups')
    await press(user, 'Show the certificate')
  })

  it('says why it stopped, and tries the same job again', async () => {
    const { bridge, user } = open()
    await user.type(await toConfirm(user), name)
    await press(user, 'Destroy 3 keys')
    await screen.findByText(/You may close this page/)
    const failed = jobView({
      jobId: jobId(61),
      kind: 'retire',
      state: 'failed',
      canRetry: true,
      failure: { code: 'keychain/locked' },
    })
    act(() => bridge.emit('jobs:changed', { jobs: [failed], removed: [] }))
    await press(user, 'Try again')
    expect(bridge.requestsTo('jobs:resume')).toEqual([{ jobIds: [jobId(61)] }])
  })

  it('goes no further where another artifact would be lost with it', async () => {
    const lost = {
      keyId: keyId(603),
      artifactId: artifactId(7),
      name: 'other.bin',
      version: 1,
      staysOpen: false,
    }
    const { user } = open(retirementImpact({ shared: [lost] }))
    await press(user, 'Show what 1 artifact takes along')
    expect(screen.getByText(/other.bin v1/)).toBeDefined()
    const next = screen.getByRole<HTMLButtonElement>('button', { name: 'Check copies of 3 keys' })
    expect(next.disabled).toBe(true)
  })

  it('cancels what is scheduled', async () => {
    const impact = retirementImpact()
    const { bridge, user } = open({
      ...impact,
      artifacts: impact.artifacts.map((each) => ({ ...each, scheduled: scheduledRetirement() })),
    })
    expect(await screen.findByText(/it fell due while Weightlock was closed/)).toBeDefined()
    await press(user, 'Cancel 1 scheduled retirement')
    expect(bridge.requestsTo('retirement:cancel')).toEqual([{ artifactIds: [retired] }])
  })
})
