/** A keychain that is locked, missing, refuses, is another one, or does not do what it says: nothing is called lost,
 * nothing is destroyed, and everything goes on once it answers. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { FailureCode } from '../../shared/failure.ts'
import { decrypt, encrypt, openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'

let house: House
let model: ArtifactRow
let items: Map<string, string>
let made = 0

beforeAll(async () => {
  house = await openHouse()
  model = await stored(house, house.input('model.bin', randomBytes(100_000)))
})
afterAll(() => house.stop())
afterEach(() => expectWorksAgain())

/** Once the keychain answers, all is as before. */
async function expectWorksAgain(): Promise<void> {
  house.onStep = () => undefined
  expect((await decrypt(house, model, house.at('again'))).job?.state).toBe('done')
  rmSync(house.at('again'))
  await expectSound(house)
}

const ways: [string, FailureCode, () => void, () => void][] = [
  ['locked', 'keychain/locked', () => house.keychain.lock(), () => house.keychain.unlock()],
  [
    'out of reach',
    'keychain/unavailable',
    () => house.keychain.failWith('Cannot autolaunch D-Bus without X11 $DISPLAY'),
    () => house.keychain.failWith(null),
  ],
  [
    'denied',
    'keychain/denied',
    () => house.keychain.failWith('User canceled the operation.'),
    () => house.keychain.failWith(null),
  ],
  [
    'another one',
    'keychain/no-canary',
    () => {
      items = new Map(house.keychain.items)
      house.keychain.replace()
    },
    () => {
      house.keychain.items.clear()
      for (const [item, secret] of items) house.keychain.items.set(item, secret)
    },
  ],
]

describe.each(ways)('a keychain that is %s', (_, code, breaks, mends) => {
  const source = () => house.input(`new-${(made += 1)}.bin`, randomBytes(5000))

  it('makes no key, opens nothing and destroys nothing', async () => {
    const before = new Map(house.keychain.items)
    breaks()
    expect(failureIn(await encrypt(house, source()))).toMatchObject({ code })
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code })
    expect(existsSync(house.at('out'))).toBe(false)
    const request = { keyId: model.keyId, confirmName: 'model.bin' }
    const { jobId } = await house.call('keys:destroy', request)
    expect(failureIn(await settled(house, jobId))).toMatchObject({ code })
    const exported = await house.invoke('keys:export', {
      keyId: model.keyId,
      target: { path: house.at('key.txt') },
      understood: true,
    })
    expect(exported).toMatchObject({ ok: false, failure: { code } })
    expect(existsSync(house.at('key.txt'))).toBe(false)
    const { artifact } = await house.call('artifacts:show', { artifactId: model.artifactId })
    expect(artifact).toMatchObject({ keyState: 'active', status: 'stored' })
    expect(await house.call('audit:verify', {})).toMatchObject({ entries: expect.any(Number) as number })
    mends()
    expect(new Map(house.keychain.items)).toEqual(before)
    await house.call('jobs:dismiss', { jobIds: [jobId] })
    expect(house.keychain.items.get(`Weightlock/${model.keyId}`)).toMatch(/^AGE-SECRET-KEY-1/)
  })

  it.each(['key-planned', 'payload', 'complete-attempted'])(
    'from %s on: the retry finishes what was begun',
    async (step) => {
      house.onStep = (at, when) => {
        if (at === step && when === 'after') breaks()
      }
      const ended = await encrypt(house, source())
      house.onStep = () => undefined
      expect(failureIn(ended)).toMatchObject({ code })
      mends()
      const jobId = ended.job?.jobId
      if (jobId === undefined) throw new Error('no job')
      await house.call('jobs:resume', { jobIds: [jobId] })
      const again = await settled(house, jobId)
      expect(again.job?.state).toBe('done')
      expect(readdirSync(house.storeFolder)).toContain(`new-${made}.bin.age`)
    },
  )
})

describe('a keychain that does not do what it says', () => {
  it('by keeping what it says it deleted: the key is not called destroyed', async () => {
    const doomed = await stored(house, house.input('doomed.bin', 'doomed'))
    house.keychain.keepDeleted(true)
    const { jobId } = await house.call('keys:destroy', { keyId: doomed.keyId, confirmName: 'doomed.bin' })
    expect(failureIn(await settled(house, jobId))).toMatchObject({ code: 'keychain/delete-not-confirmed' })
    const { key } = await house.call('keys:show', { keyId: doomed.keyId })
    expect(key.state).not.toBe('destroyed')
    house.keychain.keepDeleted(false)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job).toMatchObject({ state: 'done' })
    expect(failureIn(await decrypt(house, doomed, house.at('out')))).toMatchObject({ code: 'key/destroyed' })
    expect(house.keychain.items.has(`Weightlock/${doomed.keyId}`)).toBe(false)
  })

  it('by storing something else: nothing is encrypted to it', async () => {
    const set = house.keychain.keytar.setPassword
    house.keychain.keytar.setPassword = (service, account, secret) =>
      set(service, account, secret.startsWith('AGE-SECRET-KEY-') ? secret.slice(0, -1) : secret)
    const before = readdirSync(house.storeFolder)
    const ended = await encrypt(house, house.input('unkept.bin', 'unkept'))
    house.keychain.keytar.setPassword = set
    expect(failureIn(ended)).toMatchObject({ code: 'keychain/read-back-mismatch' })
    expect(readdirSync(house.storeFolder)).toEqual(before)
  })

  it('by holding a broken identity, or none: the artifact says which', async () => {
    const item = `Weightlock/${model.keyId}`
    const secret = house.keychain.items.get(item) ?? ''
    const wrong = secret[30] === 'Q' ? 'P' : 'Q'
    house.keychain.items.set(item, `${secret.slice(0, 30)}${wrong}${secret.slice(31)}`)
    const damaged = { code: 'key/damaged-in-keychain', keyId: model.keyId }
    expect(failureIn(await decrypt(house, model, house.at('out')))).toEqual(damaged)
    expect(failureIn(await encrypt(house, house.at('model.bin')))).toEqual(damaged)
    house.keychain.items.delete(item)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'key/missing-from-keychain',
      keyId: model.keyId,
    })
    house.keychain.items.set(item, secret)
    expect(existsSync(house.at('out'))).toBe(false)
  })
})
