/** What crosses the wire to a bucket, counted on its way, and what does not touch the disk. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, encrypt, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { s3Error, type ProxiedRequest } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'

const MiB = 2 ** 20
/** Four parts of 16 MiB. */
const sizeBytes = 50 * MiB + 12_345

/** Of a request, its head too. */
const sentBytes = ({ method, url, headers, body }: ProxiedRequest): number =>
  body.length +
  method.length +
  url.length +
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + String(value).length + 4, 0)

const askedBytes = ({ headers: { range } }: ProxiedRequest): number => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  return to === undefined ? 0 : Number(to) - Number(from) + 1
}

/** A model whose head says what is inside. */
function safetensors(dataBytes: number): Buffer {
  const tensor = { dtype: 'U8', shape: [dataBytes], data_offsets: [0, dataBytes] }
  const head = Buffer.from(JSON.stringify({ weights: tensor }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(head.length))
  return Buffer.concat([length, head, randomBytes(dataBytes)])
}

/** Files of some size that this process has open, by name or without one; only Linux tells. */
const largeOpenFiles = (): string[] =>
  process.platform !== 'linux'
    ? []
    : readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          const found = statSync(`/proc/self/fd/${fd}`)
          return found.isFile() && found.size > MiB ? [readlinkSync(`/proc/self/fd/${fd}`)] : []
        } catch {
          return []
        }
      })

describe.runIf(await hasS3Server())('to and from a bucket', () => {
  let here: BucketHouse
  beforeAll(async () => {
    here = await openBucketHouse()
    // What the server can do is found out with the first write.
    await stored(here.house, here.house.input('first.bin', 'first'))
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.proxy.meet(null)
    here.house.onStep = () => undefined
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])

  const sum = (bytes: (request: ProxiedRequest) => number) =>
    here.proxy.requests.reduce((total, request) => total + bytes(request), 0)

  it('an upload sends 1.01 times its ciphertext at most, and keeps none of it on the disk', async () => {
    const path = here.house.input('model.bin', randomBytes(sizeBytes))
    const kept = new Set<string>()
    here.house.onStep = (step, when) => {
      if (step !== 'part-done' || when !== 'after') return
      const written = readdirSync(here.house.folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(here.house.folder, name))
        .filter((each) => statSync(each).isFile() && statSync(each).size > MiB)
      for (const each of [...written, ...largeOpenFiles()]) kept.add(each)
    }
    // Modules that workers have open, the catalog: all that is large and was so before.
    const before = new Set(largeOpenFiles())
    here.proxy.requests.length = 0
    const artifact = await stored(here.house, path)
    expect([...kept].filter((each) => !before.has(each))).toEqual([path])
    expect(here.count('UploadPart')).toBe(4)
    const sent = sum(sentBytes)
    expect(sent).toBeGreaterThan(artifact.ciphertextBytes)
    expect(sent).toBeLessThanOrEqual(1.01 * artifact.ciphertextBytes)
    expect(sum(askedBytes)).toBeLessThan(MiB)
  })

  it('a download asks for 1.01 times its ciphertext at most', async () => {
    const plaintext = randomBytes(sizeBytes)
    const artifact = await stored(here.house, here.house.input('down.bin', plaintext))
    here.proxy.requests.length = 0
    const path = here.house.at('down.opened')
    expect((await decrypt(here.house, artifact, path)).job?.state).toBe('done')
    expect(readFileSync(path).equals(plaintext)).toBe(true)
    expect(sum(askedBytes)).toBeGreaterThan(sizeBytes)
    expect(sum(askedBytes)).toBeLessThanOrEqual(1.01 * artifact.ciphertextBytes)
  })

  it('what is inside is told by a few ranged reads', async () => {
    const path = here.house.input('inside.safetensors', safetensors(30 * MiB))
    const { artifactId } = await stored(here.house, path)
    here.proxy.requests.length = 0
    const { inside } = await here.house.call('artifacts:inside', { artifactId, version: null })
    expect(JSON.stringify(inside)).toContain('weights')
    expect(here.proxy.requests.length).toBeLessThanOrEqual(8)
    expect(here.proxy.requests.every((request) => request.method === 'HEAD' || askedBytes(request) > 0)).toBe(
      true,
    )
    expect(sum(askedBytes)).toBeLessThan(MiB)
  })

  it('a reply of the complete that is lost: the object is looked for, and is there', async () => {
    let lost = 0
    here.proxy.meet(async (request, forward) => {
      const reply = await forward()
      if (request.operation !== 'CompleteMultipartUpload') return reply
      lost += 1
      return 'cut'
    })
    const plaintext = randomBytes(20 * MiB)
    here.proxy.requests.length = 0
    const artifact = await stored(here.house, here.house.input('lost.bin', plaintext))
    expect(lost).toBeGreaterThan(0)
    expect(here.count('UploadPart')).toBe(2)
    expect((await decrypt(here.house, artifact, here.house.at('lost.opened'))).job?.state).toBe('done')
    expect(readFileSync(here.house.at('lost.opened')).equals(plaintext)).toBe(true)
  })

  it('and cannot be looked for: its key is kept, and the next look finds it without sending anything', async () => {
    let lost = false
    here.proxy.meet(async (request, forward) => {
      if (lost) return s3Error(400, 'ExpiredToken')
      if (request.operation !== 'CompleteMultipartUpload') return forward()
      lost = true
      await forward()
      return 'cut'
    })
    const keys = here.house.keychain.items.size
    const path = here.house.input('unknown.bin', randomBytes(20 * MiB))
    const { job } = await encrypt(here.house, path)
    expect(job).toMatchObject({ state: 'unresolved', failure: { code: 'artifact/unresolved' } })
    expect(here.house.keychain.items.size).toBe(keys + 1)
    here.proxy.meet(null)
    here.proxy.requests.length = 0
    const jobIds = job === null ? [] : [job.jobId]
    await here.house.call('jobs:resume', { jobIds })
    for (const jobId of jobIds) expect((await settled(here.house, jobId)).job?.state).toBe('done')
    expect(here.count('UploadPart')).toBe(0)
    expect(await here.objectKeys()).toContain('models/unknown.bin.age')
  })
})
