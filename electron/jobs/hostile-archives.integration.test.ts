/** Archives that somebody else made, through the whole way from an age file to a folder: nothing leaves the folder,
 * nothing of a refused one stays, and the plain tar can always be had. */
import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Failure } from '../../shared/failure.ts'
import { craftTar, longName, paxRecord, tarEnd, tarEntry } from '../../scripts/test/faults/craft-tar.ts'
import { announcedRandom } from '../../scripts/test/faults/announced-random.ts'
import { decryptFile, openHouse, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { generateFileKey } from '../age/file-key.ts'
import { generateIdentity, identityText, type KeyIdentity } from '../age/identity.ts'
import { encryptSmallFile } from '../age/small-file.ts'
import { bareHeader } from '../age/testing/write-age-file.ts'

const below = announcedRandom('hostile archives')
let house: House
let identity: KeyIdentity
let identityPath: string
let count = 0

beforeAll(async () => {
  house = await openHouse()
  identity = generateIdentity('X25519')
  identityPath = house.input('identity.txt', identityText(identity))
  mkdirSync(house.at('out'))
})
afterAll(() => house.stop())
afterEach(async () => {
  rmSync(house.at('out'), { recursive: true })
  mkdirSync(house.at('out'))
  await expectSound(house)
})

async function ageFile(tar: Buffer): Promise<string> {
  const fileKey = generateFileKey()
  const header = await bareHeader(identity.recipient(), fileKey)
  return house.input(`${(count += 1)}.tar.age`, encryptSmallFile(header, fileKey, randomBytes(16), tar))
}

/** @returns why it is not unpacked, with nothing left where it was to go and nothing beside it */
async function refusal(tar: Buffer): Promise<Failure | null> {
  const path = await ageFile(tar)
  const ended = await decryptFile(house, path, house.at('out', 'folder'), {
    identity: identityPath,
    unpack: true,
  })
  expect(readdirSync(house.at('out'))).toEqual([])
  expect(existsSync(house.at('escaped'))).toBe(false)
  const failure = failureIn(ended)
  const plain = await decryptFile(house, path, house.at('out', 'plain.tar'), { identity: identityPath })
  expect(plain.job?.state).toBe('done')
  expect(readFileSync(house.at('out', 'plain.tar')).equals(tar)).toBe(true)
  rmSync(house.at('out', 'plain.tar'))
  return failure
}

/** @returns what the folder holds */
async function unpacked(tar: Buffer): Promise<string[]> {
  const folder = house.at('out', 'folder')
  const ended = await decryptFile(house, await ageFile(tar), folder, { identity: identityPath, unpack: true })
  expect(ended.failure).toBeNull()
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted((a, b) => (a < b ? -1 : 1))
}

describe('an entry that is refused', () => {
  const file = { name: 'root/a', data: 'a' }
  it.each([
    ['absolute', craftTar({ name: '/tmp/escaped', data: 'x' })],
    ['leading out', craftTar({ name: 'root/../../escaped', data: 'x' })],
    ['leading out and back', craftTar({ name: 'root/../root/a', data: 'x' })],
    ['called ..', craftTar({ name: '..', type: '5' })],
    ['a link', craftTar({ name: 'root/link', type: '2', linkName: '/etc/passwd' })],
    [
      'a file behind a link',
      craftTar({ name: 'root/link', type: '2', linkName: '..' }, { name: 'root/link/escaped', data: 'x' }),
    ],
    ['a hard link', craftTar(file, { name: 'root/hard', type: '1', linkName: '/etc/passwd' })],
    ['a character device', craftTar({ name: 'root/zero', type: '3' })],
    ['a block device', craftTar({ name: 'root/disk', type: '4' })],
    ['a pipe', craftTar({ name: 'root/pipe', type: '6' })],
    ['set-uid', craftTar({ name: 'root/suid', mode: 0o4755, data: 'x' })],
    ['set-gid', craftTar({ name: 'root/sgid', mode: 0o2755, data: 'x' })],
    ['there twice', craftTar(file, file)],
    ['a folder where a file is', craftTar(file, { name: 'root/a/', type: '5' })],
    ['a file where a folder is', craftTar({ name: 'root/a/', type: '5' }, file)],
    ['below a file', craftTar(file, { name: 'root/a/b', data: 'x' })],
    ['the root as a file', Buffer.concat([tarEntry({ name: 'root', data: 'x' }), tarEnd])],
    ['not in UTF-8', craftTar({ name: Buffer.from([...Buffer.from('root/'), 0xff, 0xfe]), data: 'x' })],
    ['of 256 bytes', craftTar(longName(`root/${'n'.repeat(256)}`), { name: 'cut', data: 'x' })],
    ['with a zero byte, by pax', craftTar(paxRecord('path', 'root/a\0b'), { name: 'root/a', data: 'x' })],
    ['leading out, by pax', craftTar(paxRecord('path', '../escaped'), { name: 'root/a', data: 'x' })],
    ['leading out, by a long name', craftTar(longName('root/../../escaped'), { name: 'root/a', data: 'x' })],
    ['absolute, by pax', craftTar(paxRecord('path', '/tmp/escaped'), { name: 'root/a', data: 'x' })],
  ])('%s', async (_, tar) => {
    expect(await refusal(tar)).toMatchObject({
      code: 'archive/hostile-entry',
      entry: expect.any(String) as string,
      reason: expect.stringMatching(/^[a-z].*[^.]$/) as string,
    })
  })

  it.each([
    ['not an archive at all', randomBytes(5000)],
    ['that ends within an entry', craftTar({ name: 'root/a', data: 'x'.repeat(1500) }).subarray(0, 2024)],
    ['with a wrong checksum', craftTar({ name: 'root/a', data: 'x', checksum: 1 })],
    ['of negative size', craftTar(paxRecord('size', '-1'), { name: 'root/a', data: 'x' })],
  ])('%s', async (_, tar) => {
    expect(await refusal(tar)).toMatchObject({ code: 'archive/malformed' })
  })

  it('that says it is larger than all there is', async () => {
    const huge = craftTar({ name: 'root/a', data: 'x', sizeBytes: 8 ** 11 - 1 })
    expect((await refusal(huge))?.code).toMatch(/^archive\/(too-large|malformed)$/)
    expect((await refusal(craftTar(paxRecord('size', '9'.repeat(15)), { name: 'root/a' })))?.code).toMatch(
      /^archive\/(too-large|malformed)$/,
    )
  })
})

describe('an archive that is odd and harmless', () => {
  it('keeps names that other systems could not hold, and loses what it must not have', async () => {
    const names = [
      'run_12:00:00',
      'CON',
      'a\\b',
      'exe.nib\u202e',
      'trailing. ',
      'Model',
      'model',
      '-rf',
      'new\nline',
    ]
    const entries = names.map((name) => ({ name: `root/${name}`, data: name, mode: 0o777 }))
    expect(await unpacked(craftTar(...entries))).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)))
    for (const name of names) {
      const path = join(house.at('out', 'folder'), name)
      expect(readFileSync(path, 'utf8')).toBe(name)
      expect(statSync(path).mode & 0o7777).toBe(0o700)
    }
  })

  it('is empty, or has folders that are named late, twice or with dots', async () => {
    expect(await unpacked(craftTar())).toEqual([])
    rmSync(house.at('out', 'folder'), { recursive: true })
    const late = craftTar(
      { name: 'root/deep/er/file', data: 'x' },
      { name: 'root/deep/', type: '5', mode: 0 },
      { name: './root/./deep//', type: '5' },
      { name: 'root/empty/', type: '5' },
    )
    expect(await unpacked(late)).toEqual(['deep', 'deep/er', 'deep/er/file', 'empty'])
    expect(lstatSync(house.at('out', 'folder', 'deep')).mode & 0o777).toBe(0o700)
  })

  it('with any byte of it changed is unpacked inside its folder or not at all', async () => {
    const good = craftTar({ name: 'root/a', data: 'a'.repeat(600) }, { name: 'root/b/c', data: 'c' })
    for (let n = 0; n < 25; n += 1) {
      const tar = Buffer.from(good)
      tar.writeUInt8(below(256), below(tar.length))
      const path = await ageFile(tar)
      const { job, failure } = await decryptFile(house, path, house.at('out', 'folder'), {
        identity: identityPath,
        unpack: true,
      })
      if (job?.state === 'done') rmSync(house.at('out', 'folder'), { recursive: true })
      else expect(failure?.code).toMatch(/^archive\//)
      expect(readdirSync(house.at('out'))).toEqual([])
    }
  })
})
