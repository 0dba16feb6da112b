/** Destroying keys through the whole app: what it must refuse, and what it may never claim. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decrypt, encrypt, type House, openHouse, settled, stored } from '../../scripts/test/faults/house.ts'
import type { ArtifactRow } from '../../shared/domain.ts'
import type { JobId, KeyId } from '../../shared/ids.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const item = (keyId: KeyId) => `Weightlock/${keyId}`
const keyState = async (keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state
const confirm = (keyId: KeyId) => house.invoke('keys:destroy', { keyId, confirmName: 'model.bin' })

async function begin(keyId: KeyId): Promise<JobId> {
  return (await house.call('keys:destroy', { keyId, confirmName: 'model.bin' })).jobId
}

/** A version whose destruction was announced and then failed in the keychain. */
async function halfDestroyed(): Promise<{ artifact: ArtifactRow; keyId: KeyId; jobId: JobId }> {
  const artifact = await stored(house, house.input('model.bin', 'first'))
  const { keyId } = artifact
  house.keychain.keepDeleted(true)
  const jobId = await begin(keyId)
  const { job, failure } = await settled(house, jobId)
  expect([job?.state, failure?.code]).toEqual(['failed', 'keychain/delete-not-confirmed'])
  house.keychain.keepDeleted(false)
  return { artifact, keyId, jobId }
}

describe('a destruction that failed', () => {
  it('is not finished by dismissing or cancelling it, and its key encrypts nothing more', async () => {
    const { artifact, keyId, jobId } = await halfDestroyed()
    const next = await stored(house, house.input('model.bin', 'second'))
    expect(next.keyId).not.toBe(keyId)
    await house.call('jobs:dismiss', { jobIds: [jobId] })
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).failure?.code).toBe('key/being-destroyed')
    expect(await keyState(keyId)).toBe('suspended')
    expect(house.keychain.items.has(item(keyId))).toBe(true)
    const opened = await decrypt(house, artifact, house.at('out'), { version: 1 })
    expect(opened.job?.state).toBe('done')
  })

  it('is finished by its retry, or by typing the name again', async () => {
    const { keyId, jobId } = await halfDestroyed()
    expect(await begin(keyId)).toBe(jobId)
    expect((await settled(house, jobId)).job?.outcome).toBe('Destroyed and read back')
    expect(await keyState(keyId)).toBe('destroyed')
    expect(house.keychain.items.has(item(keyId))).toBe(false)
  })
})

describe('a destruction that races an encryption of the same artifact', () => {
  it('is refused or makes it take another key: nothing stored is lost', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'first'))
    let second: ReturnType<typeof encrypt> | null = null
    house.onStep = async (step, when) => {
      if (step !== 'begin' || when !== 'after' || second !== null) return
      second = encrypt(house, house.input('model.bin', 'second'))
      await second
    }
    const started = await confirm(keyId)
    expect(started.ok).toBe(true)
    if (!started.ok) return
    const destroyed = await settled(house, started.value.jobId)
    const { job, failure } = await (second ?? Promise.reject(new Error('it never began')))
    expect(job?.state === 'done' && destroyed.job?.state === 'done').toBe(false)
    expect(failure?.code).toBe('key/being-destroyed')
    expect(destroyed.failure?.code).toBe('key/still-protects')
    expect(await keyState(keyId)).toBe('active')
    expect(house.keychain.items.has(item(keyId))).toBe(true)
  })
})
