/** A store that fills up, becomes read-only, or goes away and comes back, at every moment of an encryption. */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, unlinkSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { StoreInfo } from '../../shared/domain/store.ts'
import { decrypt, encrypt, openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { hasSmallDisks, smallDisk, type SmallDisk } from '../../scripts/test/faults/small-disk.ts'
import { expectSound, failureIn, strayTemporaries } from '../../scripts/test/faults/soundness.ts'
import { durableFiles } from '../storage/durable-files.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
afterEach(() => {
  house.onStep = () => undefined
  Object.assign(house.files, durableFiles)
})

const bytes = randomBytes(1_500_000)
const steps = ['header', 'payload', 'complete-attempted'] as const

/** Once the object was told to appear, nobody can know whether it did. */
const outcomeAfter = (step: string) =>
  step === 'header' ? ['failed', 'store/unreachable'] : ['unresolved', 'artifact/unresolved']

/** Does it once, right after that step was journaled. */
function onceAfter(step: string, act: () => void): void {
  house.onStep = (at, when) => {
    if (at !== step || when !== 'after') return
    house.onStep = () => undefined
    act()
  }
}

async function expectOpens(artifactId: Parameters<typeof decrypt>[1]['artifactId'] | null): Promise<void> {
  if (artifactId === null) throw new Error('no artifact')
  expect((await decrypt(house, { artifactId }, house.at('out'))).job?.state).toBe('done')
  expect(readFileSync(house.at('out')).equals(bytes)).toBe(true)
  rmSync(house.at('out'))
}

describe('a store that is a folder and goes away', () => {
  it.each(steps)('after %s: nothing is lost, and a retry stores it once it is back', async (step) => {
    await stored(house, house.input('first.bin', 'so that the store is in use'), { separate: true })
    const path = house.input(`${step}.bin`, bytes)
    const away = house.at('store-elsewhere')
    onceAfter(step, () => renameSync(house.storeFolder, away))
    const ended = await encrypt(house, path)
    const jobId = ended.job?.jobId
    expect([ended.job?.state, ended.failure?.code]).toEqual(outcomeAfter(step))
    expect(readFileSync(path).equals(bytes)).toBe(true)
    renameSync(away, house.storeFolder)
    if (jobId === undefined) throw new Error('no job')
    await house.call('jobs:resume', { jobIds: [jobId] })
    const { job } = await settled(house, jobId)
    expect(job?.state).toBe('done')
    await expectOpens(job?.artifactId ?? null)
    await expectSound(house)
  })

  it('and is not back when the job is given up: kept as unresolved, taken back later', async () => {
    const path = house.input('given-up.bin', bytes)
    const away = house.at('store-elsewhere')
    onceAfter('header', () => renameSync(house.storeFolder, away))
    const { job } = await encrypt(house, path)
    if (job === null) throw new Error('no job')
    await house.call('jobs:cancel', { jobIds: [job.jobId] })
    const kept = await settled(house, job.jobId)
    expect(kept.job?.state).toBe('unresolved')
    expect(kept.failure).toMatchObject({ code: 'store/unreachable' })
    renameSync(away, house.storeFolder)
    await house.call('jobs:cancel', { jobIds: [job.jobId] })
    expect((await settled(house, job.jobId)).job?.state).toBe('cancelled')
    expect(readdirSync(house.storeFolder)).not.toContain('given-up.bin.age')
    await expectSound(house)
  })

  it('while it is decrypted from, and while it is verified', async () => {
    const artifact = await stored(house, house.input('read.bin', bytes))
    const away = house.at('store-elsewhere')
    onceAfter('target', () => renameSync(house.storeFolder, away))
    const ended = await decrypt(house, artifact, house.at('out'))
    expect(failureIn(ended)).toMatchObject({ code: 'store/unreachable', store: 'Local' })
    expect(failureIn(await decrypt(house, artifact, house.at('out')))).toMatchObject({
      code: 'store/unreachable',
    })
    renameSync(away, house.storeFolder)
    onceAfter('target', () => unlinkSync(artifact.location))
    expect(failureIn(await decrypt(house, artifact, house.at('out')))).toMatchObject({
      code: 'store/object-not-found',
    })
    await expectSound(house)
  })
})

describe.skipIf(!hasSmallDisks())('a store on a small disk', () => {
  let disk: SmallDisk
  let store: StoreInfo
  let made = 0
  beforeAll(async () => {
    disk = smallDisk(house.at('small'), 12 * 2 ** 20)
    store = await house.call('stores:add', {
      name: 'small',
      kind: 'local-folder',
      settings: {},
      paths: { path: { path: disk.path } },
      secrets: {},
    })
  })
  afterAll(() => disk?.remove())
  const source = () => house.input(`small-${(made += 1)}.bin`, bytes)
  const toIt = () => ({ storeId: store.storeId })
  const left = () => readdirSync(disk.path).filter((name) => name !== 'filler')

  it('without room for it says so before anything is made', async () => {
    disk.fill()
    const ended = await encrypt(house, source(), toIt())
    expect(failureIn(ended)).toEqual({ code: 'store/full', store: 'small' })
    expect(left()).toEqual([])
    disk.free()
    await house.call('jobs:resume', { jobIds: ended.job === null ? [] : [ended.job.jobId] })
    const again = await settled(house, ended.job?.jobId ?? ('' as never))
    expect(again.job?.state).toBe('done')
    await expectOpens(again.job?.artifactId ?? null)
    await expectSound(house, disk.path)
  })

  it('that fills up while it is written leaves nothing half-written', async () => {
    const before = left()
    house.files.createExclusive = async (path, mode) => {
      const file = await durableFiles.createExclusive(path, mode)
      if (path.includes('.weightlock-')) disk.fill()
      return file
    }
    const ended = await encrypt(house, source(), toIt())
    expect(failureIn(ended)).toEqual({ code: 'store/full', store: 'small' })
    expect(left()).toEqual(before)
    disk.free()
    await expectSound(house, disk.path)
  })

  it('that is read-only takes nothing, and gives what it has', async () => {
    const artifact = await stored(house, source(), toIt())
    const before = left()
    disk.setReadOnly(true)
    expect(failureIn(await encrypt(house, source(), toIt()))).toEqual({
      code: 'store/read-only',
      store: 'small',
    })
    await expectOpens(artifact.artifactId)
    disk.setReadOnly(false)
    const path = source()
    // A disk with a file open for writing cannot be made read-only from outside: the system's answer stands in.
    const refuse = () => Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' }))
    onceAfter('payload', () => Object.assign(house.files, { rename: refuse, unlink: refuse }))
    const ended = await encrypt(house, path, toIt())
    expect(failureIn(ended)).toEqual({ code: 'store/read-only', store: 'small' })
    Object.assign(house.files, durableFiles)
    await house.call('jobs:resume', { jobIds: ended.job === null ? [] : [ended.job.jobId] })
    expect((await settled(house, ended.job?.jobId ?? ('' as never))).job?.state).toBe('done')
    expect(left().length).toBe(before.length + 1)
    rmSync(`${disk.path}/small-${made}.bin.age`)
    await expectSound(house, disk.path)
  })

  it.each(steps)('unmounted after %s: an empty folder is not taken for it', async (step) => {
    const path = source()
    onceAfter(step, () => disk.takeAway())
    const ended = await encrypt(house, path, toIt())
    expect([ended.job?.state, ended.failure?.code]).toEqual(outcomeAfter(step))
    expect(readdirSync(disk.path)).toEqual([])
    disk.bringBack()
    const jobId = ended.job?.jobId
    if (jobId === undefined) throw new Error('no job')
    await house.call('jobs:resume', { jobIds: [jobId] })
    const { job } = await settled(house, jobId)
    expect(job?.state).toBe('done')
    await expectOpens(job?.artifactId ?? null)
    rmSync(`${disk.path}/small-${made}.bin.age`)
    expect(strayTemporaries(disk.path)).toEqual([])
    await expectSound(house)
  })

  it('unmounted under a rotation has lost nothing: it cannot be given up, and goes on once it is mounted', async () => {
    const { artifactId, keyId } = await stored(house, source(), { ...toIt(), name: 'rotated.bin' })
    onceAfter('switching', () => disk.takeAway())
    const asked = { method: 'rewrap', reason: 'policy', note: '' } as const
    const [jobId] = (await house.call('keys:rotate', { keyIds: [keyId], ...asked })).jobIds
    if (jobId === undefined) throw new Error('no job')
    const gone = { code: 'store/unreachable', store: 'small' }
    expect(failureIn(await settled(house, jobId))).toMatchObject(gone)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect(failureIn(await settled(house, jobId))).toMatchObject(gone)
    expect(await house.invoke('jobs:gone', { jobId })).toMatchObject({ ok: false, failure: gone })
    const objects = [{ version: 1, storeId: store.storeId, objectName: 'rotated.bin.age' }]
    expect(await house.invoke('jobs:give-up', { jobId, confirmName: 'rotated.bin', objects })).toMatchObject({
      ok: false,
      failure: gone,
    })
    disk.bringBack()
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.outcome).toBe('Rewrapped and verified')
    await expectOpens(artifactId)
    await expectSound(house, disk.path)
  })

  it('that is not mounted at the next start is out of reach, and nothing is written in its place', async () => {
    const artifact = await stored(house, source(), { ...toIt(), name: 'kept.bin' })
    await house.close()
    disk.takeAway()
    await house.reopen()
    expect(left()).toEqual([])
    const { stores } = await house.call('stores:list', {})
    expect(stores.find(({ name }) => name === 'small')?.exists).toBe(false)
    const gone = {
      code: 'store/unreachable',
      store: 'small',
      detail: 'the disk or share that it lies on is not mounted',
    }
    expect(await house.invoke('stores:scan', { storeId: store.storeId })).toEqual({
      ok: false,
      failure: gone,
    })
    expect(failureIn(await encrypt(house, source(), toIt()))).toEqual(gone)
    expect(failureIn(await decrypt(house, artifact, house.at('out')))).toEqual(gone)
    expect(left()).toEqual([])
    const shown = await house.call('artifacts:show', { artifactId: artifact.artifactId })
    expect(shown.artifact.status).toBe('stored')
    disk.bringBack()
    await expectOpens(artifact.artifactId)
    await expectSound(house, disk.path)
  })
})
