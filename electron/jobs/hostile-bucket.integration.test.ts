/** An S3 server that lies: it swaps artifacts, serves older versions, forges chunks with a file key that leaked, edits
 * metadata. Each is refused for what it is by all that reads: decrypt, verify, and what is inside. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, unlinkSync } from 'node:fs'
import { CopyObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { Failure } from '../../shared/failure.ts'
import { ArtifactId, newId } from '../../shared/ids.ts'
import { openAgeFile } from '../age/age-file.ts'
import { parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { encryptBlock, plaintextViews } from '../age/payload-block.ts'
import { payloadKey } from '../age/payload-key.ts'
import { chunkPlaintextBytes, ciphertextSizeBytes } from '../age/payload-size.ts'

const sizeBytes = 5 * chunkPlaintextBytes + 1000
const plaintext = randomBytes(sizeBytes)

describe.runIf(await hasS3Server())('a server that lies', () => {
  let here: BucketHouse
  let model: ArtifactRow
  let other: ArtifactRow
  /** Version 2 of the model, as it was stored. */
  let good: Buffer
  let metadata: Record<string, string> = {}

  const keyOf = ({ objectName }: ArtifactRow) => `models/${objectName}`

  beforeAll(async () => {
    here = await openBucketHouse()
    await stored(here.house, here.house.input('model.bin', randomBytes(70_000)))
    model = await stored(here.house, here.house.input('model.bin', plaintext))
    other = await stored(here.house, here.house.input('other.bin', randomBytes(sizeBytes)))
    const found = await here.server.client.send(
      new GetObjectCommand({ Bucket: here.bucket, Key: keyOf(model) }),
    )
    good = Buffer.from((await found.Body?.transformToByteArray()) ?? [])
    metadata = found.Metadata ?? {}
  })
  afterAll(() => here.stop())
  /** With an honest server everything is as before. */
  afterEach(async () => {
    here.proxy.meet(null)
    await put(good)
    await expectOpens()
    await expectSound(here.house)
  })
  const expectOpens = async () => {
    expect((await decrypt(here.house, model, here.house.at('good'))).job?.state).toBe('done')
    expect(readFileSync(here.house.at('good')).equals(plaintext)).toBe(true)
    unlinkSync(here.house.at('good'))
    expect((await verified('full')).job?.outcome).toMatch(/^All 2 versions match/)
  }

  const put = (Body: Uint8Array, Metadata = metadata) =>
    here.server.client.send(new PutObjectCommand({ Bucket: here.bucket, Key: keyOf(model), Body, Metadata }))

  const verified = async (level: 'quick' | 'sample' | 'full') => {
    const { artifactId } = model
    const asked = { artifactIds: [artifactId], storeId: null, level }
    return settled(here.house, (await here.house.call('artifacts:verify', asked)).jobId)
  }

  /** Neither decrypted nor verified, and nothing written.
   * @returns why it is not decrypted, and what looking inside says */
  async function refusal(
    level: 'quick' | 'sample' | 'full',
  ): Promise<{ opened: Failure | null; inside: Failure | null }> {
    const opened = failureIn(await decrypt(here.house, model, here.house.at('out')))
    expect(existsSync(here.house.at('out'))).toBe(false)
    const checked = await verified(level)
    expect(failureIn(checked)).toMatchObject({ code: 'verify/not-verified', checked: 2, problems: 1 })
    expect(checked.job?.report[0]).toMatch(/^model\.bin, version 2: \S/)
    const inside = await here.house.invoke('artifacts:inside', {
      artifactId: model.artifactId,
      version: null,
    })
    return { opened, inside: inside.ok ? null : inside.failure }
  }

  /** The server gives another object's bytes under the model's name. */
  const serve = (key: string) =>
    here.proxy.meet((request, forward) => {
      const [path = '', query] = request.url.split('?')
      if (path !== `/${here.bucket}/${keyOf(model)}`) return forward()
      return forward({ url: `/${here.bucket}/${key}${query === undefined ? '' : `?${query}`}` })
    })

  it('and swaps two artifacts, as it serves them and as it keeps them', async () => {
    const swapped = { code: 'verify/swapped', name: 'model.bin', foundName: 'other.bin' }
    serve(keyOf(other))
    expect(await refusal('quick')).toEqual({ opened: swapped, inside: swapped })
    here.proxy.meet(null)
    const CopySource = `${here.bucket}/${keyOf(other)}`
    await here.server.client.send(
      new CopyObjectCommand({ Bucket: here.bucket, Key: keyOf(model), CopySource }),
    )
    expect(await refusal('full')).toEqual({ opened: swapped, inside: swapped })
  })

  it('and serves an older version', async () => {
    const rolledBack = { code: 'verify/rolled-back', name: 'model.bin', foundVersion: 1, expectedVersion: 2 }
    serve('models/model.bin.age')
    expect(await refusal('quick')).toEqual({ opened: rolledBack, inside: rolledBack })
  })

  /** The file key and what it makes of another plaintext: as whoever held it once could. */
  async function forged(from: number): Promise<Buffer> {
    const file = await openAgeFile({
      sizeBytes: good.length,
      read: async (offset, lengthBytes) => good.subarray(offset, offset + lengthBytes),
    })
    const line = here.house.keychain.items.get(`Weightlock/${model.keyId}`) ?? ''
    const fileKey = await openHeader(file.header, [parseIdentity(line)])
    const forgery = Buffer.from(plaintext)
    forgery.fill(0x42, from, from + 100)
    const buffer = Buffer.alloc(ciphertextSizeBytes(sizeBytes))
    let at = 0
    for (const view of plaintextViews(buffer, sizeBytes)) {
      view.set(forgery.subarray(at, at + view.length))
      at += view.length
    }
    const payload = encryptBlock({
      payloadKey: payloadKey(fileKey, file.payloadNonce),
      firstChunk: 0,
      endsPayload: true,
      leaf: null,
      buffer,
      plaintextBytes: sizeBytes,
    })
    return Buffer.concat([good.subarray(0, file.payloadOffset), payload])
  }

  it.each(['sample', 'full'] as const)('and forges chunks with a known file key: %s', async (level) => {
    const forgery = await forged(3 * chunkPlaintextBytes)
    expect(forgery.length).toBe(good.length)
    expect(forgery.equals(good)).toBe(false)
    await put(forgery)
    // Looking inside reads too little to compare digests: it says that what it shows is partly verified.
    expect(await refusal(level)).toEqual({
      opened: { code: 'verify/altered', name: 'model.bin' },
      inside: null,
    })
  })

  it('and flips a bit of a chunk', async () => {
    const bytes = Buffer.from(good)
    bytes.writeUInt8(bytes.readUInt8(300) ^ 1, 300)
    await put(bytes)
    expect(await refusal('full')).toEqual({
      opened: { code: 'verify/altered', name: 'model.bin' },
      inside: { code: 'age/payload-altered', chunkIndex: 0 },
    })
  })

  it('and edits metadata', async () => {
    const edited = {
      code: 'verify/metadata-altered',
      name: 'model.bin',
      store: 'bucket',
      objectName: model.objectName,
      artifactId: model.artifactId,
      keyId: model.keyId,
    }
    const changes: Record<string, string>[] = [{ artifact: newId(ArtifactId) }, { key: other.keyId ?? '' }]
    for (const change of changes) {
      await put(good, { ...metadata, ...change })
      expect(await refusal('quick')).toEqual({ opened: edited, inside: edited })
    }
  })

  it('while metadata that other tools dropped do no harm', async () => {
    await put(good, {})
    await expectOpens()
    expect(metadata).toMatchObject({ artifact: model.artifactId, key: model.keyId })
  })

  it('and changes the object while it is read', async () => {
    const bytes = Buffer.from(good)
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    let looked = false
    here.proxy.meet(async (request, forward) => {
      if (looked || request.operation !== 'HeadObject') return forward()
      looked = true
      const reply = await forward()
      await put(bytes)
      return reply
    })
    const failure = failureIn(await decrypt(here.house, model, here.house.at('out')))
    expect(failure).toEqual({
      code: 'store/precondition-failed',
      store: 'bucket',
      objectName: model.objectName,
    })
    expect(existsSync(here.house.at('out'))).toBe(false)
  })
})
