/** What is dropped may be anything: missing, unreadable, a link to nowhere, a socket, a name made to deceive. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decrypt, encrypt, openHouse, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { WeightlockError } from '../../shared/failure.ts'
import { sourceFiles } from './source/source-files.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
afterEach(() => {
  Object.assign(house.sources, sourceFiles)
  return expectSound(house)
})

const objects = () => (existsSync(house.storeFolder) ? readdirSync(house.storeFolder) : [])

/** The sheet refuses it with the same failure, before anything is made. */
async function refusalOf(path: string) {
  const { proposals } = await house.call('encrypt:inspect', {
    sources: [{ path }],
    storeId: null,
    folder: '',
    groupShards: true,
  })
  return proposals[0]?.refusal ?? null
}

describe('a source that cannot be read', () => {
  it('because it is missing', async () => {
    const before = objects()
    expect(failureIn(await encrypt(house, house.at('missing.bin')))).toMatchObject({
      code: 'file/not-found',
      path: house.at('missing.bin'),
    })
    expect(await refusalOf(house.at('missing.bin'))).toMatchObject({ code: 'file/not-found' })
    expect(objects()).toEqual(before)
  })

  it('because it went away after the drop: retried when it is back', async () => {
    const path = house.input('away.bin', randomBytes(1000))
    house.sources.open = async (at) => {
      if (at.toString() === path) throw new WeightlockError({ code: 'file/not-found', path })
      return sourceFiles.open(at)
    }
    const ended = await encrypt(house, path)
    expect(failureIn(ended)).toMatchObject({ code: 'file/not-found' })
    Object.assign(house.sources, sourceFiles)
    const jobId = ended.job?.jobId
    if (jobId === undefined) throw new Error('no job')
    await house.call('jobs:resume', { jobIds: [jobId] })
    const { jobs } = await house.call('jobs:wait', { jobIds: [jobId] })
    expect(jobs[0]?.state).toBe('done')
  })

  it('because the system denies it, the file or a folder’s entry', async () => {
    const folder = house.at('denied')
    const path = house.input('denied/secret.bin', randomBytes(100))
    house.input('denied/other.bin', randomBytes(100))
    house.sources.open = async () => {
      throw new WeightlockError({ code: 'file/permission-denied', path })
    }
    expect(failureIn(await encrypt(house, path))).toMatchObject({ code: 'file/permission-denied', path })
    expect(await refusalOf(path)).toMatchObject({ code: 'file/permission-denied' })
    house.sources.list = async () => {
      throw new WeightlockError({ code: 'file/permission-denied', path: folder })
    }
    expect(failureIn(await encrypt(house, folder))).toMatchObject({
      code: 'file/permission-denied',
      path: folder,
    })
    expect(await refusalOf(folder)).toMatchObject({ code: 'file/permission-denied' })
  })

  it('because the disk fails while it is read', async () => {
    const path = house.input('broken.bin', randomBytes(5000))
    house.sources.open = async (at) => ({
      ...(await sourceFiles.open(at)),
      read: async () => {
        throw new WeightlockError({ code: 'file/io', path, errno: 'EIO' })
      },
    })
    expect(failureIn(await encrypt(house, path))).toMatchObject({ code: 'file/io', errno: 'EIO' })
    expect(objects()).not.toContain('broken.bin.age')
  })
})

describe('links', () => {
  it('that lead nowhere or in a circle are named, alone and in a folder', async () => {
    const folder = house.at('links')
    mkdirSync(folder)
    const [dangling, loop] = [join(folder, 'dangling'), join(folder, 'loop')]
    symlinkSync('nothing-here', dangling)
    expect(failureIn(await encrypt(house, dangling))).toMatchObject({
      code: 'file/link-dangling',
      path: dangling,
    })
    expect(failureIn(await encrypt(house, folder))).toMatchObject({
      code: 'file/link-dangling',
      path: dangling,
    })
    expect(await refusalOf(folder)).toMatchObject({ code: 'file/link-dangling' })
    rmSync(dangling)
    symlinkSync('loop-b', loop)
    symlinkSync('loop', join(folder, 'loop-b'))
    expect(failureIn(await encrypt(house, loop))).toMatchObject({ code: 'file/link-loop', path: loop })
    expect(failureIn(await encrypt(house, folder))).toMatchObject({ code: 'file/link-loop', path: loop })
    expect(await refusalOf(loop)).toMatchObject({ code: 'file/link-loop' })
    expect(readlinkSync(loop)).toBe('loop-b')
  })

  it('from a folder to itself or to its parent do not make it endless', async () => {
    const folder = house.at('circle')
    house.input('circle/inner/model.bin', randomBytes(3000))
    symlinkSync('..', join(folder, 'inner', 'up'))
    symlinkSync('.', join(folder, 'self'))
    const { proposals } = await house.call('encrypt:inspect', {
      sources: [{ path: folder }],
      storeId: null,
      folder: '',
      groupShards: true,
    })
    expect(proposals[0]?.links.leftOut.toSorted()).toEqual(['inner/up', 'self'])
    const artifact = await stored(house, folder)
    const { job } = await decrypt(house, artifact, house.at('circle-out'), { unpack: true })
    expect(job?.state).toBe('done')
    expect(readdirSync(house.at('circle-out'), { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
      'inner',
      'inner/model.bin',
    ])
  })

  it('to a folder outside are refused, and nothing outside is read', async () => {
    const folder = house.at('leaving')
    mkdirSync(folder)
    symlinkSync('/etc', join(folder, 'etc'))
    expect(failureIn(await encrypt(house, folder))).toMatchObject({
      code: 'file/link-leaves-folder',
      target: '/etc',
    })
    expect(await refusalOf(folder)).toMatchObject({ code: 'file/link-leaves-folder' })
  })
})

describe('what is neither file nor folder', () => {
  let server: Server
  afterAll(() => void server?.close())

  it('is refused, alone and in a folder', async () => {
    const folder = house.at('special')
    mkdirSync(folder)
    const socket = join(folder, 'socket')
    server = createServer().listen(socket)
    await once(server, 'listening')
    expect(failureIn(await encrypt(house, socket))).toMatchObject({
      code: 'file/is-special',
      path: socket,
      kind: 'socket',
    })
    expect(failureIn(await encrypt(house, folder))).toMatchObject({ code: 'file/is-special', path: socket })
    expect(await refusalOf(socket)).toMatchObject({ code: 'file/is-special' })
    const shown = await house.invoke('age-file:show', { source: { path: socket } })
    expect(shown).toMatchObject({ ok: false, failure: { code: 'file/is-special' } })
    expect(failureIn(await encrypt(house, '/dev/zero'))).toMatchObject({
      code: 'file/is-special',
      kind: 'device',
    })
  })

  it.skipIf(process.platform === 'win32')('does not make it wait for ever', async () => {
    const fifo = house.at('fifo')
    execFileSync('mkfifo', [fifo])
    expect(failureIn(await encrypt(house, fifo))).toMatchObject({ code: 'file/is-special', kind: 'fifo' })
    const shown = await house.invoke('age-file:show', { source: { path: fifo } })
    expect(shown).toMatchObject({ ok: false, failure: { code: 'file/is-special' } })
    const imported = await house.invoke('keys:import', {
      source: { path: fifo },
      passphrase: null,
      reverseDestroyed: null,
    })
    expect(imported).toMatchObject({ ok: false, failure: { code: 'file/is-special' } })
    const folder = await house.invoke('age-file:show', { source: { path: house.folder } })
    expect(folder).toMatchObject({ ok: false, failure: { code: 'file/is-special' } })
  })
})
