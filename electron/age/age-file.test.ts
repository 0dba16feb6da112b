import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { readAgeFileStart } from './age-file.ts'
import { generateFileKey } from './file-key.ts'
import { headerBytes, headerLimitBytes } from './header.ts'
import { payloadNonceBytes } from './payload-size.ts'
import type { RangeReader } from './range-reader.ts'
import { armorText } from './testing/write-age-file.ts'

/** Counts what is read of these bytes. */
function counted(bytes: Uint8Array): { reader: RangeReader; bytesRead: () => number } {
  let bytesRead = 0
  const read: RangeReader['read'] = async (offset, lengthBytes) => {
    const found = bytes.subarray(offset, offset + lengthBytes)
    bytesRead += found.length
    return found
  }
  return { reader: { sizeBytes: bytes.length, read }, bytesRead: () => bytesRead }
}

const filler = { type: 'filler', args: ['x'.repeat(990)], body: new Uint8Array(0) }
const ofTenMegabytes = headerBytes(Array<typeof filler>(10_100).fill(filler), generateFileKey())
const inOneLine = Buffer.concat([
  Buffer.from('age-encryption.org/v1\n-> X25519 '),
  Buffer.alloc(10_000_000, 'a'),
])

describe('a header of 10 MB', () => {
  it.each([
    ['of many stanzas', ofTenMegabytes],
    ['of one endless line', inOneLine],
  ])('%s is read as far as the limit, and no further', async (_, bytes) => {
    expect(bytes.length).toBeGreaterThan(10_000_000)
    const { reader, bytesRead } = counted(bytes)
    const failure = await readAgeFileStart(reader).then(() => null, failureOf)
    expect(failure).toEqual({ code: 'age/header-too-large', limitBytes: headerLimitBytes })
    expect(bytesRead()).toBe(headerLimitBytes + payloadNonceBytes)
  })

  it('in armor is read no further either, but for the lines that armor adds and its end', async () => {
    const { reader, bytesRead } = counted(Buffer.from(armorText(ofTenMegabytes)))
    const failure = await readAgeFileStart(reader).then(() => null, failureOf)
    expect(failure).toEqual({ code: 'age/header-too-large', limitBytes: headerLimitBytes })
    expect(bytesRead()).toBeLessThan(3 * headerLimitBytes)
  })
})
