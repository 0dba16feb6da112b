/** Retiring artifacts through the whole app: what goes, what is refused, and what the certificate may say. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decrypt, encrypt, type House, openHouse, settled, stored } from '../../scripts/test/faults/house.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { Certificate } from '../../shared/domain/certificate.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { parseHeader } from '../age/header.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { keyHeader } from '../age/rewrap.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const item = (keyId: KeyId) => `Weightlock/${keyId}`
const state = async (keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state
const request = (artifactIds: ArtifactId[], more: { inDays?: number; deleteCiphertext?: boolean } = {}) => ({
  artifactIds,
  confirmName: artifactIds.length === 1 ? 'model.bin' : `${artifactIds.length} artifacts`,
  inDays: more.inDays ?? null,
  deleteCiphertext: more.deleteCiphertext ?? false,
})

async function begin({ artifactId }: ArtifactRow, deleteCiphertext = false): Promise<JobId> {
  const { jobIds } = await house.call('retirement:start', request([artifactId], { deleteCiphertext }))
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error('no job')
  return jobId
}
async function retired(artifact: ArtifactRow, deleteCiphertext = false): Promise<JobView> {
  const { job } = await settled(house, await begin(artifact, deleteCiphertext))
  if (job === null) throw new Error('no job')
  return job
}
const certificateOf = ({ jobId }: JobView): Promise<Certificate> =>
  house.call('certificates:show', { certificateId: jobId })

/** Two versions, the first of them also under an older key. */
async function twoKeys(): Promise<{ artifact: ArtifactRow; keys: [KeyId, KeyId] }> {
  const first = await stored(house, house.input('model.bin', 'first'))
  await house.call('keys:suspend', { keyId: first.keyId, reason: 'a test' })
  const artifact = await stored(house, house.input('model.bin', 'second'))
  return { artifact, keys: [first.keyId, artifact.keyId] }
}

describe('a retirement', () => {
  it('destroys every key, tries every version, and certifies what that showed', async () => {
    const { artifact, keys } = await twoKeys()
    const impact = await house.call('retirement:impact', { artifactIds: [artifact.artifactId] })
    expect(impact).toMatchObject({ confirmName: 'model.bin', shared: [] })
    expect(impact.keys.map(({ key }) => key.keyId)).toEqual([...keys].toReversed())
    expect(impact.stores).toMatchObject([{ objects: 2, objectVersions: 0 }])

    const job = await retired(artifact)
    expect(job).toMatchObject({
      state: 'done',
      outcome: '2 keys destroyed and read back; certificate made',
    })
    for (const keyId of keys) {
      expect(await state(keyId)).toBe('destroyed')
      expect(house.keychain.items.has(item(keyId))).toBe(false)
    }
    const { artifact: after, versions } = await house.call('artifacts:show', {
      artifactId: artifact.artifactId,
    })
    expect(after.status).toBe('erased')
    expect(existsSync(artifact.location)).toBe(true)
    expect((await decrypt(house, artifact, house.at('out'))).failure?.code).toBe('key/destroyed')

    const { statement } = await certificateOf(job)
    expect(statement.claim).toContain(
      'all 2 keys that are known to have wrapped a payload of model.bin were gone',
    )
    expect(statement.claim).toContain('with everything left here then failed')
    expect(statement.checked.map(({ place, done, readBack }) => [place, done, readBack])).toEqual([
      ['Keychain, key 1', 'Deleted', 'Empty; keychain readable'],
      ['Keychain, key 2', 'Deleted', 'Empty; keychain readable'],
      ['Version 1', 'Looked for a key that opens it: none is left', 'Does not open'],
      ['Version 2', 'Looked for a key that opens it: none is left', 'Does not open'],
    ])
    expect(statement.notProved.map(({ what }) => what)).toEqual([
      'Backups, roaming profiles',
      'The original model',
    ])
    expect(statement.versions.map(({ digest }) => digest?.hex)).toEqual(
      versions.map(({ rootDigest }) => rootDigest).toReversed(),
    )
    const events = await house.call('audit:list', {
      query: '',
      category: 'all',
      since: null,
      offset: 0,
      limit: 50,
    })
    const sha256 = events.rows.find(({ event }) => event === 'artifact-retired')?.facts['sha256']
    const saved = house.at('model.erase.json')
    await house.call('certificates:save', { certificateId: job.jobId, target: { path: saved } })
    expect(createHash('sha256').update(readFileSync(saved)).digest('hex')).toBe(sha256)
    expect(await house.call('audit:verify', {})).toMatchObject({ intact: true })
  })

  it('ends in files that openssl verifies, and a changed byte does not', async () => {
    const job = await retired(await stored(house, house.input('model.bin', 'first')))
    const saved = house.at('model.erase.json')
    await house.call('certificates:save', { certificateId: job.jobId, target: { path: saved } })
    const openssl = () =>
      execFileSync(
        'openssl',
        ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', house.at('model.erase.pub.pem')].concat([
          '-in',
          saved,
          '-sigfile',
          house.at('model.erase.sig'),
        ]),
        { encoding: 'utf8', stdio: 'pipe' },
      )
    expect(openssl()).toContain('Signature Verified Successfully')
    expect(await house.call('certificates:verify', { source: { path: saved } })).toMatchObject({
      signedBy: 'this-installation',
      statement: { artifact: { name: 'model.bin' } },
    })
    const bytes = readFileSync(saved)
    for (const at of [1, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(saved, changed)
      expect(openssl).toThrow('Command failed')
      expect(await house.invoke('certificates:verify', { source: { path: saved } })).toEqual({
        ok: false,
        failure: { code: 'certificate/altered', path: 'model.erase.json' },
      })
    }
  })

  it('names an exported copy, and a key that was missing, as not proved', async () => {
    const { artifact, keys } = await twoKeys()
    const target = { path: house.at('key.txt') }
    await house.call('keys:export', { keyId: keys[1], target, understood: true })
    house.keychain.items.delete(item(keys[0]))
    const job = await retired(artifact)
    expect(job.outcome).toBe('2 keys destroyed here, 1 copy elsewhere; certificate made')
    const { statement } = await certificateOf(job)
    expect(statement.checked[0]).toMatchObject({ place: 'Keychain, key 1', done: 'Nothing: found missing' })
    expect(statement.notProved).toContainEqual(
      expect.objectContaining({ detail: target.path, why: 'Holds key 2. Out of reach.' }),
    )
    expect(statement.notProved).toContainEqual(expect.objectContaining({ what: 'Secret of key 1' }))
  })

  it('does not say that it tried what it could not read', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    rmSync(artifact.location)
    const { statement } = await certificateOf(await retired(artifact))
    expect(statement.claim).toContain('Opening the artifact could not be tried.')
    expect(statement.checked.map(({ place }) => place)).toEqual(['Keychain, key 1'])
    expect(statement.notProved[0]).toMatchObject({
      what: 'Opening of version 1',
      why: 'Could not be tried: It is not in its store.',
    })
  })

  it('deletes the ciphertext where that was asked, and says so', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const job = await retired(artifact, true)
    expect(existsSync(artifact.location)).toBe(false)
    const { statement } = await certificateOf(job)
    expect(statement.versions[0]?.objects).toMatchObject([{ outcome: 'deleted' }])
    expect(statement.checked.at(-1)).toMatchObject({ done: 'Deleted', readBack: 'Not found' })
    expect(statement.claim).toContain('with everything left here then failed')
  })

  it('names ciphertext that another program put in the place of ours, and leaves it', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    writeFileSync(artifact.location, 'somebody else’s')
    const { statement } = await certificateOf(await retired(artifact, true))
    expect(readFileSync(artifact.location, 'utf8')).toBe('somebody else’s')
    expect(statement.versions[0]?.objects).toMatchObject([{ outcome: 'not-deleted' }])
    expect(statement.notProved.map(({ what }) => what)).toContain('Deletion of version 1')
  })

  it('reads a key again that was destroyed before', async () => {
    const { artifact, keys } = await twoKeys()
    const secret = house.keychain.items.get(item(keys[0])) ?? ''
    const { jobId } = await house.call('keys:destroy', { keyId: keys[0], confirmName: 'model.bin' })
    await settled(house, jobId)
    house.keychain.items.set(item(keys[0]), secret)
    const { statement } = await certificateOf(await retired(artifact))
    expect(statement.checked[0]?.done).toContain('its item had come back, deleted again')
    expect(house.keychain.items.has(item(keys[0]))).toBe(false)
  })

  it('leaves out no inner name, in the catalog or in its journals', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    await retired(artifact)
    const { summary } = await house.call('artifacts:show', { artifactId: artifact.artifactId })
    expect(summary).toBeNull()
  })
})

describe('a retirement is refused', () => {
  it('without the name, and for what was made since', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const wrong = { ...request([artifact.artifactId]), confirmName: 'model' }
    expect(await house.invoke('retirement:start', wrong)).toMatchObject({
      failure: { code: 'confirm/name-mismatch', expected: 'model.bin' },
    })
    house.onStep = async (step, when) => {
      if (step !== 'begin' || when !== 'before') return
      house.onStep = () => undefined
      await encrypt(house, house.input('model.bin', 'second'))
    }
    const { failure } = await settled(house, await begin(artifact))
    expect(failure).toMatchObject({ code: 'retirement/more-than-confirmed', versions: 1, keys: 0 })
    expect(await state(artifact.keyId)).toBe('active')
  })

  it('where a key opens another artifact too', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const other = await stored(house, house.input('other.bin', 'other'))
    const file = readFileSync(other.location)
    const header = parseHeader(file)
    const held = (keyId: KeyId) => parseIdentity(house.keychain.items.get(item(keyId)) ?? '')
    const fileKey = await openHeader(header, [held(other.keyId)])
    const { artifactId, keyId } = artifact
    const wrapped = await keyHeader(held(keyId).recipient(), fileKey, { keyId, artifactId: other.artifactId })
    writeFileSync(other.location, Buffer.concat([wrapped, file.subarray(header.bytes.length)]))
    await decrypt(house, other, house.at('out'))
    const { shared } = await house.call('retirement:impact', { artifactIds: [artifactId] })
    const refused = await house.invoke('retirement:start', request([artifactId]))
    expect([shared, refused.ok ? null : refused.failure.code]).toMatchObject([
      [{ name: 'other.bin', staysOpen: false }],
      'retirement/key-shared',
    ])
    expect(await state(keyId)).toBe('active')

    // Together they go in one run, whichever comes first: one destroys the key, the other reads it back.
    const both = [other.artifactId, artifactId]
    const { jobIds } = await house.call('retirement:start', request(both))
    for (const jobId of jobIds) {
      const { job } = await settled(house, jobId)
      expect([job?.state, job?.failure]).toEqual(['done', null])
      if (job !== null) expect(JSON.stringify((await certificateOf(job)).statement)).toContain(keyId)
    }
    expect([jobIds.length, await state(keyId), await state(other.keyId)]).toEqual([
      2,
      'destroyed',
      'destroyed',
    ])
  })
})

describe('a retirement that stops in the middle', () => {
  it('finishes by its retry; neither cancel nor dismiss take it back', async () => {
    const { artifact, keys } = await twoKeys()
    house.keychain.keepDeleted(true)
    const jobId = await begin(artifact)
    expect((await settled(house, jobId)).failure?.code).toBe('keychain/delete-not-confirmed')
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).failure?.code).toBe('key/being-destroyed')
    house.keychain.keepDeleted(false)
    expect(await begin(artifact)).toBe(jobId)
    const { job } = await settled(house, jobId)
    expect(job).toMatchObject({ state: 'done', outcome: '2 keys destroyed and read back; certificate made' })
    expect(await state(keys[0])).toBe('destroyed')
  })

  it('goes on after a crash, with what the journal says, whichever step it was', async () => {
    for (const when of ['before', 'after'] as const)
      for (const step of [
        'retiring',
        'destroying',
        'destroyed',
        'tried',
        'deleting',
        'removed',
        'erased',
        'end',
      ]) {
        const artifact = await stored(house, house.input('model.bin', `${when} ${step}`), { separate: true })
        house.onStep = (at, now) => {
          if (at === step && now === when) throw new Error('stopped here')
        }
        const jobId = await begin(artifact, true)
        await settled(house, jobId)
        house.onStep = () => undefined
        const before = await house.call('jobs:wait', { jobIds: [jobId] })
        if (before.jobs[0]?.state !== 'done') await house.call('jobs:resume', { jobIds: [jobId] })
        const { job } = await settled(house, jobId)
        expect({ when, step, state: job?.state }).toMatchObject({ state: 'done' })
        expect(house.keychain.items.has(item(artifact.keyId))).toBe(false)
        const { statement } = await house.call('certificates:show', { certificateId: jobId })
        expect(statement.checked.map(({ done }) => done)).toContain('Deleted')
        expect(existsSync(artifact.location)).toBe(false)
      }
  })

  it('says of no ciphertext that it was deleted where it was not there', async () => {
    const artifact = await stored(house, house.input('model.bin', 'weights'))
    rmSync(artifact.location)
    house.onStep = (step, when) => {
      if (step === 'removed' && when === 'after') throw new Error('stopped here')
    }
    const jobId = await begin(artifact, true)
    await settled(house, jobId)
    house.onStep = () => undefined
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    const { statement } = await house.call('certificates:show', { certificateId: jobId })
    expect(statement.versions[0]?.objects).toMatchObject([{ outcome: 'absent' }])
    expect(statement.checked.filter(({ place }) => place.startsWith('Ciphertext'))).toEqual([])
  })

  it('makes no certificate while something else still opens it', async () => {
    const artifact = await stored(house, house.input('model.bin', 'first'))
    const { keyId, artifactId } = artifact
    const colleague = generateIdentity('X25519')
    const { imported } = await house.call('keys:import', {
      source: { path: house.input('colleague.txt', identityText(colleague)) },
      passphrase: null,
      reverseDestroyed: null,
    })
    const other = imported[0]?.keyId
    if (other === undefined) throw new Error('not imported')
    const file = readFileSync(artifact.location)
    const header = parseHeader(file)
    const own = parseIdentity(house.keychain.items.get(item(keyId)) ?? '')
    const wrapped = await keyHeader(colleague.recipient(), await openHeader(header, [own]), {
      keyId: other,
      artifactId,
    })
    let isSwapped = false
    house.onStep = (step, when) => {
      if (step !== 'destroyed' || when !== 'before' || isSwapped) return
      isSwapped = true
      writeFileSync(artifact.location, Buffer.concat([wrapped, file.subarray(header.bytes.length)]))
    }
    const job = await retired(artifact)
    expect(job.failure?.code).toBe('retirement/still-opens')
    expect((await house.call('certificates:list', { artifactId, offset: 0, limit: 10 })).total).toBe(0)
  })
})
