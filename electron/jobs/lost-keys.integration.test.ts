/** Keys that are gone from a keychain that answers, against those that it only does not show. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decrypt, openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { parseHeader } from '../age/header.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { keyHeader } from '../age/rewrap.ts'

const passphrase = 'lantern gravel mango orbit velvet'
const long = 3_600_000
const atOnce = { delayMs: 0, betweenMs: 0, againMs: 5, nextMs: long }
const never = { delayMs: long, betweenMs: 0, againMs: long, nextMs: long }

let house: House
let artifact: ArtifactRow
beforeEach(async () => {
  house = await openHouse()
  artifact = await stored(house, house.input('model.bin', 'weights'))
})
afterEach(() => house.stop())

const item = () => `Weightlock/${artifact.keyId}`
const opening = async () =>
  (await decrypt(house, artifact, house.at(`out-${Math.random()}`))).failure?.code ?? null
async function isLost(): Promise<boolean> {
  const { artifactId, keyId } = artifact
  const { artifact: row, keys } = await house.call('artifacts:show', { artifactId })
  const { key } = await house.call('keys:show', { keyId })
  expect(new Set([row.isKeyMissing, key.isMissing, keys[0]?.isMissing]).size).toBe(1)
  return key.isMissing
}
const events = async () => {
  const page = { query: '', category: 'copies', since: null, offset: 0, limit: 100 } as const
  return (await house.call('audit:list', page)).rows.map(({ event }) => event)
}
/** Settles once the catalog says so: the check works beside everything else. */
async function becomes(wanted: boolean): Promise<boolean> {
  const { keyId } = artifact
  while ((await house.call('keys:show', { keyId })).key.isMissing !== wanted)
    await new Promise((resolve) => setImmediate(resolve))
  return isLost()
}

describe('a key', () => {
  it('that is gone when it is needed is lost, and is not when it is there again', async () => {
    const secret = house.keychain.items.get(item()) ?? ''
    house.keychain.items.delete(item())
    expect(await isLost()).toBe(false)
    expect(await opening()).toBe('key/missing-from-keychain')
    expect(await isLost()).toBe(true)
    expect(await opening()).toBe('key/missing-from-keychain')
    expect((await events()).filter((event) => event === 'key-copy-missing')).toHaveLength(1)
    await house.reopen({ lostKeyPace: never })
    expect(await isLost()).toBe(true)
    house.keychain.items.set(item(), secret)
    expect(await opening()).toBeNull()
    expect(await isLost()).toBe(false)
    expect((await events()).filter((event) => event === 'key-copy-found')).toHaveLength(1)
  })

  it('that is lost is no other key that still opens what another one is the last of', async () => {
    const { keyId, artifactId, location } = artifact
    const good = readFileSync(location)
    const { bytes } = parseHeader(good)
    const fileKey = await openHeader(parseHeader(good), [
      parseIdentity(house.keychain.items.get(item()) ?? ''),
    ])
    const colleague = generateIdentity('X25519')
    const path = house.input('colleague.txt', identityText(colleague))
    const origin = { source: { path }, passphrase: null, reverseDestroyed: null }
    const [other] = (await house.call('keys:import', origin)).imported
    if (other === undefined) throw new Error('not imported')
    const header = await keyHeader(colleague.recipient(), fileKey, { keyId: other.keyId, artifactId })
    writeFileSync(location, Buffer.concat([header, good.subarray(bytes.length)]))
    expect(await opening()).toBeNull()
    const impact = async () => (await house.call('keys:show', { keyId })).impact
    expect((await impact()).goneForGood).toEqual([])
    house.keychain.items.delete(`Weightlock/${other.keyId}`)
    await opening()
    expect(await impact()).toMatchObject({ goneForGood: [{ artifactId, version: 1 }], stillOpen: [] })
  })

  it('comes back from a recovery kit', async () => {
    const path = house.at('kit.age')
    const made = await house.call('kits:create', {
      keyIds: null,
      passphrase: { typed: passphrase },
      target: { path },
    })
    await settled(house, made.jobId)
    house.keychain.items.delete(item())
    await opening()
    expect(await isLost()).toBe(true)
    const { jobId } = await house.call('kits:restore', { source: { path }, passphrase, reverseDestroyed: [] })
    expect((await settled(house, jobId)).job?.outcome).toBe('1 key restored')
    expect(await isLost()).toBe(false)
    expect(await opening()).toBeNull()
  })

  it.each([
    ['locked', (at: House) => at.keychain.lock()],
    ['broken', (at: House) => at.keychain.failWith('the bus is gone')],
    ['another one', (at: House) => at.keychain.replace()],
  ])('is never called lost while the keychain is %s', async (_, away) => {
    away(house)
    expect(await opening()).toMatch(/^keychain\//)
    expect(await isLost()).toBe(false)
    const { get } = house.keychain.counts
    await house.reopen({ lostKeyPace: atOnce })
    while (house.keychain.counts.get < get + 3) await new Promise((resolve) => setImmediate(resolve))
    expect(await isLost()).toBe(false)
    expect(await events()).not.toContain('key-copy-missing')
  })

  it('that is destroyed is not lost', async () => {
    const { jobId } = await house.call('keys:destroy', { keyId: artifact.keyId, confirmName: 'model.bin' })
    await settled(house, jobId)
    await house.reopen({ lostKeyPace: atOnce })
    expect(await isLost()).toBe(false)
  })
})

describe('the check after a start', () => {
  it('finds what is gone, and what came back, without a list of the keychain', async () => {
    const secret = house.keychain.items.get(item()) ?? ''
    house.keychain.items.delete(item())
    await house.reopen({ lostKeyPace: atOnce })
    expect(await becomes(true)).toBe(true)
    house.keychain.items.set(item(), secret)
    await house.reopen({ lostKeyPace: atOnce })
    expect(await becomes(false)).toBe(false)
  })

  it('comes again while the program runs', async () => {
    await house.reopen({ lostKeyPace: { ...atOnce, nextMs: 5 } })
    const secret = house.keychain.items.get(item()) ?? ''
    house.keychain.items.delete(item())
    expect(await becomes(true)).toBe(true)
    house.keychain.items.set(item(), secret)
    expect(await becomes(false)).toBe(false)
  })

  it('goes on once a locked keychain is open', async () => {
    house.keychain.items.delete(item())
    house.keychain.lock()
    await house.reopen({ lostKeyPace: atOnce })
    expect(await isLost()).toBe(false)
    house.keychain.unlock()
    expect(await becomes(true)).toBe(true)
  })
})

describe('an entry that is archived', () => {
  const list = async (archived?: 'hidden' | 'only') =>
    (
      await house.call('artifacts:list', {
        storeId: null,
        folder: '',
        deep: false,
        query: '',
        sort: { by: 'name', descending: false },
        offset: 0,
        limit: 100,
        foreign: false,
        ...(archived === undefined ? {} : { archived }),
      })
    ).rows.flatMap((row) => (row.type === 'artifact' ? [row.name] : []))

  it('is out of the list and untouched, and comes back', async () => {
    await stored(house, house.input('other.bin', 'x'))
    const { artifactId } = artifact
    const archive = (isArchived: boolean) =>
      house.call('artifacts:archive', { artifactIds: [artifactId], isArchived })
    expect(await archive(true)).toEqual({ changed: [artifactId] })
    expect(await archive(true)).toEqual({ changed: [] })
    expect([await list(), await list('only')]).toEqual([['other.bin'], ['model.bin']])
    expect((await house.call('program:status', {})).counts).toMatchObject({ artifacts: 1, archived: 1 })
    expect((await house.call('artifacts:show', { artifactId })).artifact.isArchived).toBe(true)
    expect(await opening()).toBeNull()
    expect(house.keychain.items.has(item())).toBe(true)
    await archive(false)
    expect([await list(), await list('only')]).toEqual([['model.bin', 'other.bin'], []])
  })
})
