import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { windowRequests } from '../../lib/window-requests.ts'
import { keychainStatus, programStatus, storeInfo } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { FirstRun } from './first-run.tsx'

const checklist = { encrypted: false, opened: false, backedUp: false, dismissed: false }
const open = (over: Parameters<typeof programStatus>[0] = {}) =>
  renderPart(<FirstRun />, {
    bridge: makeFakeBridge({
      'program:status': () => programStatus({ checklist, ...over }),
      'stores:list': () => ({ stores: [storeInfo({ location: '~/Weightlock', exists: false })] }),
    }),
  })

describe('the first run', () => {
  it('answers plainly about keychain and store', async () => {
    open()
    expect(await screen.findByText('Works')).toBeDefined()
    expect(screen.getByText('Read back').nextElementSibling?.textContent).toBe('1.1 ms')
    expect(await screen.findByText('Made when the first artifact arrives.')).toBeDefined()
  })

  it('asks for files or a folder', async () => {
    const { user } = open()
    await user.click(await screen.findByRole('button', { name: 'Choose files…' }))
    expect(windowRequests.get()).toEqual({ ask: 'choose-to-encrypt', what: 'files' })
    await user.click(screen.getByRole('button', { name: 'Choose a folder…' }))
    expect(windowRequests.get()).toEqual({ ask: 'choose-to-encrypt', what: 'folder' })
  })

  it('offers the sample and encrypts it only when asked', async () => {
    const { bridge, user } = open()
    const steps = await screen.findByRole('region', { name: 'First steps' })
    expect(within(steps).getByText('0 of 3')).toBeDefined()
    expect(bridge.requestsTo('encrypt:sample')).toEqual([])
    await user.click(within(steps).getByRole('button', { name: 'Encrypt the sample' }))
    expect(bridge.requestsTo('encrypt:sample')).toHaveLength(1)
  })

  it('ticks what is done, leads to a back-up, and goes when told to', async () => {
    const { bridge, user } = open({ checklist: { ...checklist, encrypted: true } })
    const steps = await screen.findByRole('region', { name: 'First steps' })
    expect(within(steps).getByText('1 of 3')).toBeDefined()
    expect(within(steps).getByRole('button', { name: 'Recovery kit…' })).toBeDefined()
    expect(within(steps).queryByRole('button', { name: 'Encrypt the sample' })).toBeNull()
    await user.click(within(steps).getByRole('button', { name: 'Hide' }))
    expect(bridge.requestsTo('program:set')).toEqual([{ checklistDismissed: true }])
  })

  it('tests a keychain that nobody has tried yet, once', async () => {
    const { bridge } = open({ keychain: keychainStatus({ state: 'untested', testedAt: null }) })
    await waitFor(() => expect(bridge.requestsTo('keychain:test')).toHaveLength(1))
    expect(await screen.findByText('Not tested yet')).toBeDefined()
    expect(bridge.requestsTo('keychain:test')).toHaveLength(1)
  })

  it('says what is wrong with a keychain and tests it again', async () => {
    const { bridge, user } = open({
      keychain: keychainStatus({
        state: 'locked',
        writeMs: null,
        readBackMs: null,
        deleteMs: null,
        remedy: 'Unlock it, then test again.',
      }),
    })
    expect(await screen.findByText('Locked')).toBeDefined()
    expect(screen.getByText(/Unlock it, then test again/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Test again' }))
    await waitFor(() => expect(bridge.requestsTo('keychain:test')).toHaveLength(1))
  })
})
