import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Request, Response } from '../../../shared/contract/contract.ts'
import { ArtifactId } from '../../../shared/ids.ts'
import { artifactDetails, artifactId, artifactRow, storeId, storeInfo } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { CopyDialog } from './copy-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'

const one = [{ artifactId: artifactId(1), storeId: storeId(1) }]
const two = [...one, { artifactId: artifactId(2), storeId: storeId(1) }]
const answers: Partial<Answers> = {
  'artifacts:show': (request) =>
    artifactDetails({
      artifact: artifactRow({ name: 'fraud/a.pkl', artifactId: ArtifactId.parse(request.artifactId) }),
    }),
  'stores:list': () => ({
    stores: [1, 2, 3].map((n) => storeInfo({ n, name: `store-${n}`, location: `/srv/${n}` })),
  }),
}

describe('copying to a store', () => {
  const open = (items: typeof one, move: boolean, more: Partial<Answers> = {}) => {
    const onClose = vi.fn<() => void>()
    const bridge = makeFakeBridge({ ...answers, ...more })
    return { ...renderPart(<CopyDialog items={items} move={move} onClose={onClose} />, { bridge }), onClose }
  }

  it('offers every store but the one that it lies in, and copies from wherever it lies', async () => {
    const { user, bridge, onClose } = open(one, false)
    await screen.findByText('fraud/a.pkl')
    expect(screen.getAllByRole('radio')).toHaveLength(2)
    await user.click(screen.getByRole('radio', { name: /store-3/ }))
    await user.click(screen.getByRole('button', { name: 'Copy 1 artifact' }))
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('artifacts:copy')).toEqual([
      {
        items: [{ artifactId: artifactId(1), fromStoreId: null }],
        storeId: storeId(3),
        version: null,
        move: false,
      },
    ])
  })

  it('moves many out of the store in which they were chosen', async () => {
    const { user, bridge } = open(two, true)
    await user.click(await screen.findByRole('button', { name: 'Move 2 artifacts' }))
    await waitFor(() => expect(bridge.requestsTo('artifacts:copy')).toHaveLength(1))
    expect(bridge.requestsTo('artifacts:copy')[0]).toMatchObject({
      move: true,
      storeId: storeId(2),
      items: two.map((item) => ({ artifactId: item.artifactId, fromStoreId: storeId(1) })),
    })
  })

  it('leads to the stores where there is no other', async () => {
    open(one, false, { 'stores:list': () => ({ stores: [storeInfo({ n: 1 })] }) })
    expect(await screen.findByText('There is no other store')).toBeDefined()
    expect(screen.getByRole('button', { name: 'Go to Stores' })).toBeDefined()
  })
})

describe('deleting ciphertext', () => {
  const deletion = (more: Partial<Response<'artifacts:deletion'>> = {}) => ({
    'artifacts:deletion': ({ artifactId: id }: Request<'artifacts:deletion'>) => ({
      name: 'fraud/a.pkl',
      store: 'models-prod',
      keyState: 'active' as const,
      objects: [{ version: 1, objectName: `fraud/${id}.age`, location: '/srv/a', sizeBytes: 1000 }],
      remaining: [],
      keepsObjectVersions: true,
      ...more,
    }),
  })
  const open = (items: typeof one, more: Partial<Answers>) => {
    const onClose = vi.fn<() => void>()
    const bridge = makeFakeBridge({ ...answers, ...more })
    return { ...renderPart(<DeleteDialog items={items} onClose={onClose} />, { bridge }), onClose }
  }

  it('says that the key stays and that no copy is left, and waits for the whole name', async () => {
    const { user, bridge, onClose } = open(one, deletion())
    expect(await screen.findByText(/Its key is not destroyed/)).toBeDefined()
    expect(screen.getByText(/No other copy is known here/)).toBeDefined()
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete 1 object' })
    await user.type(screen.getByRole('textbox'), 'fraud/a.pk')
    expect(button.disabled).toBe(true)
    await user.type(screen.getByRole('textbox'), 'l')
    await user.click(screen.getByRole('checkbox', { name: /object versions/ }))
    await user.click(button)
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('artifacts:delete')).toEqual([
      { items: one, version: null, objectVersions: true, confirmName: 'fraud/a.pkl' },
    ])
  })

  it('names the stores in which copies stay, and offers no object versions where there are none', async () => {
    const remaining = [{ version: 1, store: 'nas', location: '/nas/a' }]
    open(one, deletion({ remaining, keepsObjectVersions: false }))
    expect(await screen.findByText(/Copies stay in nas/)).toBeDefined()
    expect(screen.queryByText(/No other copy/)).toBeNull()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('has the number of many typed', async () => {
    const { user, bridge } = open(two, deletion())
    await user.type(await screen.findByRole('textbox'), '2 artifacts')
    await user.click(screen.getByRole('button', { name: 'Delete 2 artifacts' }))
    await waitFor(() => expect(bridge.requestsTo('artifacts:delete')).toHaveLength(1))
    expect(bridge.requestsTo('artifacts:delete')[0]).toMatchObject({ items: two, confirmName: '2 artifacts' })
  })
})
