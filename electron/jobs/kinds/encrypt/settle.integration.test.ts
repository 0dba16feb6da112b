/** Once an object may have appeared, no key goes before the store was searched for it; and damage is no dead end. */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  decrypt,
  openHouse,
  settled,
  startEncrypt,
  type House,
} from '../../../../scripts/test/faults/house.ts'
import { expectSound } from '../../../../scripts/test/faults/soundness.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const object = () => join(house.storeFolder, 'model.bin.age')
const renamed = () => join(house.storeFolder, 'renamed.bin.age')

/** Fails between the object's appearance and the catalog's transaction. */
async function stoppedBeforeVerified() {
  house.onStep = (step, when) => {
    if (step === 'verified' && when === 'before') throw new Error('stopped here')
  }
  const started = await startEncrypt(house, house.input('model.bin', randomBytes(1000)))
  if (!('jobId' in started)) throw new Error('refused')
  expect((await settled(house, started.jobId)).job?.state).toBe('failed')
  house.onStep = () => undefined
  return started.jobId
}

async function cancelled(jobId: Awaited<ReturnType<typeof stoppedBeforeVerified>>) {
  await house.call('jobs:cancel', { jobIds: [jobId] })
  return settled(house, jobId)
}

describe('a cancel after the object appeared', () => {
  it('finds it renamed: it is stored, and its key is kept', async () => {
    const jobId = await stoppedBeforeVerified()
    renameSync(object(), renamed())
    const { job } = await cancelled(jobId)
    expect(job?.state).toBe('done')
    const artifactId = job?.artifactId ?? null
    if (artifactId === null) throw new Error('no artifact')
    const opened = await decrypt(house, { artifactId }, house.at('out'))
    expect(opened.job?.outcome).toBe('Decrypted and verified')
    await expectSound(house)
  })

  it('finds something at its name that is no age file: unresolved, the key is kept', async () => {
    const jobId = await stoppedBeforeVerified()
    const keys = [...house.keychain.items.keys()]
    writeFileSync(object(), 'damaged')
    const { job, failure } = await cancelled(jobId)
    expect([job?.state, failure?.code]).toEqual(['unresolved', 'artifact/unresolved'])
    expect([...house.keychain.items.keys()]).toEqual(expect.arrayContaining(keys))
    rmSync(object())
    expect((await cancelled(jobId)).job?.state).toBe('cancelled')
    await expectSound(house)
  })

  it.each([
    ['in its payload', 245 + 16 + 10],
    ['in its nonce', 250],
    ['in its header', 100],
  ])('finds it cut short %s: a cancel takes it away, with its key', async (_, lengthBytes) => {
    const jobId = await stoppedBeforeVerified()
    truncateSync(object(), lengthBytes)
    expect((await cancelled(jobId)).job?.state).toBe('cancelled')
    expect(existsSync(object())).toBe(false)
    await expectSound(house)
  })

  it('finds it cut short: a retry stores it anew under its own name', async () => {
    const jobId = await stoppedBeforeVerified()
    truncateSync(object(), 245 + 16 + 10)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect(readdirSync(house.storeFolder)).toEqual(['model.bin.age'])
    await expectSound(house)
  })

  it.each([
    ['too short to be told from another age file', (bytes: Buffer) => bytes.subarray(0, 30)],
    ['of another header', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 60), Buffer.alloc(140, 'A')])],
  ])('finds something %s: it stays, and so does the key', async (_, left) => {
    const jobId = await stoppedBeforeVerified()
    const bytes = left(readFileSync(object()))
    writeFileSync(object(), bytes)
    const keys = [...house.keychain.items.keys()]
    expect((await cancelled(jobId)).job?.state).toBe('unresolved')
    expect(readFileSync(object()).equals(bytes)).toBe(true)
    expect([...house.keychain.items.keys()]).toEqual(expect.arrayContaining(keys))
  })

  it.each([
    ['a cancel takes it away', 'jobs:cancel', 'cancelled'],
    ['a retry stores it anew', 'jobs:resume', 'done'],
  ] as const)('finds it with a damaged end: %s', async (_, channel, state) => {
    const jobId = await stoppedBeforeVerified()
    const bytes = readFileSync(object())
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
    writeFileSync(object(), bytes)
    await house.call(channel, { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe(state)
    expect(existsSync(object())).toBe(state === 'done')
    await expectSound(house)
  })
})
