import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { KeyCopy } from '../../../shared/domain/key.ts'
import { windowRequests } from '../../lib/window-requests.ts'
import { artifactId, dayMs, keyDetails, keyId, keyRow, now, pathToken } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { KeyPage } from './key-page.tsx'

const exported: KeyCopy = {
  place: 'export',
  where: '/media/usb/model.key.txt',
  state: 'out-of-reach',
  at: now - 5 * dayMs,
  lastSeenAt: null,
}
const inKeychain: KeyCopy = {
  place: 'keychain',
  where: 'Weightlock/x',
  state: 'present',
  at: now,
  lastSeenAt: now,
}
const version = {
  artifactId: artifactId(1),
  name: 'model.pkl',
  version: 1,
  ciphertextBytes: 2_000_000,
  stores: ['nas'],
}

const details = keyDetails({
  copies: [inKeychain, exported],
  impact: {
    keyId: keyId(1),
    confirmName: 'model.pkl',
    goneForGood: [version],
    stillOpen: [{ ...version, version: 2, alsoOpensWith: [{ keyId: keyId(2), name: 'key 2' }] }],
    copies: [inKeychain, exported],
    copiesElsewhere: 1,
  },
})

describe('a key’s page', () => {
  it('answers what dies with the key, and never says that nobody can open it', async () => {
    const bridge = makeFakeBridge({ 'keys:show': () => details })
    renderPart(<KeyPage id={keyId(1)} />, { bridge })
    const panel = await screen.findByRole('complementary', { name: 'What dies with this key?' })
    expect(within(panel).getByText('Nothing yet: 2 copies exist.')).toBeDefined()
    expect(within(panel).getByText('Gone for good').nextElementSibling?.textContent).toBe('v12.0 MB')
    expect(within(panel).getByText('Not gone').nextElementSibling?.textContent).toBe('v22.0 MB')
    expect(within(panel).getByText('/media/usb/model.key.txt')).toBeDefined()
    expect(panel.textContent).not.toMatch(/nobody/i)
  })

  it('lists its copies', async () => {
    const bridge = makeFakeBridge({ 'keys:show': () => details })
    renderPart(<KeyPage id={keyId(1)} />, { bridge })
    const copies = await screen.findByRole('table', { name: 'Copies' })
    expect(within(copies).getByText('Exported file')).toBeDefined()
    expect(within(copies).getByText(/out of reach/)).toBeDefined()
  })

  it('offers nothing for a destroyed key and counts what is elsewhere', async () => {
    const gone = {
      ...details,
      key: keyRow({ state: 'destroyed', copiesElsewhere: 1, rotationDueAt: null }),
    }
    renderPart(<KeyPage id={keyId(1)} />, { bridge: makeFakeBridge({ 'keys:show': () => gone }) })
    expect(await screen.findByText('Destroyed here, 1 copy elsewhere.')).toBeDefined()
    expect(screen.queryByRole('button', { name: /Export|Destroy|Rotate|Suspend|Resume|More/ })).toBeNull()
  })

  it('leads to the guided rotation of this key', async () => {
    const { user } = renderPart(<KeyPage id={keyId(1)} />)
    await user.click(await screen.findByRole('button', { name: 'Rotate…' }))
    expect(window.location.hash).toBe(`#/keys/rotate/${keyId(1)}`)
  })

  it('suspends with a reason, and not without', async () => {
    const { bridge, user } = renderPart(<KeyPage id={keyId(1)} />)
    await user.click(await screen.findByRole('button', { name: 'Suspend…' }))
    const dialog = await screen.findByRole('dialog')
    const go = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Suspend 1 key' })
    expect(go.disabled).toBe(true)
    await user.type(within(dialog).getByRole('textbox'), 'laptop lost')
    await user.click(go)
    expect(bridge.requestsTo('keys:suspend')).toEqual([{ keyId: keyId(1), reason: 'laptop lost' }])
  })

  it('resumes a suspended key, and says why it was refused', async () => {
    const bridge = makeFakeBridge({
      'keys:show': () => keyDetails({ key: keyRow({ state: 'suspended', rotationDueAt: null }) }),
    })
    bridge.fail('keys:resume', { code: 'key/being-destroyed', keyId: keyId(1) })
    const { user } = renderPart(<KeyPage id={keyId(1)} />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'Resume…' }))
    const dialog = await screen.findByRole('dialog')
    expect(screen.queryByRole('button', { name: 'Rotate…' })).toBeNull()
    await user.type(within(dialog).getByRole('textbox'), 'found again')
    await user.click(within(dialog).getByRole('button', { name: 'Resume 1 key' }))
    expect(await within(dialog).findByText('What is safe')).toBeDefined()
  })

  it('says of a replaced key what it still opens', async () => {
    const replaced = { ...details, key: keyRow({ state: 'deactivated', rotationDueAt: null }) }
    renderPart(<KeyPage id={keyId(1)} />, { bridge: makeFakeBridge({ 'keys:show': () => replaced }) })
    expect(await screen.findByText(/before it was replaced open with this key alone/)).toBeDefined()
  })

  it.each([
    ['scheduled', { state: 'suspended', destroyAt: Date.UTC(2026, 11, 3) }, /^Destroys 3 Dec/],
    ['missing', { isMissing: true }, 'Missing'],
  ] as const)('shows a key that is %s as such, and rotates it not', async (_, over, word) => {
    const bridge = makeFakeBridge({ 'keys:show': () => keyDetails({ key: keyRow(over) }) })
    renderPart(<KeyPage id={keyId(1)} />, { bridge })
    expect(await screen.findByText(word)).toBeDefined()
    expect(screen.queryByRole('button', { name: /Rotate|Resume/ })).toBeNull()
  })

  it('offers for one that is missing what brings it back, and nothing that needs it', async () => {
    const bridge = makeFakeBridge({ 'keys:show': () => keyDetails({ key: keyRow({ isMissing: true }) }) })
    const { user } = renderPart(<KeyPage id={keyId(1)} />, { bridge })
    expect(await screen.findByText(/Gone from the keychain, which answers/)).toBeDefined()
    expect(screen.queryByRole('button', { name: /Suspend|Resume|Rotate/ })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Import identity…' }))
    expect(windowRequests.get()).toEqual({ ask: 'import-identity', source: null })
    await user.click(screen.getByRole('button', { name: 'More actions' }))
    expect(screen.queryByRole('menuitem', { name: 'Export identity…' })).toBeNull()
    await user.click(await screen.findByRole('menuitem', { name: 'Archive its entry' }))
    expect(bridge.requestsTo('artifacts:archive')).toEqual([
      { artifactIds: [keyRow({}).artifactId], isArchived: true },
    ])
    await user.click(screen.getByRole('button', { name: 'Restore from a kit…' }))
    expect(window.location.hash).toBe('#/settings/recovery-kit')
  })

  it('says so when there is no such key', async () => {
    renderPart(<KeyPage id="nonsense" />)
    expect(await screen.findByText('What to do')).toBeDefined()
  })
})

describe('export', () => {
  it('needs a place and a yes, then writes once', async () => {
    const bridge = makeFakeBridge({
      'keys:show': () => details,
      'files:choose-target': () => ({ chosen: { token: pathToken(7), path: '/home/ada/k.txt' } }),
    })
    bridge.answer('program:status', async () => ({
      ...(await import('../../testing/builders.ts')).programStatus(),
      nativeDialogs: true,
    }))
    const { user } = renderPart(<KeyPage id={keyId(1)} />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'More actions' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Export identity…' }))
    const dialog = await screen.findByRole('dialog')
    const go = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Export 1 identity' })
    expect(go.disabled).toBe(true)
    await user.click(within(dialog).getByRole('button', { name: 'Choose…' }))
    await within(dialog).findByText('/home/ada/k.txt')
    expect(go.disabled).toBe(true)
    await user.click(within(dialog).getByRole('checkbox'))
    await user.click(go)
    expect(bridge.requestsTo('keys:export')).toEqual([
      { keyId: keyId(1), target: { token: pathToken(7) }, understood: true },
    ])
  })
})
