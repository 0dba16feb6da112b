import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { StoreUpload } from '../../../shared/domain/store-upload.ts'
import { jobId, now, storeId } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { UnfinishedUploads } from './unfinished-uploads.tsx'

const upload = (n: number, facts: Partial<StoreUpload>): StoreUpload => ({
  uploadId: `000000000000000${n}`,
  objectName: `fraud/model-${n}.pkl.age`,
  begunAt: now - 3_600_000,
  parts: 3,
  sizeBytes: 50_331_648,
  whose: 'ours',
  job: { jobId: jobId(n), title: `model-${n}.pkl`, state: 'cancelled' },
  ...facts,
})
const uploads = [
  upload(1, {}),
  upload(2, { whose: 'job', job: { jobId: jobId(2), title: 'model-2.pkl', state: 'paused' } }),
  upload(3, { whose: 'other', job: null }),
]

const open = (complete = true) => {
  const bridge = makeFakeBridge({ 'stores:uploads': () => ({ uploads, complete }) })
  return renderPart(<UnfinishedUploads storeId={storeId(1)} />, { bridge })
}

describe('unfinished uploads', () => {
  it('looks only when asked, and tells whose they are', async () => {
    const { bridge, user } = open(false)
    expect(bridge.requestsTo('stores:uploads')).toEqual([])
    await user.click(await screen.findByRole('button', { name: 'Find' }))
    expect(await screen.findByText(/^ours, its job is over · /)).toBeDefined()
    expect(screen.getByText(/^a job here is paused · .*3 parts · 50\.3 MB$/)).toBeDefined()
    expect(screen.getByText(/^not begun here · /)).toBeDefined()
    expect(screen.getByText(/by name only/)).toBeDefined()
  })

  it('aborts at once what is ours and over, and nothing else', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Find' }))
    await user.click(await screen.findByRole('button', { name: 'Abort 1 upload' }))
    expect(bridge.requestsTo('stores:abort-uploads')).toEqual([
      { storeId: storeId(1), uploadIds: ['0000000000000001'], ofOthers: false },
    ])
    expect(bridge.requestsTo('stores:uploads')).toHaveLength(2)
  })

  it('asks before it aborts what was not begun here, and offers nothing for an open job', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Find' }))
    await user.click(await screen.findByRole('button', { name: 'Abort the upload of fraud/model-3.pkl.age' }))
    expect(screen.queryByRole('button', { name: /model-2/ })).toBeNull()
    const dialog = await screen.findByRole('dialog')
    expect(bridge.requestsTo('stores:abort-uploads')).toEqual([])
    await user.click(within(dialog).getByRole('button', { name: 'Abort 1 upload' }))
    expect(bridge.requestsTo('stores:abort-uploads')).toEqual([
      { storeId: storeId(1), uploadIds: ['0000000000000003'], ofOthers: true },
    ])
  })

  it('says why the store could not be asked', async () => {
    const { bridge, user } = open()
    const permission = 's3:ListBucketMultipartUploads'
    bridge.fail('stores:uploads', { code: 'store/permission-missing', store: 'bucket', permission })
    await user.click(await screen.findByRole('button', { name: 'Find' }))
    expect((await screen.findByRole('alert')).textContent).toContain(permission)
  })
})
