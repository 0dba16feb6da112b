/** An encryption of an artifact whose keys change meanwhile: no version is left under a key that was replaced. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  decrypt,
  encrypt,
  type House,
  openHouse,
  settled,
  startEncrypt,
  stored,
} from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobId, KeyId } from '../../shared/ids.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

async function rotate(keyId: KeyId): Promise<JobId> {
  const asked = { method: 'rewrap', reason: 'policy', note: '' } as const
  const { jobIds, refused } = await house.call('keys:rotate', { keyIds: [keyId], ...asked })
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
  return jobId
}
const show = ({ artifactId }: ArtifactRow) => house.call('artifacts:show', { artifactId })

/** Holds every job of that step there until it is let go. */
function holdAt(wanted: string) {
  const arrived = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  house.onStep = async (step, when) => {
    if (step !== wanted || when !== 'after') return
    arrived.resolve()
    await released.promise
  }
  return { arrived: arrived.promise, release: () => released.resolve() }
}

it('waits for a rotation that runs, and has the new key', async () => {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  const held = holdAt('header')
  const rotation = await rotate(artifact.keyId)
  await held.arrived
  const started = await startEncrypt(house, house.input('model.bin', 'second'))
  if (!('jobId' in started)) throw new Error(started.failure.code)
  held.release()
  expect((await settled(house, rotation)).job?.state).toBe('done')
  expect((await settled(house, started.jobId)).job?.state).toBe('done')
  const { artifact: after, versions } = await show(artifact)
  expect(after.keyId).not.toBe(artifact.keyId)
  expect(versions.map(({ version, keyIds }) => [version, keyIds[0]])).toEqual([
    [2, after.keyId],
    [1, after.keyId],
  ])
  for (const version of [1, 2])
    expect((await decrypt(house, after, house.at(`out-${version}`), { version })).job?.state).toBe('done')
  await expectSound(house)
})

it('holds a rotation off that is asked for while it runs', async () => {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  const held = holdAt('header')
  const started = await startEncrypt(house, house.input('model.bin', 'second'))
  if (!('jobId' in started)) throw new Error(started.failure.code)
  await held.arrived
  await expect(rotate(artifact.keyId)).rejects.toThrow('key/still-protects')
  held.release()
  expect((await settled(house, started.jobId)).job?.state).toBe('done')
  house.onStep = () => undefined
  expect((await settled(house, await rotate(artifact.keyId))).job?.state).toBe('done')
  await expectSound(house)
})

it('holds a rotation off that was begun, stood still, and goes on while it runs', async () => {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  house.onStep = (step, when) => {
    if (step === 'switched' && when === 'after') throw new Error('stopped here')
  }
  const rotation = await rotate(artifact.keyId)
  expect((await settled(house, rotation)).job?.state).toBe('failed')
  const held = holdAt('payload')
  const started = await startEncrypt(house, house.input('model.bin', 'second'))
  if (!('jobId' in started)) throw new Error(started.failure.code)
  await held.arrived
  await house.call('jobs:resume', { jobIds: [rotation] })
  expect((await settled(house, rotation)).failure?.code).toBe('key/still-protects')
  held.release()
  expect((await settled(house, started.jobId)).job?.state).toBe('done')
  house.onStep = () => undefined
  await house.call('jobs:resume', { jobIds: [rotation] })
  expect((await settled(house, rotation)).job?.state).toBe('done')
  const { artifact: after, versions } = await show(artifact)
  expect(versions.map(({ keyIds }) => keyIds[0])).toEqual([after.keyId, after.keyId])
  expect(after.keyId).not.toBe(artifact.keyId)
  await expectSound(house)
})

it('is refused while a retirement that began stands still', async () => {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  house.onStep = (step, when) => {
    if (step === 'retiring' && when === 'after') throw new Error('stopped here')
  }
  const request = { artifactIds: [artifact.artifactId], confirmName: 'model.bin', inDays: null }
  const { jobIds } = await house.call('retirement:start', { ...request, deleteCiphertext: false })
  const [retirement] = jobIds
  if (retirement === undefined) throw new Error('no job')
  expect((await settled(house, retirement)).job?.state).toBe('failed')
  house.onStep = () => undefined
  const { failure } = await encrypt(house, house.input('model.bin', 'second'))
  expect(failure?.code).toBe('key/still-protects')
  expect((await show(artifact)).versions).toHaveLength(1)
  await house.call('jobs:resume', { jobIds: [retirement] })
  expect((await settled(house, retirement)).job?.state).toBe('done')
})
