import { act, createEvent, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { announce } from '../lib/announce.ts'
import { windowRequests } from '../lib/window-requests.ts'
import { artifactId, jobView, keychainStatus, pathToken, programStatus } from '../testing/builders.ts'
import { makeFakeBridge } from '../testing/fake-bridge.ts'
import type { Answers } from '../testing/fake-bridge.ts'
import { renderPart } from '../testing/render-app.tsx'
import { Shell } from './shell.tsx'

const open = async (answers: Partial<Answers> = {}, at = '/artifacts') => {
  const rendered = renderPart(<Shell />, { bridge: makeFakeBridge(answers), at })
  await screen.findByRole('navigation', { name: 'Screens' })
  return rendered
}
const rail = () => within(screen.getByRole('navigation', { name: 'Screens' }))

/** Presses a key at a moment of the event clock, in milliseconds: a busy machine changes nothing. */
const pressAt = (key: string, timeStamp: number): void => {
  const event = createEvent.keyDown(document.body, { key })
  Object.defineProperty(event, 'timeStamp', { value: timeStamp })
  fireEvent(document.body, event)
}

describe('the shell', () => {
  it('counts artifacts, keys and open jobs, paused and failed ones too', async () => {
    await open({
      'jobs:snapshot': () => ({
        jobs: [jobView({ n: 1 }), jobView({ n: 2, state: 'failed' }), jobView({ n: 3, state: 'done' })],
      }),
    })
    expect(rail().getByRole('link', { name: /Artifacts/ }).textContent).toBe('Artifacts1,284')
    await waitFor(() =>
      expect(rail().getByRole('link', { name: /Transfers/ }).textContent).toBe('Transfers2'),
    )
    expect(
      rail()
        .getByRole('link', { name: /Artifacts/ })
        .getAttribute('aria-current'),
    ).toBe('page')
  })

  it('shows the job that moves at the rail’s foot, but not on Transfers', async () => {
    await open({
      'jobs:snapshot': () => ({
        jobs: [jobView({ state: 'paused', title: 'p' }), jobView({ n: 2, title: 'moves' })],
      }),
    })
    expect(await rail().findByText('moves')).toBeTruthy()
    expect(rail().getByRole('progressbar', { name: 'Progress of moves' }).getAttribute('aria-valuenow')).toBe(
      '61',
    )
    act(() => {
      window.location.hash = '#/transfers'
    })
    await waitFor(() => expect(rail().queryByText('moves')).toBeNull())
  })

  it('goes to screens by keyboard, opens the palette and the list of keys', async () => {
    const { user } = await open()
    pressAt('g', 1000)
    pressAt('k', 1900)
    expect(window.location.hash).toBe('#/keys')
    pressAt('t', 1950)
    pressAt('g', 3000)
    pressAt('a', 4001)
    expect(window.location.hash).toBe('#/keys')
    await user.keyboard('{Control>}k{/Control}')
    expect(windowRequests.get()).toEqual({ ask: 'palette' })
    // Its code comes in a file of its own: a key pressed before it is here is nobody's.
    await screen.findByRole('dialog')
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    await user.keyboard('?')
    expect(await screen.findByRole('dialog', { name: 'Keyboard' })).toBeTruthy()
  })

  it('navigates where a link says, and reviews files that the program was opened with', async () => {
    const { bridge } = await open()
    act(() => bridge.emit('program:navigate', { artifactId: artifactId(7), files: [] }))
    expect(window.location.hash).toBe(`#/artifacts/show/${artifactId(7)}`)
    const files = [{ token: pathToken(1), name: 'x.age' }]
    act(() => bridge.emit('program:navigate', { artifactId: null, files }))
    expect(windowRequests.get()).toEqual({ ask: 'encrypt', sources: files })
  })

  it('asks before quitting with open jobs, and quits only when told', async () => {
    const { user, bridge } = await open()
    act(() => bridge.emit('program:quit-requested', { openJobs: 2 }))
    const dialog = await screen.findByRole('dialog', { name: 'Quit with 2 jobs running?' })
    expect(bridge.requestsTo('program:quit')).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: 'Quit' }))
    expect(bridge.requestsTo('program:quit')).toEqual([{ evenWithJobs: true }])
  })

  it.each(['locked', 'unavailable', 'denied', 'new-keychain'] as const)(
    'says that the keychain is %s',
    async (state) => {
      const { user, bridge } = await open({
        'program:status': () => programStatus({ keychain: keychainStatus({ state, remedy: 'Do this.' }) }),
      })
      const banner = await screen.findByRole('alert')
      expect(banner.textContent).toContain('Do this.')
      await user.click(within(banner).getByRole('button', { name: 'Test again' }))
      expect(bridge.requestsTo('keychain:test')).toHaveLength(1)
      expect(within(banner).queryByRole('button', { name: 'Use this keychain' }) !== null).toBe(
        state === 'new-keychain',
      )
    },
  )

  it('asks whether a data folder was moved or copied before anything else', async () => {
    const bridge = makeFakeBridge({
      'program:status': () => programStatus({ dataFolderIs: 'unknown-machine' }),
    })
    const { user } = renderPart(<Shell />, { bridge })
    await user.click(await screen.findByRole('radio', { name: /It was copied here/ }))
    await user.click(screen.getByRole('button', { name: 'It was copied' }))
    expect(bridge.requestsTo('program:claim-data-folder')).toEqual([{ as: 'copied' }])
    expect(screen.queryByRole('navigation')).toBeNull()
  })

  it('says things to screen readers, the same words twice as well', async () => {
    await open()
    act(() => announce('Copied'))
    const region = document.querySelector('output[aria-live]')
    expect(region?.textContent).toBe('Copied')
    act(() => announce('Copied'))
    expect(region?.textContent).toBe('Copied ')
  })

  it('shows a failed start with its three parts', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('program:status', { code: 'catalog/newer', found: 9, supported: 1 })
    renderPart(<Shell />, { bridge })
    expect(await screen.findByText('What is safe')).toBeTruthy()
  })
})
