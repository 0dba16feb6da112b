import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineCrc64, crc64Of, crc64Text, createCrc64 } from './crc64.ts'

function crc64(...pieces: Uint8Array[]): bigint {
  const sum = createCrc64()
  for (const piece of pieces) sum.update(piece)
  return sum.value()
}

describe('CRC-64/NVME', () => {
  it('gives the check value of its catalogue', () => {
    expect(crc64(Buffer.from('123456789'))).toBe(0xae8b14860a799888n)
    expect(crc64()).toBe(0n)
    expect(crc64Text(0xae8b14860a799888n)).toBe('rosUhgp5mIg=')
    expect(crc64Of('rosUhgp5mIg=')).toBe(0xae8b14860a799888n)
    expect([null, '', 'y/Q5Jg=='].map(crc64Of)).toEqual([null, null, null])
  })

  it('is the same however the bytes come, and that of the parts makes that of the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 300 }), (whole, anywhere) => {
        const at = Math.min(anywhere, whole.length)
        const [first, second] = [whole.subarray(0, at), whole.subarray(at)]
        expect(crc64(first, second)).toBe(crc64(whole))
        expect(combineCrc64(crc64(first), crc64(second), second.length)).toBe(crc64(whole))
      }),
    )
  })
})
