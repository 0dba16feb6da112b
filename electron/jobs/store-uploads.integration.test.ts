/** Unfinished uploads in a bucket of a real S3 server: found, told apart, aborted on request, and none of ours left. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addBucketStore } from '../../scripts/test/faults/bucket-house.ts'
import { openHouse, settled, startEncrypt, type House } from '../../scripts/test/faults/house.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../scripts/test/s3-server.ts'
import type { StoreUpload } from '../../shared/domain/store-upload.ts'
import type { StoreId } from '../../shared/ids.ts'

const hasServer = await hasS3Server()
const MiB = 2 ** 20

describe.runIf(hasServer)('unfinished uploads', () => {
  let server: S3Server
  let house: House
  let bucket: string
  let storeId: StoreId

  beforeAll(async () => {
    server = await startS3Server()
    bucket = await server.makeBucket()
    house = await openHouse()
    storeId = await addBucketStore(house, server, { bucket })
  })
  afterAll(async () => {
    await house.stop()
    await server.stop()
  })
  const nothingIsLeft = async () => expect(await openUploads()).toEqual([])
  afterEach(async () => {
    house.onStep = () => undefined
    const { uploads } = await house.call('stores:uploads', { storeId })
    const uploadIds = uploads.map(({ uploadId }) => uploadId)
    await house.call('stores:abort-uploads', { storeId, uploadIds, ofOthers: true })
    await nothingIsLeft()
  })

  const byName = (uploads: StoreUpload[]) =>
    uploads.toSorted((one, other) => (one.objectName < other.objectName ? -1 : 1))
  const openUploads = async () =>
    ((await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(
      ({ UploadId }) => UploadId,
    )
  /** As another program would. */
  const beginForeign = async (name: string, bytes: Uint8Array | null) => {
    const Key = `models/${name}`
    const { UploadId } = await server.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))
    if (bytes !== null)
      await server.client.send(
        new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: bytes }),
      )
    return UploadId
  }
  const begin = async (name: string) => {
    const started = await startEncrypt(house, house.input(name, randomBytes(20 * MiB)), { storeId })
    if (!('jobId' in started)) throw new Error('not started')
    return started.jobId
  }
  /** Starts to encrypt and ends the program at a step, as a crash would: what follows is not journaled. */
  async function killedAt(name: string, at: string, when: 'before' | 'after') {
    const { promise: killed, resolve } = Promise.withResolvers<void>()
    house.onStep = (step, moment) => {
      if (step !== at || moment !== when) return
      house.onStep = () => undefined
      resolve(house.close())
      throw new Error('killed')
    }
    const jobId = await begin(name)
    await killed
    return jobId
  }

  it('leaves none whose id never reached the journal, and none but that', async () => {
    const before = await beginForeign('model.bin.age', null)
    const jobId = await killedAt('model.bin', 'upload', 'before')
    expect(await openUploads()).toHaveLength(2)
    const ofColleague = await beginForeign('model.bin.age', randomBytes(5 * MiB))
    await house.reopen()
    expect((await settled(house, jobId)).job).toMatchObject({ state: 'done', failure: null })
    expect(new Set(await openUploads())).toEqual(new Set([before, ofColleague]))
  })

  it('leaves a colleague’s of the same name that has no part yet, where its own id is known', async () => {
    const jobId = await killedAt('shared.bin', 'upload', 'after')
    const ofColleague = await beginForeign('shared.bin.age', null)
    house.onStep = (step, when) => {
      if (step === 'part-digest' && when === 'before') throw new Error('not again')
    }
    await house.reopen()
    expect((await settled(house, jobId)).job?.state).toBe('failed')
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await openUploads()).toEqual([ofColleague])
  })

  it('aborts one whose id never reached the journal with the cancel of its job', async () => {
    const jobId = await killedAt('cancelled.bin', 'upload', 'before')
    house.onStep = (step, when) => {
      if (step === 'header' && when === 'before') throw new Error('not again')
    }
    await house.reopen()
    expect((await settled(house, jobId)).job?.state).toBe('failed')
    expect(await openUploads()).toEqual([])
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await openUploads()).toEqual([])
  })

  it('tells ours from those of an open job and from others', async () => {
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let begun = 0
    house.onStep = async (step, when) => {
      // No second part: the job cannot end before it is paused.
      if (step === 'part-digest' && when === 'before' && ++begun > 1) await released
      if (step === 'part-done' && when === 'after') resolve()
    }
    const jobId = await begin('paused.bin')
    await reached
    const pausing = house.call('jobs:pause', { jobIds: [jobId] })
    // Answered after the pause was taken in.
    await house.call('jobs:snapshot', {})
    release()
    await pausing
    const sizeBytes = 5 * MiB
    await beginForeign('of-a-colleague.age', randomBytes(sizeBytes))
    const { uploads, complete } = await house.call('stores:uploads', { storeId })
    expect(complete).toBe(true)
    expect(byName(uploads)).toMatchObject([
      { objectName: 'of-a-colleague.age', whose: 'other', job: null, parts: 1, sizeBytes },
      { objectName: 'paused.bin.age', whose: 'job', job: { jobId, state: 'paused' } },
    ])
    const uploadIds = uploads.map(({ uploadId }) => uploadId)
    const { aborted, kept } = await house.call('stores:abort-uploads', {
      storeId,
      uploadIds,
      ofOthers: false,
    })
    expect(aborted).toEqual([])
    expect(kept.map(({ failure }) => failure.code).toSorted()).toEqual([
      'store/upload-in-use',
      'store/upload-not-ours',
    ])
    expect(await openUploads()).toHaveLength(2)
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await openUploads()).toHaveLength(1)
  })

  it('aborts what a job that is over left, without a word on others, and audits it', async () => {
    const jobId = await killedAt('left.bin', 'upload', 'after')
    await house.reopen({
      checkpoint: async ({ step }) => {
        if (step === 'part-digest') throw new Error('stays where it is')
      },
    })
    await settled(house, jobId)
    // The journal says that the job is over, and the bucket has its upload all the same.
    await house.close()
    const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
    db.prepare(`UPDATE jobs SET state = 'cancelled', is_open = 0 WHERE job_id = ?`).run(jobId)
    db.close()
    await house.reopen()
    const foreign = await beginForeign('of-a-colleague.age', null)
    const { uploads } = await house.call('stores:uploads', { storeId })
    expect(byName(uploads).map(({ whose, objectName }) => [objectName, whose])).toEqual([
      ['left.bin.age', 'ours'],
      ['of-a-colleague.age', 'other'],
    ])
    const { aborted } = await house.call('stores:abort-uploads', {
      storeId,
      uploadIds: null,
      ofOthers: false,
    })
    expect(aborted.map(({ objectName }) => objectName)).toEqual(['left.bin.age'])
    expect(await openUploads()).toEqual([foreign])
    const { rows } = await house.call('audit:list', {
      query: '',
      category: 'stores',
      since: null,
      offset: 0,
      limit: 5,
    })
    expect(JSON.stringify(rows[0])).toContain('left.bin.age')
  })
})
