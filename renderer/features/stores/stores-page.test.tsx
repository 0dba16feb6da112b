import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { now, pathToken, programStatus, storeId, storeInfo } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { StoresPage } from './stores-page.tsx'

const stores = [storeInfo(), storeInfo({ n: 2, name: 'nas-berlin', isDefault: false, artifacts: 0 })]
const open = (item?: string) => {
  const bridge = makeFakeBridge({
    'stores:list': () => ({ stores }),
    'program:status': () => programStatus({ nativeDialogs: true }),
    'files:choose': () => ({ chosen: [{ token: pathToken(4), name: 'models' }] }),
  })
  return renderPart(<StoresPage item={item} />, { bridge })
}

describe('stores', () => {
  it('shows the default store first, marked in the list', async () => {
    open()
    expect(await screen.findByRole('heading', { name: 'models-prod', level: 2 })).toBeDefined()
    const current = screen.getByRole('link', { name: /models-prod/, current: 'page' })
    expect(current.textContent).toContain('default')
    expect(screen.queryByRole('button', { name: 'Make default' })).toBeNull()
  })

  it('tests only when asked, and says of each check whether it passed', async () => {
    const { bridge, user } = open()
    const panel = await screen.findByRole('complementary', { name: 'Connection' })
    expect(bridge.requestsTo('stores:test')).toEqual([])
    bridge.answer('stores:test', () => ({
      at: now,
      tookMs: 42,
      checks: [
        { name: 'List', passed: true, detail: '', isOptional: false },
        { name: 'Write', passed: false, detail: 'permission denied', isOptional: false },
      ],
    }))
    await user.click(within(panel).getByRole('button', { name: 'Test' }))
    expect(await within(panel).findByText('1 of 4 checks did not pass')).toBeDefined()
    expect(within(panel).getAllByLabelText('not run')).toHaveLength(2)
    expect(within(panel).queryByText(/Nothing of it stays/)).toBeNull()
    expect(within(panel).getByText('permission denied')).toBeDefined()
    expect(within(panel).getByText(/in 42 ms/)).toBeDefined()
  })

  it('makes another one the default', async () => {
    const { bridge, user } = open(storeId(2))
    await user.click(await screen.findByRole('button', { name: 'Make default' }))
    expect(bridge.requestsTo('stores:make-default')).toEqual([{ storeId: storeId(2) }])
  })

  it('removes one after a yes, and shows why it was kept', async () => {
    const { bridge, user } = open(storeId(2))
    bridge.fail('stores:remove', { code: 'store/in-use', store: 'nas-berlin', artifacts: 13 })
    await user.click(await screen.findByRole('button', { name: 'Remove…' }))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByRole('button', { name: 'Remove 1 store' }))
    expect(await within(dialog).findByRole('alert')).toBeDefined()
  })

  it('offers no removal of one that holds artifacts', async () => {
    const { bridge, user } = open(storeId(1))
    await user.click(await screen.findByRole('button', { name: 'Remove…' }))
    const dialog = await screen.findByRole('dialog', { name: /holds \d+ artifacts/ })
    expect(within(dialog).queryByRole('button', { name: /^Remove/ })).toBeNull()
    await user.click(within(dialog).getByRole('button', { name: 'Keep it' }))
    expect(bridge.requestsTo('stores:remove')).toEqual([])
  })

  it('does not promise to make the folder of a share that is not there', async () => {
    const away = { isDefault: false, artifacts: 0, exists: false }
    const bridge = makeFakeBridge({
      'stores:list': () => ({ stores: [storeInfo(), storeInfo({ n: 2, name: 'nas-berlin', ...away })] }),
    })
    renderPart(<StoresPage item={storeId(2)} />, { bridge })
    expect(await screen.findByText('Not there now: is the share mounted?')).toBeDefined()
  })

  it('draws the form from the kind’s description, names it like its folder and sends the token', async () => {
    const { bridge, user } = open('add')
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('models'))
    await user.click(screen.getByRole('button', { name: 'Add store' }))
    await waitFor(() =>
      expect(bridge.requestsTo('stores:add')).toEqual([
        {
          name: 'models',
          kind: 'local-folder',
          settings: {},
          paths: { folder: { token: pathToken(4) } },
          secrets: {},
        },
      ]),
    )
    await waitFor(() => expect(bridge.requestsTo('stores:test')).toHaveLength(1))
  })

  it('names what is missing and sends nothing', async () => {
    const { bridge, user } = open('add')
    await user.click(await screen.findByRole('button', { name: 'Add store' }))
    expect(await screen.findByText('The name is missing.')).toBeDefined()
    expect(screen.getByText('Choose a folder.')).toBeDefined()
    expect(bridge.requestsTo('stores:add')).toEqual([])
  })

  it('says so when the address names no store', async () => {
    open(storeId(9))
    expect(await screen.findByRole('alert')).toBeDefined()
  })
})
