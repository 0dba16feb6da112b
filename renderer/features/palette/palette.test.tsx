import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { windowRequests } from '../../lib/window-requests.ts'
import { artifactEntry, artifactId, jobView, keyId, keyRow, now, storeId } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { Palette } from './palette.tsx'

const open = () => {
  const onClose = vi.fn<() => void>()
  const counts = { all: 1, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 }
  const bridge = makeFakeBridge({
    'artifacts:list': () => ({
      total: 1,
      rows: [artifactEntry({ n: 1, name: 'fraud/fraud_detector.pkl' })],
      artifacts: 1,
      ciphertextBytes: 1,
      otherObjects: 0,
    }),
    'keys:list': () => ({ total: 1, rows: [keyRow({ n: 1 })], counts }),
    'jobs:history': () => ({
      total: 1,
      jobs: [
        jobView({ title: 'fraud_detector.pkl', state: 'done', endedAt: now, artifactId: artifactId(1) }),
      ],
    }),
  })
  return { ...renderPart(<Palette onClose={onClose} />, { bridge }), onClose }
}

describe('the palette', () => {
  it('begins with what was done last and what can be done, the focus in its field', async () => {
    open()
    const field = await screen.findByRole('combobox')
    expect(await screen.findByRole('group', { name: 'Recent' })).toBeDefined()
    expect(screen.getByRole('group', { name: 'Actions' })).toBeDefined()
    expect(screen.queryByRole('group', { name: 'Artifacts' })).toBeNull()
    await waitFor(() => expect(document.activeElement).toBe(field))
  })

  it('finds artifacts and keys, with what matches in bold', async () => {
    const { user } = open()
    await user.type(await screen.findByRole('combobox'), 'fraud')
    const artifacts = await screen.findByRole('group', { name: 'Artifacts' })
    expect(
      within(artifacts)
        .getAllByText('fraud')
        .map(({ tagName }) => tagName),
    ).toEqual(['MARK', 'MARK'])
    expect(screen.getByRole('group', { name: 'Keys' })).toBeDefined()
  })

  it('goes where Enter on the active row leads', async () => {
    const { user, onClose } = open()
    const field = await screen.findByRole('combobox')
    await user.type(field, 'fraud')
    await screen.findByRole('group', { name: 'Keys' })
    await user.keyboard('{ArrowDown}')
    const active = screen.getByRole('option', { selected: true })
    expect(field.getAttribute('aria-activedescendant')).toBe(active.id)
    await user.keyboard('{Enter}')
    expect(onClose).toHaveBeenCalledOnce()
    expect(window.location.hash).toBe(`#/keys/${keyId(1)}`)
  })

  it('asks the window for an action', async () => {
    const { user } = open()
    await user.type(await screen.findByRole('combobox'), 'import')
    await user.click(await screen.findByRole('option', { name: /Import an identity/ }))
    expect(windowRequests.get()).toEqual({ ask: 'import-identity', source: null })
  })

  it.each(['quick', 'sample', 'full'] as const)('verifies a store: %s', async (level) => {
    const { bridge, user } = open()
    await user.type(await screen.findByRole('combobox'), `verify ${level}`)
    await user.click(await screen.findByRole('option', { name: /Verify models-prod/ }))
    expect(bridge.requestsTo('artifacts:verify')).toEqual([{ artifactIds: [], storeId: storeId(1), level }])
  })

  it('acts on the ciphertext of an artifact for who types a verb before its name', async () => {
    const { user, bridge } = open()
    await user.type(await screen.findByRole('combobox'), 'copy fraud')
    await user.click(await screen.findByRole('option', { name: /to a store…/ }))
    expect(windowRequests.get()).toMatchObject({ ask: 'copy', move: false })
    expect(bridge.requestsTo('artifacts:list').at(-1)).toMatchObject({ query: 'fraud' })
  })

  it('opens, verifies and destroys by a verb and a name, and goes to the folder of what was found', async () => {
    const { bridge, user } = open()
    const field = await screen.findByRole('combobox')
    await user.type(field, 'destroy fraud')
    expect(await screen.findByRole('option', { name: /the key of/ })).toBeDefined()
    await user.clear(field)
    await user.type(field, 'verify fraud')
    await user.click(await screen.findByRole('option', { name: /^Verify/ }))
    expect(bridge.requestsTo('artifacts:verify')).toEqual([
      { artifactIds: [artifactId(1)], storeId: null, level: 'sample' },
    ])
  })

  it('looks again at a store, and leads to its settings and to folders', async () => {
    const { bridge, user } = open()
    const field = await screen.findByRole('combobox')
    await user.type(field, 'fraud')
    expect(await screen.findByRole('option', { name: /^Go to/ })).toBeDefined()
    await user.clear(field)
    await user.type(field, 'look again')
    await user.click(await screen.findByRole('option', { name: /Look again at models-prod/ }))
    expect(bridge.requestsTo('stores:scan')).toEqual([{ storeId: storeId(1) }])
  })
})
