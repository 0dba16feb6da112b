/** Where plaintext is to go: taken, missing, read-only, full before or while it is written. Nothing is left there, and
 * nothing that was there is touched. */
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { decrypt, openHouse, stored, type House } from '../../scripts/test/faults/house.ts'
import { hasSmallDisks, smallDisk, type SmallDisk } from '../../scripts/test/faults/small-disk.ts'
import { expectNothingTold, expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { durableFiles } from '../storage/durable-files.ts'

const bytes = randomBytes(1_500_000)
let house: House
let model: ArtifactRow
let folder: ArtifactRow

beforeAll(async () => {
  house = await openHouse()
  model = await stored(house, house.input('model.bin', bytes))
  house.input('weights/a.bin', bytes.subarray(0, 700_000))
  house.input('weights/deep/b.bin', bytes.subarray(700_000))
  folder = await stored(house, house.at('weights'))
})
afterAll(() => house.stop())
afterEach(() => {
  Object.assign(house.files, durableFiles)
  return expectSound(house)
})

const unpacked = { unpack: true }

describe('a target', () => {
  it('that exists is not overwritten, whatever it is', async () => {
    const taken = house.at('taken')
    mkdirSync(taken)
    writeFileSync(join(taken, 'file'), 'mine')
    mkdirSync(join(taken, 'folder'))
    writeFileSync(join(taken, 'folder', 'model.bin'), 'mine too')
    symlinkSync('nowhere', join(taken, 'link'))
    for (const name of ['file', 'folder', 'link'])
      expect(failureIn(await decrypt(house, model, join(taken, name)))).toMatchObject({ code: 'file/exists' })
    for (const name of ['file', 'link'])
      expect(failureIn(await decrypt(house, folder, join(taken, name), unpacked))).toEqual({
        code: 'file/exists',
        path: join(taken, name),
      })
    expect(readFileSync(join(taken, 'file'), 'utf8')).toBe('mine')
    expect(readFileSync(join(taken, 'folder', 'model.bin'), 'utf8')).toBe('mine too')
    expect(lstatSync(join(taken, 'link')).isSymbolicLink()).toBe(true)
    expect(readdirSync(taken).length).toBe(3)
  })

  it('whose folder is missing, or is a file, is not made up', async () => {
    const inFile = join(house.input('plain.txt', 'x'), 'out')
    for (const path of [house.at('no', 'such', 'folder'), inFile])
      for (const [artifact, options] of [
        [model, {}],
        [folder, unpacked],
      ] as const) {
        const failure = failureIn(await decrypt(house, artifact, path, options))
        expect(failure).toMatchObject({ code: 'file/not-found' })
        expect(existsSync(path)).toBe(false)
      }
  })

  it('whose name no file system holds is refused', async () => {
    const path = house.at('n'.repeat(300))
    expect(failureIn(await decrypt(house, model, path))).toMatchObject({ code: 'artifact/name-invalid' })
    expect(failureIn(await decrypt(house, folder, path, unpacked))).toMatchObject({
      code: 'artifact/name-invalid',
    })
  })

  it('that somebody else takes meanwhile stays theirs', async () => {
    const path = house.at('contested')
    house.onStep = (step, when) => {
      if (step === 'complete-attempted' && when === 'after') writeFileSync(path, 'theirs')
    }
    expect(failureIn(await decrypt(house, model, path))).toEqual({ code: 'file/exists', path })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    rmSync(path)
    expect(failureIn(await decrypt(house, folder, path, unpacked))).toEqual({ code: 'file/exists', path })
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    house.onStep = () => undefined
    rmSync(path)
    expect((await decrypt(house, folder, path, unpacked)).job?.state).toBe('done')
    expect(statSync(path).mode & 0o777).toBe(0o700)
    rmSync(path, { recursive: true })
  })
})

describe.skipIf(!hasSmallDisks())('a target on a small disk', () => {
  let disk: SmallDisk
  beforeAll(() => {
    disk = smallDisk(house.at('small'), 2 * 2 ** 20)
  })
  afterAll(() => disk?.remove())
  afterEach(() => {
    disk.free()
    return expectSound(house, disk.path)
  })
  const left = () => readdirSync(disk.path).filter((name) => name !== 'filler')

  it('without room says how much is needed, before anything is written', async () => {
    const path = join(disk.path, 'out')
    disk.fill()
    expect(failureIn(await decrypt(house, model, path))).toEqual({
      code: 'file/disk-full',
      path,
      neededBytes: bytes.length,
    })
    expect(failureIn(await decrypt(house, folder, path, unpacked))).toMatchObject({
      code: 'file/disk-full',
      path,
    })
    expect(left()).toEqual([])
  })

  it('that fills up while it is written is left as it was', async () => {
    const path = join(disk.path, 'out')
    const fillBy = (call: 'createExclusive' | 'makeFolder') => {
      Object.assign(house.files, durableFiles, {
        [call]: async (...given: Parameters<typeof durableFiles.createExclusive>) => {
          const made = await durableFiles[call](...given)
          if (given[0].includes('.weightlock-') && !given[0].includes('probe')) disk.fill()
          return made
        },
      })
    }
    fillBy('createExclusive')
    expect(failureIn(await decrypt(house, model, path))).toMatchObject({ code: 'file/disk-full', path })
    expect(left()).toEqual([])
    disk.free()
    const ended = await decrypt(house, folder, path, unpacked)
    expect(failureIn(ended)).toMatchObject({ code: 'file/disk-full' })
    expect(JSON.stringify(ended.failure)).not.toContain('.weightlock-')
    expect(left()).toEqual([])
    disk.free()
    Object.assign(house.files, durableFiles)
    expect((await decrypt(house, model, path)).job?.state).toBe('done')
    rmSync(path)
  })

  it('that is read-only gets nothing', async () => {
    const path = join(disk.path, 'out')
    disk.setReadOnly(true)
    expect(failureIn(await decrypt(house, model, path))).toEqual({ code: 'file/read-only', path })
    expect(failureIn(await decrypt(house, folder, path, unpacked))).toEqual({ code: 'file/read-only', path })
    disk.setReadOnly(false)
    expect(left()).toEqual([])
  })

  it('gets no half of an identity either', async () => {
    const path = join(disk.path, 'key.txt')
    const request = { keyId: model.keyId, target: { path }, understood: true as const }
    disk.fill()
    expect(await house.invoke('keys:export', request)).toMatchObject({
      failure: { code: 'file/disk-full', path },
    })
    expect(left()).toEqual([])
    disk.free()
    disk.setReadOnly(true)
    expect(await house.invoke('keys:export', request)).toMatchObject({
      failure: { code: 'file/read-only', path },
    })
    disk.setReadOnly(false)
    const { copies } = await house.call('keys:show', { keyId: model.keyId })
    expect(copies.filter(({ place, state }) => place === 'export' && state === 'present')).toEqual([])
    writeFileSync(path, 'mine')
    expect(await house.invoke('keys:export', request)).toMatchObject({
      failure: { code: 'file/exists', path },
    })
    expect(readFileSync(path, 'utf8')).toBe('mine')
    rmSync(path)
    await house.call('keys:export', request)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expectNothingTold(house)
    rmSync(path)
  })
})
