/** Rewrap through the whole app, in a folder: what opens it before and after, and at every step in between. */
import { execFileSync } from 'node:child_process'
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decrypt, type House, openHouse, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { parseHeader } from '../age/header.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { keyHeader } from '../age/rewrap.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyId } from '../../shared/ids.ts'

const peer = await systemAge()
const hasAge = requirePeer('age', peer.tools !== null, peer.tools === null ? peer.reason : '')

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const rotation = { method: 'rewrap', reason: 'policy', note: '' } as const
async function rewrap(keyId: KeyId) {
  const { jobIds, refused } = await house.call('keys:rotate', { keyIds: [keyId], ...rotation })
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
  return { jobId, ...(await settled(house, jobId)) }
}
const row = async ({ artifactId }: ArtifactRow) =>
  (await house.call('artifacts:show', { artifactId })).artifact
const stateOf = async (keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state
const identityOf = (keyId: KeyId): string => {
  const path = house.at(`identity-${keyId}`)
  writeFileSync(path, `${house.keychain.items.get(`Weightlock/${keyId}`)}\n`, { mode: 0o600 })
  return path
}
const headerBytes = 245
const everything = { category: 'all', query: '', since: null, offset: 0, limit: 200 } as const

describe('a rewrap in a folder', () => {
  it('writes a header and nothing else; stock age opens it with the new identity, not with the old', async () => {
    const weights = Buffer.alloc(300_000, 'weights')
    const before = await stored(house, house.input('model.bin', weights))
    await stored(house, house.input('model.bin', 'a second version'))
    const bytes = readFileSync(before.location)
    const { job } = await rewrap(before.keyId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Rewrapped and verified' })
    const after = await row(before)
    expect(after.keyId).not.toBe(before.keyId)
    expect(await stateOf(before.keyId)).toBe('deactivated')
    expect(await stateOf(after.keyId)).toBe('active')
    const now = readFileSync(before.location)
    expect(now.subarray(headerBytes).equals(bytes.subarray(headerBytes))).toBe(true)
    expect(now.subarray(0, headerBytes).equals(bytes.subarray(0, headerBytes))).toBe(false)
    for (const version of [1, 2]) {
      const opened = await decrypt(house, before, house.at(`out-${version}`), { version })
      expect(opened.job?.state).toBe('done')
    }
    expect(readFileSync(house.at('out-1')).equals(weights)).toBe(true)
    const { versions } = await house.call('artifacts:show', { artifactId: before.artifactId })
    expect(versions.map(({ keyIds }) => keyIds[0])).toEqual([after.keyId, after.keyId])
    await expectSound(house)
    if (!hasAge || peer.tools === null) return
    const { age } = peer.tools
    const open = (keyId: KeyId) =>
      execFileSync(age, ['-d', '-i', identityOf(keyId), before.location], { stdio: 'pipe' })
    expect(open(after.keyId).equals(weights)).toBe(true)
    expect(() => open(before.keyId)).toThrow(/no identity matched/)
  })

  it('opens at every step, with the old key or with the new', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const opened: (string | undefined)[] = []
    let isOpening = false
    house.onStep = async (step) => {
      if (isOpening || !['key', 'header', 'switching', 'switched', 'end'].includes(step)) return
      isOpening = true
      const { job, failure } = await decrypt(house, artifact, house.at(`at-${opened.length}`))
      opened.push(failure?.code ?? job?.state)
      isOpening = false
    }
    const { job } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('done')
    expect(new Set(opened)).toEqual(new Set(['done']))
    expect(opened.length).toBeGreaterThan(8)
  })

  it('leaves no header in the journal', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const header = readFileSync(artifact.location).subarray(0, headerBytes).toString('base64')
    const { jobId } = await rewrap(artifact.keyId)
    await house.close()
    const catalog = readFileSync(house.at('data', 'catalog.sqlite'))
    expect(catalog.includes(jobId)).toBe(true)
    expect(catalog.includes(header)).toBe(false)
    const wal = statSync(house.at('data', 'catalog.sqlite-wal'), { throwIfNoEntry: false })
    expect(wal?.size ?? 0).toBe(0)
    await house.reopen()
  })

  it('leaves the other names of a linked file as they were, and says so', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const other = house.at('other-name.age')
    linkSync(artifact.location, other)
    const old = readFileSync(other)
    const { job } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('done')
    expect(job?.report.join('\n')).toContain('1 other name of the file keeps the old header')
    expect(readFileSync(other).equals(old)).toBe(true)
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    const { artifactId, name } = artifact
    const retire = { artifactIds: [artifactId], confirmName: name, inDays: null, deleteCiphertext: false }
    const [jobId] = (await house.call('retirement:start', retire)).jobIds
    if (jobId === undefined) throw new Error('not retired')
    await settled(house, jobId)
    const { statement } = await house.call('certificates:show', { certificateId: jobId })
    expect(statement.notProved).toContainEqual(
      expect.objectContaining({ what: '1 other name of version 1', detail: artifact.location }),
    )
  })
})

describe('a header that a colleague gave it', () => {
  it('is one that its key opened, also after it was replaced: a leak of that key taints the payload', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const good = readFileSync(artifact.location)
    const secret = house.keychain.items.get(`Weightlock/${artifact.keyId}`) ?? ''
    const fileKey = await openHeader(parseHeader(good), [parseIdentity(secret)])
    const colleague = generateIdentity('X25519')
    const path = house.input('colleague.txt', identityText(colleague))
    const origin = { source: { path }, passphrase: null, reverseDestroyed: null }
    const [imported] = (await house.call('keys:import', origin)).imported
    if (imported === undefined) throw new Error('not imported')
    const { keyId } = imported
    const { artifactId } = artifact
    const header = await keyHeader(colleague.recipient(), fileKey, { keyId, artifactId })
    writeFileSync(artifact.location, Buffer.concat([header, good.subarray(headerBytes)]))
    expect((await rewrap(artifact.keyId)).job?.state).toBe('done')
    const leak = { keyIds: [keyId], since: null }
    expect((await house.call('keys:compromise-plan', leak)).payloads).toBe(1)
    await house.call('keys:revoke', { ...leak, reason: 'left on a train', count: 1 })
    expect((await row(artifact)).isTainted).toBe(true)
    const { keys } = await house.call('retirement:impact', { artifactIds: [artifactId] })
    expect(keys.map(({ key }) => key.keyId)).toContain(keyId)
    // Old copies have the payload still that a re-encryption replaces: the key goes with the artifact.
    const cleared = { method: 're-encrypt', reason: 'compromise', note: '' } as const
    const { keyId: now } = await row(artifact)
    const { jobIds } = await house.call('keys:rotate', { keyIds: [now], ...cleared })
    for (const jobId of jobIds) expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await row(artifact)).isTainted).toBe(false)
    const after = await house.call('retirement:impact', { artifactIds: [artifactId] })
    expect(after.keys.map(({ key }) => key.keyId)).toContain(keyId)
  })
})

describe('what is refused', () => {
  it('is left as it was, with its key: a swapped file', async () => {
    const one = await stored(house, house.input('one.bin', 'one'))
    const two = await stored(house, house.input('two.bin', 'two'))
    writeFileSync(one.location, readFileSync(two.location))
    const { failure } = await rewrap(one.keyId)
    expect(failure?.code).toBe('verify/swapped')
    expect(await stateOf(one.keyId)).toBe('active')
    expect(readFileSync(one.location).equals(readFileSync(two.location))).toBe(true)
    const { rows } = await house.call('keys:list', {
      query: 'one.bin',
      filter: 'all',
      sort: { by: 'name', descending: false },
      offset: 0,
      limit: 10,
    })
    expect(rows).toHaveLength(1)
  })

  it('is what another program wrote meanwhile: it is not overwritten', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const foreign = Buffer.from('something of somebody else that is long enough to hold a header '.repeat(10))
    house.onStep = (step, when) => {
      if (step === 'switching' && when === 'after') writeFileSync(artifact.location, foreign)
    }
    const { job, failure } = await rewrap(artifact.keyId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'store/precondition-failed'])
    expect(readFileSync(artifact.location).equals(foreign)).toBe(true)
    expect(await stateOf(artifact.keyId)).toBe('active')
  })
})

describe('a rewrap that was stopped', () => {
  it('is taken back while nothing was switched: the new key goes', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const bytes = readFileSync(artifact.location)
    house.onStep = (step, when) => {
      if (step === 'header' && when === 'after') throw new Error('stopped here')
    }
    const { job, jobId } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('failed')
    house.onStep = () => undefined
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(readFileSync(artifact.location).equals(bytes)).toBe(true)
    expect(await stateOf(artifact.keyId)).toBe('active')
    const keys = [...house.keychain.items.values()].filter((item) => item.startsWith('AGE-SECRET-KEY-'))
    expect(keys).toHaveLength(1)
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    await expectSound(house)
  })

  it('can only be finished once an object was switched', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    house.onStep = (step, when) => {
      if (step === 'switched' && when === 'after') throw new Error('stopped here')
    }
    const { job, jobId } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('failed')
    house.onStep = () => undefined
    await house.call('jobs:cancel', { jobIds: [jobId] })
    const cancelled = await settled(house, jobId)
    expect([cancelled.job?.state, cancelled.failure?.code]).toEqual(['failed', 'rotation/begun'])
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect(await stateOf(artifact.keyId)).toBe('deactivated')
    await expectSound(house)
  })

  it('keeps the new key while its file was renamed, moved away or is not to be found', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    house.onStep = (step, when) => {
      if (step === 'switched' && when === 'before') throw new Error('stopped here')
    }
    const { job, jobId } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('failed')
    house.onStep = () => undefined
    const keys = () =>
      [...house.keychain.items.values()].filter((item) => item.startsWith('AGE-SECRET-KEY-')).length
    for (const there of [join(house.storeFolder, 'renamed.age'), house.at('moved.age')]) {
      renameSync(artifact.location, there)
      await house.call('jobs:cancel', { jobIds: [jobId] })
      const { failure } = await settled(house, jobId)
      expect(failure?.code).toBe('rotation/begun')
      expect(keys()).toBe(2)
      renameSync(there, artifact.location)
    }
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    await expectSound(house)
  })

  it('is given up by name once its file is gone, and not while its store is out of reach', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const other = await stored(house, house.input('other.bin', 'other weights'))
    house.onStep = (step, when) => {
      if (step === 'switched' && when === 'before') throw new Error('stopped here')
    }
    const { jobId } = await rewrap(artifact.keyId)
    house.onStep = () => undefined
    const { artifactId, keyId, name } = artifact
    expect(await house.invoke('jobs:gone', { jobId })).toMatchObject({
      failure: { code: 'rotation/not-gone' },
    })

    renameSync(house.storeFolder, house.at('unplugged'))
    expect(await house.invoke('jobs:gone', { jobId })).toMatchObject({
      failure: { code: 'store/unreachable' },
    })
    renameSync(house.at('unplugged'), house.storeFolder)

    const kept = house.at('kept.age')
    renameSync(artifact.location, kept)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).failure?.code).toBe('rotation/object-gone')
    const { objects } = await house.call('jobs:gone', { jobId })
    const asked = { jobId, objects }
    const giveUp = (confirmName: string) => house.invoke('jobs:give-up', { ...asked, confirmName })
    expect(await giveUp(other.name)).toMatchObject({ failure: { code: 'confirm/name-mismatch' } })
    const elsewhere = objects.map((each) => ({ ...each, objectName: 'other.bin.age' }))
    expect(
      await house.invoke('jobs:give-up', { jobId, confirmName: name, objects: elsewhere }),
    ).toMatchObject({ failure: { code: 'rotation/object-gone' } })
    expect(await giveUp(name)).toMatchObject({ ok: true })
    const { job } = await settled(house, jobId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Given up: nothing was rotated' })
    expect(job?.report.join('\n')).toMatch(/model\.bin\.age: gone from its store, and given up by/)
    expect(await stateOf(keyId)).toBe('active')
    const { keys } = await house.call('artifacts:show', { artifactId })
    expect(keys.map(({ state }) => state)).toEqual(['deactivated', 'active'])
    const { rows } = await house.call('audit:list', everything)
    expect(rows.filter(({ event }) => event === 'rotation-given-up')).toHaveLength(1)

    // What turns up again opens, and a retirement is no longer held up.
    renameSync(kept, artifact.location)
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
    renameSync(artifact.location, kept)
    const retire = { artifactIds: [artifactId], confirmName: name, inDays: null, deleteCiphertext: false }
    const { jobIds } = await house.call('retirement:start', retire)
    expect((await settled(house, jobIds[0] ?? jobId)).job?.state).toBe('done')
    expect(await Promise.all(keys.map((key) => stateOf(key.keyId)))).toEqual(['destroyed', 'destroyed'])
    await expectSound(house)
  })

  it('leaves out a version whose file is gone, and ends with the others', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const second = await stored(house, house.input('model.bin', 'a second version'))
    rmSync(artifact.location)
    const { job } = await rewrap(artifact.keyId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Rewrapped and verified' })
    expect(job?.report.join('\n')).toMatch(/Version 1, model\.bin\.age: not there, and left out/)
    expect(await stateOf(artifact.keyId)).toBe('deactivated')
    expect((await decrypt(house, second, house.at('out'), { version: 2 })).job?.state).toBe('done')
  })

  it('writes a head whole that a power cut left half written', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    const old = readFileSync(artifact.location)
    house.onStep = (step, when) => {
      if (step === 'switched' && when === 'before') throw new Error('stopped here')
    }
    const { jobId } = await rewrap(artifact.keyId)
    const torn = readFileSync(artifact.location)
    old.copy(torn, 100, 100, headerBytes)
    writeFileSync(artifact.location, torn)
    house.onStep = () => undefined
    await house.reopen()
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await decrypt(house, artifact, house.at('out'))).job?.state).toBe('done')
  })
})
