import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { keyId, keyRow, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { windowRequests } from '../../lib/window-requests.ts'
import { KeysPage } from './keys-page.tsx'

const counts = { all: 2, 'rotation-due': 1, compromised: 0, scheduled: 0, 'protects-nothing': 0 }
const rows = [
  keyRow({ n: 1, artifactName: 'a.pkl' }),
  keyRow({ n: 2, artifactName: 'b.onnx', number: 2, state: 'destroyed', copiesElsewhere: 1, protects: 0 }),
]
const withKeys = () =>
  renderPart(<KeysPage />, {
    bridge: makeFakeBridge({ 'keys:list': () => ({ total: 2, rows, counts }) }),
    at: '/keys',
  })

describe('the inventory', () => {
  it('shows state, protection and copies of each key', async () => {
    withKeys()
    const row = (await screen.findByText('b.onnx')).closest('[role="row"]') as HTMLElement
    expect(within(row).getByText('Destroyed here')).toBeDefined()
    expect(within(row).getByText('Nothing')).toBeDefined()
    expect(within(row).getByText('1 elsewhere')).toBeDefined()
    expect(screen.getByRole('img', { name: /Keys by state/ })).toBeDefined()
  })

  it('asks for what a filter and the search say', async () => {
    const { bridge, user } = withKeys()
    await user.click(await screen.findByRole('button', { name: /Rotation due/ }))
    await waitFor(() =>
      expect(bridge.requestsTo('keys:list').at(-1)).toMatchObject({ filter: 'rotation-due' }),
    )
    await user.type(screen.getByRole('searchbox'), 'onnx')
    await waitFor(() => expect(bridge.requestsTo('keys:list').at(-1)).toMatchObject({ query: 'onnx' }))
  })

  it('rotates and suspends the keys that are chosen, those that may be', async () => {
    const { user, bridge } = withKeys()
    await screen.findByText('a.pkl')
    screen.getByRole('grid', { name: 'Keys' }).focus()
    await user.keyboard('{Control>}a{/Control}')
    const bar = await screen.findByRole('region', { name: 'Selection' })
    expect(within(bar).getByText('2 selected')).toBeDefined()
    await user.click(within(bar).getByRole('button', { name: 'Suspend 1 key…' }))
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByRole('textbox'), 'audit')
    await user.click(within(dialog).getByRole('button', { name: 'Suspend 1 key' }))
    await waitFor(() =>
      expect(bridge.requestsTo('keys:suspend')).toEqual([{ keyId: keyId(1), reason: 'audit' }]),
    )
    await user.click(await within(bar).findByRole('button', { name: 'Put in a kit…' }))
    expect(windowRequests.get()).toEqual({ ask: 'make-kit', keyIds: [keyId(1)] })
    await user.click(await within(bar).findByRole('button', { name: 'Rotate 1 key…' }))
    expect(window.location.hash).toBe(`#/keys/rotate/${keyId(1)}`)
  })

  it('chooses by the boxes: one more, all, none', async () => {
    const { user } = withKeys()
    const row = (await screen.findByText('b.onnx')).closest('[role="row"]') as HTMLElement
    const box = within(row).getAllByRole('gridcell')[0] as HTMLElement
    await user.click(box)
    expect(row.getAttribute('aria-selected')).toBe('true')
    await user.click(box)
    expect(row.getAttribute('aria-selected')).toBe('false')
    await user.click(screen.getByRole('button', { name: 'Select all' }))
    expect(await screen.findByText('2 selected')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Clear the selection' }))
    expect(screen.queryByText('2 selected')).toBeNull()
  })

  it('says calmly that keys are due, and leads to their rotation', async () => {
    const bridge = makeFakeBridge({
      'keys:list': () => ({ total: 2, rows, counts }),
      'program:status': () =>
        programStatus({ counts: { artifacts: 2, keys: 2, rotationDue: 1, openJobs: 0, archived: 0 } }),
    })
    const { user } = renderPart(<KeysPage />, { bridge, at: '/keys' })
    expect(await screen.findByText('1 key is due for rotation')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Rotate all due…' }))
    expect(window.location.hash).toBe('#/keys/rotate/due')
  })

  it('says nothing of rotation while none is due', async () => {
    withKeys()
    await screen.findByText('a.pkl')
    expect(screen.queryByRole('region', { name: 'Rotation due' })).toBeNull()
  })

  it('opens a key’s page with Enter', async () => {
    const { user } = withKeys()
    await screen.findByText('a.pkl')
    screen.getByRole('grid', { name: 'Keys' }).focus()
    await user.keyboard('{ArrowDown}{Enter}')
    expect(window.location.hash).toBe(`#/keys/${keyId(1)}`)
  })

  it('hides the picture and shows it again', async () => {
    const { user } = withKeys()
    await user.click(await screen.findByRole('button', { name: 'Hide picture' }))
    expect(screen.queryByRole('img', { name: /Keys by state/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Show picture' }))
    expect(await screen.findByRole('img', { name: /Keys by state/ })).toBeDefined()
  })

  it('says what to do when there is no key', async () => {
    const none = { all: 0, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 }
    const bridge = makeFakeBridge({ 'keys:list': () => ({ total: 0, rows: [], counts: none }) })
    const { user } = renderPart(<KeysPage />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'Import an identity…' }))
    expect(windowRequests.get()).toEqual({ ask: 'import-identity', source: null })
  })

  it('blames no search that nobody made for an empty list', async () => {
    const page = { total: 2, rows, counts }
    const bridge = makeFakeBridge({
      'keys:list': ({ filter }) => (filter === 'compromised' ? { ...page, total: 0, rows: [] } : page),
    })
    const { user } = renderPart(<KeysPage />, { bridge })
    await user.click(await screen.findByRole('button', { name: /^Compromised/ }))
    expect(await screen.findByText('No key is compromised')).toBeDefined()
    expect(screen.queryByText(/The search looks at/)).toBeNull()
  })

  it('shows why the list cannot be read and asks again', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('keys:list', { code: 'catalog/damaged', detail: 'x' })
    const { user } = renderPart(<KeysPage />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'Try again' }))
    expect(bridge.requestsTo('keys:list')).toHaveLength(2)
  })
})
