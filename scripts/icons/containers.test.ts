import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toIcns, toIco } from './containers.ts'

const assets = join(import.meta.dirname, '../../assets')
const pngMagic = '89504e470d0a1a0a'
const sideOf = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)]

describe('icon containers', () => {
  it.each(['icon.ico', 'age-file.ico'])('%s holds a PNG of every side that it lists', (name) => {
    const file = readFileSync(join(assets, name))
    const sides = Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
      const entry = file.subarray(6 + index * 16, 22 + index * 16)
      const png = file.subarray(entry.readUInt32LE(12), entry.readUInt32LE(12) + entry.readUInt32LE(8))
      expect(png.subarray(0, 8).toString('hex')).toBe(pngMagic)
      const side = entry.readUInt8(0) || 256
      expect(sideOf(png)).toEqual([side, side])
      return side
    })
    expect(sides).toEqual([16, 24, 32, 48, 64, 128, 256])
  })

  it.each(['icon.icns', 'age-file.icns'])('%s is as long as it says, and so are its entries', (name) => {
    const file = readFileSync(join(assets, name))
    expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual(['icns', file.length])
    const types: string[] = []
    let at = 8
    while (at < file.length) {
      types.push(file.toString('latin1', at, at + 4))
      expect(file.subarray(at + 8, at + 16).toString('hex')).toBe(pngMagic)
      at += file.readUInt32BE(at + 4)
    }
    expect(at).toBe(file.length)
    expect(types).toContain('ic10')
  })

  it('writes nothing for sides that a container does not know', () => {
    const picture = { side: 24, png: Buffer.from('png') }
    expect(toIcns([picture])).toHaveLength(8)
    expect(toIco([picture]).subarray(-3).toString()).toBe('png')
  })
})
