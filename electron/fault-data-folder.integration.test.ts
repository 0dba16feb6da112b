/** The program's own data: a catalog that is damaged or newer, a folder that is owned already, a disk that is full. */
import { randomBytes } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { ArtifactRow } from '../shared/domain/artifact.ts'
import { failureOf, type Failure } from '../shared/failure.ts'
import type { JobId } from '../shared/ids.ts'
import { decrypt, encrypt, openHouse, settled, stored, type House } from '../scripts/test/faults/house.ts'
import { hasSmallDisks, smallDisk } from '../scripts/test/faults/small-disk.ts'
import { expectSound, failureIn } from '../scripts/test/faults/soundness.ts'
import { temporaryFolder } from './storage/testing/temporary-folder.ts'

const bytes = randomBytes(300_000)

/** Why the app does not open. */
async function refused(opening: Promise<void>): Promise<Failure | null> {
  try {
    await opening
    return null
  } catch (error) {
    return failureIn({ job: null, failure: failureOf(error) })
  }
}

describe('a catalog', () => {
  let house: House
  let model: ArtifactRow
  let catalogPath: string
  let catalog: Buffer
  beforeAll(async () => {
    house = await openHouse()
    model = await stored(house, house.input('model.bin', bytes))
    await stored(house, house.input('other.bin', 'other'))
    await house.close()
    catalogPath = join(house.dataFolder, 'catalog.sqlite')
    catalog = readFileSync(catalogPath)
  })
  afterEach(async () => {
    await house.close()
    for (const name of readdirSync(house.dataFolder).filter((each) => each.startsWith('catalog.')))
      rmSync(join(house.dataFolder, name))
    writeFileSync(catalogPath, catalog)
    rmSync(house.at('out'), { force: true })
  })
  afterAll(() => house.stop())
  const objects = () =>
    readdirSync(house.storeFolder).map((name) => [name, readFileSync(join(house.storeFolder, name), 'hex')])

  it.each([
    ['with zeroes in its middle', (file: Buffer) => file.fill(0, 4096, 3 * 4096)],
    ['cut in half', (file: Buffer) => file.subarray(0, file.length / 2)],
    ['overwritten by something else', () => randomBytes(50_000)],
  ])('%s is refused and left as it is; a rebuild restores what opens', async (_, damage) => {
    const before = objects()
    const keys = new Map(house.keychain.items)
    const damaged = damage(Buffer.from(catalog))
    writeFileSync(catalogPath, damaged)
    expect(await refused(house.reopen())).toMatchObject({ code: 'catalog/damaged' })
    expect(readFileSync(catalogPath).equals(damaged)).toBe(true)

    await house.reopen({ setDamagedAside: true })
    const aside = readdirSync(house.dataFolder).filter((name) => /^catalog\.set-aside-.*\.sqlite$/.test(name))
    expect(aside.length).toBe(1)
    expect(readFileSync(join(house.dataFolder, aside[0] ?? '')).equals(damaged)).toBe(true)
    writeFileSync(join(house.storeFolder, 'stranger.age'), 'age-encryption.org/v1\nnonsense')
    const { jobId } = await house.call('catalog:rebuild', { becomeOwner: true })
    const { job } = await settled(house, jobId)
    expect(job).toMatchObject({ state: 'done', outcome: '2 restored, 1 not' })
    expect(job?.report).toEqual(['stranger.age: The age header is damaged'])
    rmSync(join(house.storeFolder, 'stranger.age'))

    const { artifact, versions } = await house.call('artifacts:show', { artifactId: model.artifactId })
    expect(artifact).toMatchObject({ name: 'model.bin', keyId: model.keyId, keyState: 'suspended' })
    expect(versions[0]?.status).toBe('unpinned')
    const ended = await decrypt(house, model, house.at('out'))
    expect(ended.job).toMatchObject({ state: 'done', outcome: 'Decrypted; trusted on first use' })
    expect(readFileSync(house.at('out')).equals(bytes)).toBe(true)
    expect(objects()).toEqual(before)
    for (const [item, secret] of keys) expect(house.keychain.items.get(item)).toBe(secret)
    await expectSound(house)
  })

  it('of a newer program is refused and left as it is, also where a damaged one would be put aside', async () => {
    const db = new DatabaseSync(catalogPath)
    db.exec('PRAGMA user_version = 999')
    db.close()
    const newer = readFileSync(catalogPath)
    for (const options of [{}, { setDamagedAside: true }])
      expect(await refused(house.reopen(options))).toMatchObject({ code: 'catalog/newer', found: 999 })
    expect(readFileSync(catalogPath).equals(newer)).toBe(true)
  })

  it('that was put back from a backup opens what came later again, and the audit log says what it lost', async () => {
    const backup = join(house.folder, 'catalog.backup')
    copyFileSync(catalogPath, backup)
    await house.reopen()
    const later = await stored(house, house.input('later.bin', 'later'))
    await house.close()
    copyFileSync(backup, catalogPath)
    await house.reopen()
    const { jobId } = await house.call('catalog:rebuild', { becomeOwner: true })
    expect((await settled(house, jobId)).job?.outcome).toBe('1 restored, 0 not')
    expect((await decrypt(house, later, house.at('later'))).job?.state).toBe('done')
    expect(await house.call('audit:verify', {})).toMatchObject({ intact: false })
  })
})

describe('a data folder that finds itself on another machine, in the middle of a destruction', () => {
  let house: House
  let model: ArtifactRow
  let jobId: JobId
  let deletes: number
  beforeEach(async () => {
    house = await openHouse()
    model = await stored(house, house.input('model.bin', bytes))
    house.onStep = (step, when) => {
      if (step === 'destroying' && when === 'after') throw new Error('stopped here')
    }
    jobId = (await house.call('keys:destroy', { keyId: model.keyId, confirmName: 'model.bin' })).jobId
    await settled(house, jobId)
    house.onStep = () => undefined
    deletes = house.keychain.counts.delete
    await house.close()
    const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
    db.prepare(`UPDATE jobs SET state = 'running' WHERE job_id = ?`).run(jobId)
    db.exec(`UPDATE installation SET machine_id = 'of another machine'`)
    db.close()
    await house.reopen()
  })
  afterEach(() => house.stop())

  const expectKept = () => {
    expect(house.keychain.items.get(`Weightlock/${model.keyId}`)).toMatch(/^AGE-SECRET-KEY-1/)
    expect(house.keychain.counts.delete).toBe(deletes)
  }
  const destroy = () => house.invoke('keys:destroy', { keyId: model.keyId, confirmName: 'model.bin' })

  it('destroys nothing before it was said which it is, whatever is asked', async () => {
    expect((await house.call('program:status', {})).dataFolderIs).toBe('unknown-machine')
    const waits = { ok: false, failure: { code: 'owner/copied-folder' } }
    expect(await destroy()).toEqual(waits)
    expect(await house.invoke('jobs:resume', { jobIds: null })).toEqual(waits)
    for (const channel of ['jobs:cancel', 'jobs:dismiss'] as const)
      expect(await house.invoke(channel, { jobIds: [jobId] })).toEqual(waits)
    expectKept()
  })

  it('and was moved: it stands still until the name is typed again', async () => {
    await house.call('program:claim-data-folder', { as: 'moved' })
    const { job, failure } = await settled(house, jobId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'job/stopped'])
    expectKept()
    await house.reopen()
    expect((await settled(house, jobId)).job?.state).toBe('failed')
    expectKept()
    expect(await destroy()).toEqual({ ok: true, value: { jobId } })
    expect((await settled(house, jobId)).job?.outcome).toBe('Destroyed and read back')
    expect(house.keychain.items.has(`Weightlock/${model.keyId}`)).toBe(false)
  })

  it('and was copied: it is left to the original, and what is here still opens', async () => {
    await house.call('program:claim-data-folder', { as: 'copied' })
    expect((await house.call('jobs:snapshot', {})).jobs).toEqual([])
    const { jobs } = await house.call('jobs:history', { offset: 0, limit: 10 })
    expect(jobs.find((each) => each.jobId === jobId)).toMatchObject({
      state: 'cancelled',
      outcome: 'Left to the original of this data folder',
    })
    expectKept()
    const copy = async () => (await house.call('keys:show', { keyId: model.keyId })).copies[0]?.state
    expect(await copy()).toBe('not-here')
    expect((await decrypt(house, model, house.at('out'))).job?.state).toBe('done')
    expect(await copy()).toBe('present')
  })

  it('and was copied to another keychain: its keys are not here, and not lost', async () => {
    house.keychain.items.delete(`Weightlock/${model.keyId}`)
    const facts = async () => {
      const { key, copies } = await house.call('keys:show', { keyId: model.keyId })
      return [key.isMissing, copies[0]?.state]
    }
    // Before it was said whose it is, this keychain says nothing of them.
    expect((await decrypt(house, model, house.at('out'))).failure?.code).toBe('key/missing-from-keychain')
    expect(await facts()).toEqual([false, 'present'])
    await house.call('program:claim-data-folder', { as: 'copied' })
    expect((await decrypt(house, model, house.at('out'))).failure?.code).toBe('key/missing-from-keychain')
    expect(await facts()).toEqual([false, 'not-here'])
  })
})

describe('a data folder', () => {
  it('that is owned is refused to a second program, which changes nothing', async () => {
    const house = await openHouse()
    onTestFinished(() => house.stop())
    await stored(house, house.input('model.bin', bytes))
    const before = readdirSync(house.dataFolder)
    const second = openHouse({ dataFolder: house.dataFolder }).then(() => undefined)
    expect(await refused(second)).toEqual({ code: 'owner/locked' })
    expect(readdirSync(house.dataFolder)).toEqual(before)
    await stored(house, house.input('another.bin', bytes))
    await expectSound(house)
  })

  it.skipIf(!hasSmallDisks())('on a full disk fails jobs and ends none of them for good', async () => {
    const place = temporaryFolder()
    const disk = smallDisk(place, 8 * 2 ** 20)
    onTestFinished(() => disk.remove())
    const house = await openHouse({ dataFolder: join(disk.path, 'data') })
    onTestFinished(() => house.stop())
    house.input('store/keep', '')
    const { storeId } = await house.call('stores:add', {
      name: 'elsewhere',
      kind: 'local-folder',
      settings: {},
      paths: { path: { path: house.at('store') } },
      secrets: {},
    })
    for (const step of ['key-planned', 'header', 'verified']) {
      house.onStep = (at, when) => {
        if (at === step && when === 'before') disk.fill()
      }
      const ended = await encrypt(house, house.input(`${step}.bin`, bytes), { storeId })
      house.onStep = () => undefined
      expect({ step, failure: failureIn(ended) }).toMatchObject({ step, failure: { code: 'file/disk-full' } })
      disk.free()
      await house.call('jobs:resume', { jobIds: ended.job === null ? [] : [ended.job.jobId] })
      const again = await settled(house, ended.job?.jobId ?? ('' as never))
      expect({ step, state: again.job?.state }).toEqual({ step, state: 'done' })
    }
    disk.fill()
    await house.close()
    const opening = await refused(house.reopen())
    expect(opening === null || opening.code === 'file/disk-full').toBe(true)
    disk.free()
    if (opening !== null) await house.reopen()
    await expectSound(house, disk.path)
  })
})
