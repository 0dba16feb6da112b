/** Adoptions that stop in their middle: what they began in the bucket goes, and only that. */
import { randomBytes } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../../scripts/test/faults/bucket-house.ts'
import { settled, stored } from '../../../scripts/test/faults/house.ts'
import { expectSound } from '../../../scripts/test/faults/soundness.ts'
import { s3Error } from '../../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'

const MiB = 2 ** 20
const colleague = 'b'.repeat(26)

describe.runIf(await hasS3Server())('an adoption that stops', () => {
  let here: BucketHouse
  beforeAll(async () => {
    here = await openBucketHouse()
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.house.onStep = () => undefined
    here.proxy.meet(null)
    for (const { Key, UploadId } of await uploads())
      await here.server.client.send(new AbortMultipartUploadCommand({ Bucket: here.bucket, Key, UploadId }))
    await expectSound(here.house)
  })

  const keyOf = ({ objectName }: ArtifactRow) => `models/${objectName}`
  const show = async ({ artifactId }: ArtifactRow) =>
    (await here.house.call('artifacts:show', { artifactId })).artifact
  const ownerOf = async (artifact: ArtifactRow) => {
    const named = { Bucket: here.bucket, Key: keyOf(artifact) }
    return (await here.server.client.send(new HeadObjectCommand(named))).Metadata?.['owner']
  }
  const uploads = async () =>
    (await here.server.client.send(new ListMultipartUploadsCommand({ Bucket: here.bucket }))).Uploads ?? []
  const openUploads = async () => new Set((await uploads()).map(({ UploadId }) => UploadId))

  /** An artifact that opens here and is another's, as its object says. */
  async function ofColleague(name: string): Promise<ArtifactRow> {
    const { house, bucket: Bucket, server } = here
    const artifact = await stored(house, house.input(name, randomBytes(2 * MiB)))
    const Key = keyOf(artifact)
    const { Metadata = {} } = await server.client.send(new HeadObjectCommand({ Bucket, Key }))
    await server.client.send(
      new CopyObjectCommand({
        Bucket,
        Key,
        CopySource: `${Bucket}/${Key}`,
        MetadataDirective: 'REPLACE',
        Metadata: { ...Metadata, owner: colleague },
      }),
    )
    const { jobId } = await house.call('artifacts:verify', {
      artifactIds: [artifact.artifactId],
      storeId: null,
      level: 'quick',
    })
    await settled(house, jobId)
    expect((await show(artifact)).ownership).toBe('reader')
    return artifact
  }

  /** What a colleague's program has under way with the same object. */
  async function beginTheirs(artifact: ArtifactRow, withPart: boolean): Promise<string | undefined> {
    const named = { Bucket: here.bucket, Key: keyOf(artifact) }
    const { UploadId } = await here.server.client.send(new CreateMultipartUploadCommand(named))
    const part = { ...named, UploadId, PartNumber: 1, Body: randomBytes(5 * MiB) }
    if (withPart) await here.server.client.send(new UploadPartCommand(part))
    return UploadId
  }

  const adopt = async ({ artifactId }: ArtifactRow) =>
    (await here.house.call('artifacts:adopt', { artifactIds: [artifactId], all: false })).jobId

  it('and is cancelled aborts its own upload, and none of a colleague’s', async () => {
    const artifact = await ofColleague('cancelled.bin')
    const before = await beginTheirs(artifact, false)
    const begun = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    here.house.onStep = async (step, when) => {
      if (step !== 'upload' || when !== 'after') return
      begun.resolve()
      await released.promise
    }
    const jobId = await adopt(artifact)
    await begun.promise
    const after = await beginTheirs(artifact, false)
    expect((await openUploads()).size).toBe(3)
    const cancelling = here.house.call('jobs:cancel', { jobIds: [jobId] })
    // Answered after the cancel was taken in.
    await here.house.call('jobs:snapshot', {})
    released.resolve()
    await cancelling
    expect((await settled(here.house, jobId)).job?.state).toBe('cancelled')
    expect(await openUploads()).toEqual(new Set([before, after]))
    expect(await ownerOf(artifact)).toBe(colleague)
    expect((await show(artifact)).ownership).toBe('reader')
  })

  it.each([
    // What was begun last and is unknown could be anybody's: a colleague's has a part by then.
    ['before its id was journaled', 'before', true],
    ['after its id was journaled', 'after', false],
  ] as const)('with its program %s leaves none to be taken up', async (_, moment, withPart) => {
    const artifact = await ofColleague(`${moment}.bin`)
    const before = await beginTheirs(artifact, false)
    const killed = Promise.withResolvers<void>()
    // A program that was killed aborts nothing.
    here.proxy.meet(async ({ operation }, forward) =>
      operation === 'AbortMultipartUpload' ? s3Error(403, 'AccessDenied') : forward(),
    )
    here.house.onStep = (step, when) => {
      if (step !== 'upload' || when !== moment) return
      here.house.onStep = () => undefined
      killed.resolve(here.house.close())
      throw new Error('killed')
    }
    const jobId = await adopt(artifact)
    await killed.promise
    const after = await beginTheirs(artifact, withPart)
    expect((await openUploads()).size).toBe(3)

    here.proxy.meet(null)
    here.house.onStep = (step, when) => {
      if (step === 'mark' && when === 'before') throw new Error('not again')
    }
    await here.house.reopen()
    expect((await settled(here.house, jobId)).job?.state).toBe('failed')
    expect(await openUploads()).toEqual(new Set([before, after]))
    here.house.onStep = () => undefined
    await here.house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(here.house, jobId)).job).toMatchObject({ state: 'done', failure: null })
    expect(await ownerOf(artifact)).not.toBe(colleague)
    expect((await show(artifact)).ownership).toBe('owner')
    expect(await openUploads()).toEqual(new Set([before, after]))
  })
})
