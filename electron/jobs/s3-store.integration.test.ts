/** Artifacts in a bucket of a real S3 server: stored in parts, gone on with after a crash, opened again. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  decrypt,
  encrypt,
  openHouse,
  settled,
  startEncrypt,
  stored,
  type House,
} from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../scripts/test/s3-server.ts'
import { meddlingWorker } from '../../scripts/test/faults/meddling-payload-worker.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobId, StoreId } from '../../shared/ids.ts'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { temporaryOf } from './kinds/decrypt/plaintext-target.ts'
import { sourceFiles, type EntryStat } from './source/source-files.ts'

const run = promisify(execFile)
const age = await systemAge()
const hasAge = requirePeer('age', age.tools !== null, age.tools === null ? age.reason : '')
const hasServer = await hasS3Server()
const MiB = 2 ** 20
/** Four parts of 16 MiB. */
const sizeBytes = 50 * MiB + 12_345

describe.runIf(hasServer)('a store in a bucket', () => {
  let server: S3Server
  let house: House
  let bucket: string
  let storeId: StoreId

  beforeAll(async () => {
    server = await startS3Server()
    bucket = await server.makeBucket()
    house = await openHouse()
    storeId = await addBucket(house, 'models', false)
  })
  afterAll(async () => {
    await house.stop()
    await server.stop()
  })
  afterEach(async () => {
    house.onStep = () => undefined
    await expectSound(house)
    await expectNoUploads()
  })

  async function addBucket(here: House, prefix: string, makeDefault: boolean): Promise<StoreId> {
    const store = await here.call('stores:add', {
      name: 'bucket',
      kind: 's3',
      settings: {
        preset: 'other',
        bucket,
        prefix,
        region: server.region,
        endpoint: server.endpoint,
        pathStyle: true,
        accessKeyId: server.root.accessKeyId,
      },
      paths: {},
      secrets: { secretAccessKey: server.root.secretAccessKey },
    })
    expect(store).toMatchObject({ kind: 's3', location: `s3://${bucket}/${prefix}` })
    expect(JSON.stringify(store)).not.toContain(server.root.secretAccessKey)
    if (makeDefault) await here.call('stores:make-default', { storeId: store.storeId })
    return store.storeId
  }

  const openUploads = async () =>
    ((await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(
      ({ Key }) => Key,
    )
  const expectNoUploads = async () => expect(await openUploads()).toEqual([])
  const objectNames = async () =>
    ((await server.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(
      ({ Key }) => Key,
    )
  const download = async (key: string, path: string) => {
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
    writeFileSync(path, (await Body?.transformToByteArray()) ?? '')
  }
  const identityOf = async (keyId: Awaited<ReturnType<typeof stored>>['keyId']) => {
    if (keyId === null) throw new Error('the artifact has no key')
    const path = house.at(`identity-${keyId}`)
    await house.call('keys:export', { keyId, target: { path }, understood: true })
    return path
  }
  /** Counts journaled steps by name. */
  const countSteps = () => {
    const counts = new Map<string, number>()
    house.onStep = (step, when) => {
      if (when === 'after') counts.set(step, (counts.get(step) ?? 0) + 1)
    }
    return (step: string) => counts.get(step) ?? 0
  }

  it.runIf(hasAge)('keeps what stock age opens, with nothing on the disk meanwhile', async () => {
    const plaintext = randomBytes(sizeBytes)
    const counted = countSteps()
    const artifact = await stored(house, house.input('model.bin', plaintext), { storeId })
    expect(counted('part-digest')).toBe(4)
    expect(counted('part-done')).toBe(4)
    expect(existsSync(house.storeFolder)).toBe(false)
    const head = await server.client.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'models/model.bin.age' }),
    )
    expect(head.Metadata).toMatchObject({ artifact: artifact.artifactId, key: artifact.keyId })
    expect(JSON.stringify(head.Metadata)).not.toContain('model')
    await download('models/model.bin.age', house.at('downloaded.age'))
    const identity = await identityOf(artifact.keyId)
    await run(age.tools?.age ?? '', [
      '-d',
      '-i',
      identity,
      '-o',
      house.at('opened'),
      house.at('downloaded.age'),
    ])
    expect(readFileSync(house.at('opened')).equals(plaintext)).toBe(true)
    expect((await decrypt(house, artifact, house.at('again.bin'))).job?.state).toBe('done')
    expect(readFileSync(house.at('again.bin')).equals(plaintext)).toBe(true)
    expect(statSync(house.at('again.bin')).mode & 0o777).toBe(0o600)
  })

  it.each([0, 1, 65_536, 16 * MiB - 261])('takes %i bytes', async (bytes) => {
    const plaintext = randomBytes(bytes)
    const artifact = await stored(house, house.input(`of-${bytes}.bin`, plaintext), { storeId })
    const path = house.at(`opened-${bytes}`)
    expect((await decrypt(house, artifact, path)).job?.state).toBe('done')
    expect(readFileSync(path).equals(plaintext)).toBe(true)
  })

  it('trashes the original once the store attested every part and a second pass gave the same', async () => {
    vi.stubEnv('XDG_DATA_HOME', house.at('trash'))
    const plaintext = randomBytes(sizeBytes)
    const original = house.input('original.bin', plaintext)
    const { job } = await encrypt(house, original, { storeId, original: 'trash' })
    vi.unstubAllEnvs()
    expect(job).toMatchObject({ state: 'done', outcome: 'Stored and verified; original moved to the trash' })
    expect(existsSync(original)).toBe(false)
    expect(readFileSync(house.at('trash/Trash/files/original.bin')).equals(plaintext)).toBe(true)
  })

  /** Begins to encrypt, and pauses or closes the program once so many parts were acknowledged. */
  async function stopped(here: House, path: string, parts: number, how: 'pause' | 'quit') {
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let [begun, done] = [0, 0]
    here.onStep = async (step, when) => {
      // No more parts than were asked for: the job cannot end before it is stopped.
      if (step === 'part-digest' && when === 'before' && ++begun > parts) await released
      if (step === 'part-done' && when === 'after' && ++done === parts) resolve()
    }
    const started = await startEncrypt(here, path, { storeId: here === house ? storeId : null })
    if (!('jobId' in started)) throw new Error('not started')
    await reached
    if (how === 'quit') {
      // Its signal is aborted when this returns.
      const closing = here.close()
      release()
      await closing
    } else {
      const pausing = here.call('jobs:pause', { jobIds: [started.jobId] })
      // Answered after the pause was taken in.
      await here.call('jobs:snapshot', {})
      release()
      await pausing
    }
    return started.jobId
  }

  async function expectStored(here: House, jobId: JobId, plaintext: Buffer) {
    const { job } = await settled(here, jobId)
    expect(job).toMatchObject({ state: 'done', failure: null })
    if (!job?.artifactId) throw new Error('no artifact')
    const { artifact } = await here.call('artifacts:show', { artifactId: job.artifactId })
    const path = here.at(`opened-${jobId}`)
    expect((await decrypt(here, artifact, path)).job?.state).toBe('done')
    expect(readFileSync(path).equals(plaintext)).toBe(true)
  }

  it('goes on after a pause: what is stored is not sent again', async () => {
    const plaintext = randomBytes(sizeBytes)
    const jobId = await stopped(house, house.input('paused.bin', plaintext), 2, 'pause')
    expect(await openUploads()).toEqual(['models/paused.bin.age'])
    const counted = countSteps()
    const { jobs } = await house.call('jobs:snapshot', {})
    const standing = jobs.find((job) => job.jobId === jobId)
    expect(standing?.parts).toMatchObject({ sent: 2, before: 0 })
    await house.call('jobs:resume', { jobIds: [jobId] })
    await expectStored(house, jobId, plaintext)
    expect(counted('part-done')).toBeLessThanOrEqual(2)
    expect(counted('header')).toBe(0)
  })

  it('goes on by itself at the next start', async () => {
    const plaintext = randomBytes(sizeBytes)
    const jobId = await stopped(house, house.input('closed.bin', plaintext), 1, 'quit')
    const counted = countSteps()
    await house.reopen()
    await expectStored(house, jobId, plaintext)
    expect(counted('part-done')).toBeLessThanOrEqual(3)
    expect(counted('header')).toBe(0)
  })

  it('starts over under a new file key where the source is another file by then', async () => {
    const path = house.input('replaced.bin', randomBytes(sizeBytes))
    const jobId = await stopped(house, path, 2, 'pause')
    const plaintext = randomBytes(sizeBytes)
    writeFileSync(path, plaintext)
    const counted = countSteps()
    await house.call('jobs:resume', { jobIds: [jobId] })
    await expectStored(house, jobId, plaintext)
    expect(counted('header')).toBe(1)
    expect(counted('part-done')).toBe(4)
  })

  it('starts over under a new file key on another machine', async () => {
    const plaintext = randomBytes(sizeBytes)
    const jobId = await stopped(house, house.input('moved.bin', plaintext), 2, 'pause')
    await house.close()
    const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
    const elsewhere = `UPDATE job_steps SET facts = json_set(facts, '$.machine', 'another') WHERE step = 'upload' AND job_no = (SELECT job_no FROM jobs WHERE job_id = ?)`
    expect(db.prepare(elsewhere).run(jobId).changes).toBe(1)
    db.close()
    const counted = countSteps()
    await house.reopen()
    await house.call('jobs:resume', { jobIds: [jobId] })
    await expectStored(house, jobId, plaintext)
    expect(counted('header')).toBe(1)
    expect(counted('part-done')).toBe(4)
  })

  it('starts over where the source changed in a journaled part and stat tells of nothing', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'lying.bin')
    const plaintext = randomBytes(sizeBytes)
    writeFileSync(path, plaintext)
    const never = { afterReads: Number.MAX_SAFE_INTEGER, change: { kind: 'remove' } } as const
    const marker = join(folder, 'marker')
    const lying = await openHouse({
      payloadWorker: meddlingWorker({ path, marker, lie: { sizeBytes }, ...never }),
    })
    onTestFinished(() => lying.stop())
    const still = (stat: EntryStat): EntryStat =>
      stat.kind === 'file' ? { ...stat, identity: { ...stat.identity, mtimeNs: '0', ctimeNs: '0' } } : stat
    lying.sources.stat = async (at) => still(await sourceFiles.stat(at))
    lying.sources.lstat = async (at) => still(await sourceFiles.lstat(at))
    await addBucket(lying, 'lying', true)
    const jobId = await stopped(lying, path, 2, 'pause')
    plaintext[100] = (plaintext[100] ?? 0) ^ 1
    writeFileSync(path, plaintext)
    const steps: string[] = []
    lying.onStep = (step, when) => {
      if (when === 'before') steps.push(step)
    }
    await lying.call('jobs:resume', { jobIds: [jobId] })
    await expectStored(lying, jobId, plaintext)
    // Nothing was sent, nor announced, before a new header was.
    const [first] = steps.filter((step) => step === 'header' || step.startsWith('part-'))
    expect(first).toBe('header')
    expect(steps.filter((step) => step === 'header')).toHaveLength(1)
    await expectSound(lying)
  })

  describe('a download', () => {
    const bytes = randomBytes(100e6)
    let artifact: ArtifactRow
    beforeAll(async () => {
      artifact = await stored(house, house.input('download.bin', bytes), { storeId })
    })

    /** Begins to decrypt, and pauses or closes the program once some of it has arrived. */
    async function begun(path: string, how: 'pause' | 'quit') {
      const { promise: reached, resolve } = Promise.withResolvers<void>()
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      house.onStep = async (step, when) => {
        if (step !== 'arrived' || when !== 'after') return
        resolve()
        // The job cannot end before it is stopped.
        await released
      }
      const target = { path }
      const { artifactId } = artifact
      const { jobId } = await house.call('decrypt:start', {
        artifactId,
        version: null,
        target,
        unpack: false,
      })
      await reached
      // Its signal is aborted when this returns, or once a later call is answered.
      const stopping = how === 'quit' ? house.close() : house.call('jobs:pause', { jobIds: [jobId] })
      if (how === 'pause') await house.call('jobs:snapshot', {})
      release()
      await stopping
      return jobId
    }

    it.each(['pause', 'quit'] as const)('goes on behind what has arrived, after a %s', async (how) => {
      const path = house.at(`opened-after-${how}`)
      const jobId = await begun(path, how)
      expect(statSync(path).size).toBe(0)
      const counted = countSteps()
      if (how === 'quit') await house.reopen()
      else await house.call('jobs:resume', { jobIds: [jobId] })
      expect((await settled(house, jobId)).job).toMatchObject({ state: 'done', failure: null })
      // Without a new target: the temporary of the first run was gone on with.
      expect(counted('target')).toBe(0)
      expect(readFileSync(path).equals(bytes)).toBe(true)
    })

    it('begins again where its temporary is another file by then', async () => {
      const path = house.at('opened-anew')
      const jobId = await begun(path, 'pause')
      const temporary = temporaryOf(path, jobId)
      rmSync(temporary)
      writeFileSync(temporary, 'not what was decrypted')
      const counted = countSteps()
      await house.call('jobs:resume', { jobIds: [jobId] })
      expect((await settled(house, jobId)).job).toMatchObject({ state: 'done', failure: null })
      expect(counted('target')).toBe(1)
      expect(readFileSync(path).equals(bytes)).toBe(true)
    })

    it('leaves nothing when it is cancelled', async () => {
      const path = house.at('opened-never')
      const jobId = await begun(path, 'pause')
      await house.call('jobs:cancel', { jobIds: [jobId] })
      expect((await settled(house, jobId)).job?.state).toBe('cancelled')
      expect([existsSync(path), existsSync(temporaryOf(path, jobId))]).toEqual([false, false])
    })
  })

  it('aborts the upload when it is cancelled, and takes its key back', async () => {
    const keys = house.keychain.items.size
    const jobId = await stopped(house, house.input('cancelled.bin', randomBytes(sizeBytes)), 1, 'pause')
    expect(await openUploads()).toEqual(['models/cancelled.bin.age'])
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await objectNames()).not.toContain('models/cancelled.bin.age')
    expect(house.keychain.items.size).toBe(keys)
  })
})
