/** What is dropped may be anything: missing, unreadable, a link to nowhere, a socket, a name made to deceive. */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decrypt, encrypt, openHouse, stored, type House } from '../../scripts/test/faults/house.ts'
import { digestOf, expectFailure, expectSound } from '../../scripts/test/faults/soundness.ts'
import { WeightlockError } from '../../shared/failure.ts'
import { sourceFiles } from './source/source-files.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
afterEach(async () => {
  Object.assign(house.sources, sourceFiles)
  await expectSound(house)
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
    expectFailure(await encrypt(house, house.at('missing.bin')), 'file/not-found', {
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
    expectFailure(ended, 'file/not-found')
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
    expectFailure(await encrypt(house, path), 'file/permission-denied', { path })
    expect(await refusalOf(path)).toMatchObject({ code: 'file/permission-denied' })
    house.sources.list = async () => {
      throw new WeightlockError({ code: 'file/permission-denied', path: folder })
    }
    expectFailure(await encrypt(house, folder), 'file/permission-denied', { path: folder })
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
    expectFailure(await encrypt(house, path), 'file/io', { errno: 'EIO' })
    expect(objects()).not.toContain('broken.bin.age')
  })
})

describe('links', () => {
  it('that lead nowhere or in a circle are named, alone and in a folder', async () => {
    const folder = house.at('links')
    mkdirSync(folder)
    const [dangling, loop] = [join(folder, 'dangling'), join(folder, 'loop')]
    symlinkSync('nothing-here', dangling)
    expectFailure(await encrypt(house, dangling), 'file/link-dangling', { path: dangling })
    expectFailure(await encrypt(house, folder), 'file/link-dangling', { path: dangling })
    expect(await refusalOf(folder)).toMatchObject({ code: 'file/link-dangling' })
    rmSync(dangling)
    symlinkSync('loop-b', loop)
    symlinkSync('loop', join(folder, 'loop-b'))
    expectFailure(await encrypt(house, loop), 'file/link-loop', { path: loop })
    expectFailure(await encrypt(house, folder), 'file/link-loop', { path: loop })
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
    expectFailure(await encrypt(house, folder), 'file/link-leaves-folder', { target: '/etc' })
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
    expectFailure(await encrypt(house, socket), 'file/is-special', { path: socket, kind: 'socket' })
    expectFailure(await encrypt(house, folder), 'file/is-special', { path: socket })
    expect(await refusalOf(socket)).toMatchObject({ code: 'file/is-special' })
    const shown = await house.invoke('age-file:show', { source: { path: socket } })
    expect(shown).toMatchObject({ ok: false, failure: { code: 'file/is-special' } })
    expectFailure(await encrypt(house, '/dev/zero'), 'file/is-special', { kind: 'device' })
  })

  it.skipIf(process.platform === 'win32')('does not make it wait for ever', async () => {
    const fifo = house.at('fifo')
    execFileSync('mkfifo', [fifo])
    expectFailure(await encrypt(house, fifo), 'file/is-special', { kind: 'fifo' })
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

describe('names', () => {
  const names = [
    'with spaces and\ttab.bin',
    `quotes ' " \` $(id) ; & .bin`,
    'new\nline.bin',
    '🦙 llama 🇩🇪.bin',
    'exe.nib\u202e.bin',
    '-rf.bin',
    '~.bin',
    'back\\slash.bin',
    `${'n'.repeat(251)}.bin`,
    `${'ä'.repeat(125)}.pkl`,
    '.hidden',
    '%2e%2e%2f.bin',
    'CON.bin',
  ]
  it.each(names.map((name) => [JSON.stringify(name).slice(0, 40), name]))('%s', async (_, name) => {
    const path = house.input(name, randomBytes(2000))
    const before = digestOf(path)
    const artifact = await stored(house, path)
    expect(artifact.name).toBe(name)
    expect(existsSync(artifact.location)).toBe(true)
    expect(Buffer.byteLength(artifact.location.split('/').at(-1) ?? '')).toBeLessThanOrEqual(255)
    mkdirSync(house.at('names-out'), { recursive: true })
    const { job } = await decrypt(house, artifact, house.at('names-out'))
    expect(job?.state).toBe('done')
    expect(digestOf(join(house.at('names-out'), name))).toBe(before)
    expect(digestOf(path)).toBe(before)
  })

  it('all in one folder, bytes that are no text among them', async () => {
    const folder = house.at('all names')
    for (const name of names) house.input(join('all names', name), name)
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe, 0x2e])])
    const artifact = await stored(house, folder)
    const { job } = await decrypt(house, artifact, house.at('all names out'), { unpack: true })
    expect(job?.state).toBe('done')
    for (const name of names) expect(readFileSync(join(house.at('all names out'), name), 'utf8')).toBe(name)
    if (process.platform !== 'linux') return
    writeFileSync(raw, 'not UTF-8')
    const withRaw = await stored(house, folder, { separate: true })
    expectFailure(
      await decrypt(house, withRaw, house.at('raw out'), { unpack: true }),
      'archive/hostile-entry',
    )
    expect(existsSync(house.at('raw out'))).toBe(false)
    const { job: tar } = await decrypt(house, withRaw, house.at('raw.tar'))
    expect(tar?.state).toBe('done')
    const listed = execFileSync('tar', ['-tf', house.at('raw.tar'), '--quoting-style=literal'], {
      encoding: 'buffer',
    })
    expect(listed.includes(raw.subarray(raw.lastIndexOf(0x2f)))).toBe(true)
  })

  it('made up by a caller never leave the store', async () => {
    const path = house.input('plain.bin', randomBytes(100))
    const before = objects()
    for (const name of ['../out.bin', '/etc/passwd', 'a/../../b', 'a//b', './a', 'a\0b', '\ud800'])
      expectFailure(await encrypt(house, path, { name }), 'artifact/name-invalid')
    expect(objects()).toEqual(before)
  })
})
