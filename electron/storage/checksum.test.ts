import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCrc32, crc32Of, crc32Text } from './checksum.ts'

describe('CRC-32', () => {
  it('is written as S3 writes it', () => {
    const check = crc32('123456789')
    expect(crc32Text(check)).toBe('y/Q5Jg==')
    expect(crc32Of('y/Q5Jg==')).toBe(check)
    for (const none of [null, undefined, '', 'y/Q5', 'y/Q5JgAA', 'y/Q5Jg==-1', ' y/Q5Jg=='])
      expect(crc32Of(none)).toBeNull()
  })

  it('of the parts makes that of the whole, wherever it is cut', () => {
    const bytes = fc.uint8Array({ maxLength: 5000 })
    fc.assert(
      fc.property(bytes, fc.array(fc.nat({ max: 5000 }), { maxLength: 8 }), (whole, anywhere) => {
        const cuts = [0, ...anywhere.filter((at) => at <= whole.length), whole.length].toSorted(
          (a, b) => a - b,
        )
        let checksum = 0
        for (const [index, from] of cuts.slice(0, -1).entries()) {
          const piece = whole.subarray(from, cuts[index + 1])
          checksum = combineCrc32(checksum, crc32(piece), piece.length)
        }
        expect(checksum).toBe(crc32(whole))
      }),
    )
  })

  it('follows lengths beyond 32 bits: zeros after zeros are zeros', () => {
    const zeros = Buffer.alloc(2 ** 20)
    let ofZeros = crc32(zeros)
    let lengthBytes = zeros.length
    for (; lengthBytes < 2 ** 40; lengthBytes *= 2) ofZeros = combineCrc32(ofZeros, ofZeros, lengthBytes)
    // The same terabyte and more, put together in another order.
    const half = combineCrc32(crc32(zeros), crc32(zeros), zeros.length)
    let inQuarters = half
    for (let bytes = 2 ** 21; bytes < 2 ** 40; bytes *= 2)
      inQuarters = combineCrc32(inQuarters, inQuarters, bytes)
    expect(inQuarters).toBe(ofZeros)
    const beyond = combineCrc32(combineCrc32(crc32('a'), ofZeros, lengthBytes), crc32('b'), 1)
    expect(beyond).toBe(combineCrc32(crc32('a'), combineCrc32(ofZeros, crc32('b'), 1), lengthBytes + 1))
  })
})
