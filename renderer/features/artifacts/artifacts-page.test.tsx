import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { windowRequests } from '../../lib/window-requests.ts'
import {
  artifactDetails,
  artifactEntry,
  artifactId,
  artifactRow,
  folderEntry,
  foreignEntry,
  keyId,
  programStatus,
  storeId,
  storeInfo,
} from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { ArtifactsPage } from './artifacts-page.tsx'

const listed =
  (entries: StoreEntry[]): Answers['artifacts:list'] =>
  ({ offset, limit, query }) => {
    const found = entries.filter((entry) => entry.type !== 'artifact' || entry.name.includes(query))
    return {
      total: found.length,
      rows: found.slice(offset, offset + limit),
      artifacts: found.length,
      ciphertextBytes: 1000,
      otherObjects: 0,
    }
  }
const entries = [
  folderEntry('fraud', 3),
  artifactEntry({ n: 1, name: 'alpha.pkl' }),
  artifactEntry({ n: 2, name: 'beta.onnx', keyState: 'destroyed', status: 'erased' }),
  artifactEntry({ n: 3, name: 'gamma.gguf' }),
  foreignEntry('handed-over.age'),
]
const open = (answers: Partial<Answers> = {}, at = '/artifacts') =>
  renderPart(<ArtifactsPage firstRun="the first run" />, {
    bridge: makeFakeBridge({ 'artifacts:list': listed(entries), ...answers }),
    at,
  })
const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) })

describe('the Artifacts screen', () => {
  it('asks for one window of the default store, sorted as the settings say', async () => {
    const { bridge } = open()
    await row('alpha.pkl')
    expect(bridge.requestsTo('artifacts:list')[0]).toEqual({
      storeId: storeId(1),
      folder: '',
      deep: false,
      query: '',
      sort: { by: 'encrypted', descending: true },
      foreign: true,
      offset: 0,
      limit: 200,
    })
  })

  it('opens the details of a row that is clicked, and closes them again with Escape', async () => {
    const { user } = open()
    await user.click(await row('alpha.pkl'))
    const panel = await screen.findByRole('complementary', { name: 'Details of alpha.pkl' })
    expect(await within(panel).findByText('Fingerprint')).toBeTruthy()
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('complementary')).toBeNull()
    expect(document.activeElement).toBe(screen.getByRole('grid'))
  })

  it('enters a folder with Enter, and a breadcrumb leads back', async () => {
    const { user, bridge } = open()
    await user.click(await row('fraud'))
    await user.keyboard('{Enter}')
    await waitFor(() => expect(window.location.hash).toBe(`#/artifacts/in/${storeId(1)}/fraud`))
    await waitFor(() => expect(bridge.requestsTo('artifacts:list').at(-1)?.folder).toBe('fraud'))
    expect(within(screen.getByRole('navigation', { name: 'Place' })).getByText('fraud')).toBeTruthy()
  })

  it('finds by typing in the list, everywhere below the place', async () => {
    const { user, bridge } = open()
    await row('alpha.pkl')
    screen.getByRole('grid').focus()
    await user.keyboard('gam')
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('gam')
    await waitFor(() =>
      expect(bridge.requestsTo('artifacts:list').at(-1)).toMatchObject({ query: 'gam', deep: true }),
    )
    await waitFor(() => expect(screen.queryByText('alpha.pkl')).toBeNull())
    expect(await row('gamma.gguf')).toBeTruthy()
  })

  it('asks where plaintext goes on Enter, but not for an artifact that is erased', async () => {
    const { user } = open()
    await user.click(await row('alpha.pkl'))
    await user.keyboard('{Enter}')
    expect(windowRequests.get()).toEqual({ ask: 'decrypt', artifactIds: [artifactId(1)], version: null })
    const { user: again } = open()
    await again.click((await screen.findAllByRole('row', { name: /beta.onnx/ }))[0] ?? document.body)
    await again.keyboard('{Enter}')
    expect(windowRequests.get()).toBeNull()
  })

  it('opens a foreign age file with its own dialog', async () => {
    const { user } = open()
    await user.click(await row('handed-over.age'))
    await user.keyboard('{Enter}')
    expect(windowRequests.get()).toMatchObject({
      ask: 'open-age-file',
      source: { objectName: 'handed-over.age' },
    })
  })

  it('offers every action in the context menu and leads to destruction by key', async () => {
    const { user, bridge } = open()
    await user.pointer({ keys: '[MouseRight]', target: await row('gamma.gguf') })
    const menu = await screen.findByRole('menu')
    const names = within(menu)
      .getAllByRole('menuitem')
      .map((item) => item.textContent)
    for (const name of [
      'Open…',
      'Details',
      'Verify',
      'Reveal',
      'Show its key',
      'Rotate key…',
      'Export identity…',
      'Destroy key…',
    ])
      expect(names.some((one) => one?.includes(name))).toBe(true)
    await user.click(within(menu).getByText('Verify'))
    expect(bridge.requestsTo('artifacts:verify')).toEqual([
      { artifactIds: [artifactId(3)], storeId: null, level: 'full' },
    ])
    screen.getByRole('grid').focus()
    await user.keyboard('{Delete}')
    expect(window.location.hash).toBe(`#/keys/${keyId(3)}/destroy`)
  })

  it('copies as what main says, through the host’s clipboard', async () => {
    const { user, bridge } = open()
    await user.click(await row('alpha.pkl'))
    await user.click(await screen.findByRole('button', { name: 'Copy as' }))
    await user.click(await screen.findByRole('menuitem', { name: /age command/ }))
    expect(bridge.requestsTo('program:copy-text')).toEqual([
      { text: 'age -d -i key.txt -o fraud_detector.pkl fraud_detector.pkl.age' },
    ])
  })

  it('verifies and decrypts a selection, leaving out what nobody can open', async () => {
    const { user, bridge } = open()
    await user.click(await row('alpha.pkl'))
    await user.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}')
    expect(await screen.findByText('3 selected')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Verify 3' }))
    expect(bridge.requestsTo('artifacts:verify')[0]?.artifactIds).toHaveLength(3)
    await user.click(screen.getByRole('button', { name: 'Decrypt 2…' }))
    expect(windowRequests.get()).toEqual({
      ask: 'decrypt',
      artifactIds: [artifactId(1), artifactId(3)],
      version: null,
    })
  })

  it('selects everything that matches, over windows that were never in view', async () => {
    const many = Array.from({ length: 450 }, (_, n) => artifactEntry({ n: n + 10, name: `m${n}.bin` }))
    const { user } = open({ 'artifacts:list': listed(many) })
    await row('m0.bin')
    screen.getByRole('grid').focus()
    await user.keyboard('{Control>}a{/Control}')
    const bar = async () => within(await screen.findByRole('region', { name: 'Selection' }))
    expect((await bar()).getByText('450 selected')).toBeTruthy()
    expect((await bar()).queryByRole('button', { name: 'Select all' })).toBeNull()
    await user.keyboard('{ArrowDown}{Shift>}{ArrowDown}{/Shift}')
    expect((await bar()).getByText('2 selected')).toBeTruthy()
    await user.click((await bar()).getByRole('button', { name: 'Select all' }))
    expect(await (await bar()).findByText('450 selected')).toBeTruthy()
    await user.click((await bar()).getByRole('button', { name: 'Clear' }))
    expect(document.activeElement).toBe(screen.getByRole('grid'))
  })

  it('says how far it is with selecting many, and stops when told', async () => {
    const many = Array.from({ length: 9000 }, (_, n) => artifactEntry({ n: n + 10, name: `m${n}.bin` }))
    const list = listed(many)
    const waiting: (() => void)[] = []
    const { user, bridge } = open({
      'artifacts:list': async (request) => {
        if (request.offset >= 2400) await new Promise<void>((answer) => waiting.push(answer))
        return list(request)
      },
    })
    await row('m0.bin')
    const grid = screen.getByRole('grid')
    grid.focus()
    await user.keyboard('{Control>}a{/Control}')
    expect(await screen.findByText('Selecting: 2,000 of 9,000')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Stop' }))
    expect(document.activeElement).toBe(grid)
    const asked = bridge.requestsTo('artifacts:list').length
    await act(async () => {
      for (const answer of waiting) answer()
      await Promise.resolve()
    })
    expect(screen.queryByRole('region', { name: 'Selection' })).toBeNull()
    expect(bridge.requestsTo('artifacts:list')).toHaveLength(asked)
  })

  it('shows the first run in an empty store, and says what was not found otherwise', async () => {
    const empty = { 'artifacts:list': listed([]) }
    const counts = { artifacts: 0, keys: 0, rotationDue: 0, openJobs: 0, archived: 0 }
    const first = open({ ...empty, 'program:status': () => programStatus({ counts }) })
    expect(await screen.findByText('the first run')).toBeTruthy()
    first.unmount()
    open(empty)
    expect(await screen.findByText('Nothing here yet')).toBeTruthy()
  })

  it('switches stores and remembers the last one', async () => {
    const { user, bridge } = open({
      'stores:list': () => ({ stores: [storeInfo(), storeInfo({ n: 2, name: 'nas-02' })] }),
    })
    await user.click(await screen.findByRole('button', { name: /Store: models-prod/ }))
    await user.click(await screen.findByRole('menuitem', { name: /nas-02/ }))
    expect(window.location.hash).toBe(`#/artifacts/in/${storeId(2)}`)
    expect(bridge.requestsTo('program:set')).toContainEqual({ lastStore: storeId(2) })
  })

  it('shows a failed list with its three parts and tries again', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('artifacts:list', { code: 'store/unreachable', store: 'models-prod', detail: 'gone' })
    const { user } = renderPart(<ArtifactsPage firstRun="" />, { bridge })
    const again = await screen.findByRole('button', { name: 'Try again' })
    expect(screen.getByText('What is safe')).toBeTruthy()
    bridge.answer('artifacts:list', listed(entries))
    await user.click(again)
    expect(await row('alpha.pkl')).toBeTruthy()
  })

  it('fetches again when the catalog changed', async () => {
    const { bridge } = open()
    await row('alpha.pkl')
    bridge.answer('artifacts:list', listed([artifactEntry({ n: 9, name: 'new.bin' })]))
    act(() => bridge.emit('catalog:changed', { what: ['artifacts'] }))
    expect(await row('new.bin')).toBeTruthy()
  })
})

describe('an artifact whose key is lost', () => {
  it('says so in the list and beside it, with what can be done', async () => {
    const lost = artifactEntry({ n: 1, name: 'lost.pkl', isKeyMissing: true })
    const bridge = makeFakeBridge({
      'artifacts:list': () => ({ total: 1, rows: [lost], artifacts: 1, ciphertextBytes: 1, otherObjects: 0 }),
      'artifacts:show': () =>
        artifactDetails({ artifact: artifactRow({ n: 1, name: 'lost.pkl', isKeyMissing: true }) }),
    })
    const { user } = renderPart(<ArtifactsPage firstRun={null} />, { bridge })
    const row = await screen.findByRole('row', { name: /lost\.pkl/ })
    expect(within(row).getByText('Missing')).toBeDefined()
    await user.click(row)
    expect(await screen.findByText(/Gone from the keychain, which answers/)).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Import its identity' }))
    expect(windowRequests.get()).toEqual({ ask: 'import-identity', source: null })
    await user.click(screen.getByRole('button', { name: 'Archive the entry' }))
    expect(bridge.requestsTo('artifacts:archive')).toEqual([
      { artifactIds: [artifactId(1)], isArchived: true },
    ])
  })

  it('whose key is to be destroyed is listed with the date', async () => {
    const keyDestroyAt = Date.UTC(2031, 11, 1, 12)
    const scheduled = artifactEntry({ n: 1, name: 'old.pkl', keyState: 'suspended', keyDestroyAt })
    const bridge = makeFakeBridge({
      'artifacts:list': () => ({
        total: 1,
        rows: [scheduled],
        artifacts: 1,
        ciphertextBytes: 1,
        otherObjects: 0,
      }),
    })
    renderPart(<ArtifactsPage firstRun={null} />, { bridge })
    const row = await screen.findByRole('row', { name: /old\.pkl/ })
    expect(within(row).getByText(/^Destroys .*2031/)).toBeDefined()
    expect(within(row).queryByText('Suspended')).toBeNull()
  })

  it('that was archived is shown when asked for', async () => {
    const counts = { artifacts: 1, keys: 1, rotationDue: 0, openJobs: 0, archived: 2 }
    const bridge = makeFakeBridge({ 'program:status': () => programStatus({ counts }) })
    const { user } = renderPart(<ArtifactsPage firstRun={null} />, { bridge })
    await user.click(await screen.findByRole('button', { name: '2 archived' }))
    await waitFor(() =>
      expect(bridge.requestsTo('artifacts:list').at(-1)).toMatchObject({
        archived: 'only',
        foreign: false,
        deep: true,
      }),
    )
    await user.click(await screen.findByRole('button', { name: 'Back to the list' }))
    expect(await screen.findByRole('button', { name: '2 archived' })).toBeDefined()
  })
})
