/** Pause: within a second no byte moves, nothing lies about, and what was resumed opens with stock `age`. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { setTimeout as whileNothingMoves } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { JobId } from '../../shared/ids.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import {
  decrypt,
  openHouse,
  settled,
  startEncrypt,
  stored,
  type House,
} from '../../scripts/test/faults/house.ts'
import { expectSound, strayTemporaries } from '../../scripts/test/faults/soundness.ts'

const run = promisify(execFile)
const age = await systemAge()
const hasAge = requirePeer('age', age.tools !== null, age.tools === null ? age.reason : '')

const sizeBytes = 9_000_000
/** Slow enough for a busy machine: a job takes three seconds. */
const bytesPerSecond = 3_000_000
const plaintext = randomBytes(sizeBytes)
const watchedMs = 400
let house: House

beforeAll(async () => {
  house = await openHouse({ bytesPerSecond })
})
afterAll(() => house.stop())
afterEach(() => expectSound(house))

/** Settles once so much of the job is done. */
async function movedBy(jobId: JobId, bytes: number): Promise<void> {
  const connection = house.app().terminal()
  await new Promise<void>((resolve) => {
    connection.onEvent((event) => {
      if (event.event !== 'jobs:changed') return
      if (event.payload.jobs.some((job) => job.jobId === jobId && job.doneBytes >= bytes)) resolve()
    })
  })
  connection.close()
}

/** What this process has read and written so far, by every thread; only Linux tells. */
const movedBytes = (): number =>
  process.platform === 'linux'
    ? readFileSync('/proc/self/io', 'utf8')
        .split('\n')
        .flatMap((line) => (/^[rw]char/.test(line) ? Number(line.split(' ')[1]) : []))
        .reduce((sum, count) => sum + count, 0)
    : 0

/** Pauses, and watches that nothing moves any more. */
async function pausedInTime(jobId: JobId): Promise<void> {
  const before = performance.now()
  await house.call('jobs:pause', { jobIds: [jobId] })
  expect(performance.now() - before).toBeLessThan(1000)
  const state = () =>
    house.call('jobs:snapshot', {}).then(({ jobs }) => jobs.find((job) => job.jobId === jobId))
  expect(await state()).toMatchObject({ state: 'paused', canResume: true, bytesPerSecond: 0 })
  expect(strayTemporaries(house.folder)).toEqual([])
  const moved = movedBytes()
  await whileNothingMoves(watchedMs)
  expect(movedBytes() - moved).toBeLessThan((bytesPerSecond * watchedMs) / 1000 / 10)
  expect(strayTemporaries(house.folder)).toEqual([])
}

async function resumed(jobId: JobId): Promise<void> {
  await house.call('jobs:resume', { jobIds: [jobId] })
  expect((await settled(house, jobId)).job?.state).toBe('done')
}

describe('pausing', () => {
  it.skipIf(!hasAge)('an encryption, twice: age opens what came of it', async () => {
    const started = await startEncrypt(house, house.input('model.bin', plaintext))
    if (!('jobId' in started)) throw new Error(started.failure.code)
    const { jobId } = started
    await movedBy(jobId, 1_000_000)
    await pausedInTime(jobId)
    expect(readdirSync(house.storeFolder)).toEqual([])
    const again = movedBy(jobId, 2_000_000)
    await house.call('jobs:resume', { jobIds: [jobId] })
    await again
    await pausedInTime(jobId)
    await resumed(jobId)
    const artifact = await house.call('artifacts:find', { query: 'model.bin' })
    const identity = house.at('identity.txt')
    await house.call('keys:export', { keyId: artifact.keyId, target: { path: identity }, understood: true })
    const { stdout } = await run('age', ['-d', '-i', identity, artifact.location], {
      encoding: 'buffer',
      maxBuffer: 2 * sizeBytes,
    })
    expect(stdout.equals(plaintext)).toBe(true)
  })

  it('a decryption: nothing is at its target before it is resumed', async () => {
    const artifact = await stored(house, house.input('again.bin', plaintext))
    const target = house.at('out')
    const { artifactId } = artifact
    const { jobId } = await house.call('decrypt:start', {
      artifactId,
      version: null,
      target: { path: target },
      unpack: false,
    })
    await movedBy(jobId, 1_000_000)
    await pausedInTime(jobId)
    expect(existsSync(target)).toBe(false)
    await resumed(jobId)
    expect(readFileSync(target).equals(plaintext)).toBe(true)
    rmSync(target)
    expect((await decrypt(house, artifact, target)).job?.state).toBe('done')
  })

  it('and stopping the program: it stays paused, and goes on when it is asked to', async () => {
    const started = await startEncrypt(house, house.input('later.bin', plaintext))
    if (!('jobId' in started)) throw new Error(started.failure.code)
    const { jobId } = started
    await movedBy(jobId, 1_000_000)
    await pausedInTime(jobId)
    await house.reopen()
    const { jobs } = await house.call('jobs:snapshot', {})
    expect(jobs.find((job) => job.jobId === jobId)?.state).toBe('paused')
    await resumed(jobId)
  })

  it('all that is paused goes on without being named, and nothing else', async () => {
    house.onStep = (step, when) => {
      if (step === 'header' && when === 'before') throw new Error('not today')
    }
    const failing = await startEncrypt(house, house.input('failed.bin', 'failed'))
    if (!('jobId' in failing)) throw new Error(failing.failure.code)
    expect((await settled(house, failing.jobId)).job?.state).toBe('failed')
    house.onStep = () => undefined
    const cancelled = await startEncrypt(house, house.input('cancelled.bin', plaintext))
    const paused = await startEncrypt(house, house.input('paused.bin', plaintext))
    if (!('jobId' in cancelled) || !('jobId' in paused)) throw new Error('not started')
    await house.call('jobs:cancel', { jobIds: [cancelled.jobId] })
    await house.call('jobs:pause', { jobIds: [paused.jobId] })

    const { jobs } = await house.call('jobs:resume', { jobIds: null })
    const stateOf = (jobId: JobId) => jobs.find((job) => job.jobId === jobId)?.state
    expect(stateOf(failing.jobId)).toBe('failed')
    expect(stateOf(cancelled.jobId)).toBe('cancelled')
    expect(['queued', 'running']).toContain(stateOf(paused.jobId))
    expect((await settled(house, paused.jobId)).job?.state).toBe('done')
    expect((await settled(house, failing.jobId)).job?.state).toBe('failed')
    // Named, it is tried again.
    await resumed(failing.jobId)
  })
})
