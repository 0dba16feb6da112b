import { describe, expect, it } from 'vitest'
import type { StoreUpload } from '../../shared/domain/store-upload.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { jobId, storeInfo } from './testing/builders.ts'
import { printed, run } from './testing/run.ts'

const store = storeInfo(1, { name: 'bucket' })
const upload = (facts: Partial<StoreUpload> = {}): StoreUpload => ({
  uploadId: '0123456789abcdef',
  objectName: 'fraud/model.pkl.age',
  begunAt: Date.UTC(2026, 10, 23, 14),
  parts: 3,
  sizeBytes: 50_331_648,
  whose: 'ours',
  job: { jobId: jobId(1), title: 'model.pkl', state: 'cancelled' },
  ...facts,
})
const other = upload({
  uploadId: 'fedcba9876543210',
  whose: 'other',
  job: null,
  parts: null,
  sizeBytes: null,
})
const handlers = (more: FakeHandlers = {}): FakeHandlers => ({
  'stores:list': () => ({ stores: [store] }),
  'stores:uploads': () => ({ uploads: [upload(), other], complete: false }),
  'stores:abort-uploads': () => ({ aborted: [upload()], kept: [] }),
  ...more,
})

describe('weightlock stores uploads', () => {
  it('lists them with whose they are, and says where the list is not all', async () => {
    const { code, out } = await run(['stores', 'uploads', 'bucket', 'list'], handlers())
    expect(code).toBe(0)
    expect(out).toMatch(/0123456789abcdef +fraud\/model\.pkl\.age .* 3 +50\.3 MB +ours, its job is over/)
    expect(out).toContain('not known here')
    expect(out).toContain('by name only')
  })

  it('aborts all of ours where none is named', async () => {
    const { code, result, owner } = await run(['stores', 'uploads', 'bucket', 'abort', '--json'], handlers())
    expect([code, result]).toEqual([0, { ok: true, value: printed({ aborted: [upload()], kept: [] }) }])
    expect(owner.requestsOf('stores:abort-uploads')).toEqual([
      { storeId: store.storeId, uploadIds: null, ofOthers: false },
    ])
  })

  it('says what was kept, and why', async () => {
    const failure = { code: 'store/upload-not-ours', store: 'bucket', objectName: 'x.age' } as const
    const kept = [{ uploadId: other.uploadId, failure }]
    const { code, error } = await run(
      ['stores', 'uploads', 'bucket', 'abort', other.uploadId],
      handlers({ 'stores:abort-uploads': () => ({ aborted: [], kept }) }),
    )
    expect(code).toBe(1)
    expect(error).toContain(`${other.uploadId}: This upload is not known here`)
  })

  it.each([
    ['another word', ['bucket', 'remove']],
    ['all of others', ['bucket', 'abort', '--of-others']],
    ['ids to list', ['bucket', 'list', '0123456789abcdef']],
  ])('refuses %s', async (_, operands) => {
    const { code, owner } = await run(['stores', 'uploads', ...operands], handlers())
    expect([code, owner.requestsOf('stores:abort-uploads')]).toEqual([2, []])
  })
})
