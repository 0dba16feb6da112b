/** Names made to deceive, to break a shell, or to leave the folder: kept as they are, and harmless. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { decrypt, encrypt, openHouse, stored, type House } from '../../scripts/test/faults/house.ts'
import { digestOf, expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
afterEach(() => expectSound(house))

const objects = () => (existsSync(house.storeFolder) ? readdirSync(house.storeFolder) : [])

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
    expect(failureIn(await decrypt(house, withRaw, house.at('raw out'), { unpack: true }))).toMatchObject({
      code: 'archive/hostile-entry',
    })
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
      expect(failureIn(await encrypt(house, path, { name }))).toMatchObject({ code: 'artifact/name-invalid' })
    expect(objects()).toEqual(before)
  })
})
