/** CRC-32 as S3 writes it, and how those of parts make that of the whole. */

/** Four bytes, the highest first, base64. */
export function crc32Text(checksum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(checksum)
  return bytes.toString('base64')
}

/** @returns null for what is no CRC-32: also for one over the checksums of parts, `…-3` */
export function crc32Of(text: string | null | undefined): number | null {
  const isOne = /^[A-Za-z0-9+/]{6}==$/.test(text ?? '')
  return isOne ? Buffer.from(text ?? '', 'base64').readUInt32BE() : null
}

/** The polynomial of CRC-32, its highest term left out; bits are reflected: the highest bit stands for 1. */
const polynomial = 0xedb88320
const one = 0x80000000
const xToTheEighth = 0x00800000

/** Of two polynomials over GF(2), modulo CRC-32's. */
function product(left: number, right: number): number {
  let sum = 0
  for (let bit = one, shifted = right; bit !== 0; bit >>>= 1) {
    if ((left & bit) !== 0) sum ^= shifted
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial
  }
  return sum >>> 0
}

/** Parts have one size: it is worked out once. */
let known = { bytes: 0, shift: one }

/** x to the power of so many bits. */
function shiftBy(lengthBytes: number): number {
  if (known.bytes === lengthBytes) return known.shift
  let shift = one
  let square = xToTheEighth
  for (let left = lengthBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) shift = product(shift, square)
    square = product(square, square)
  }
  known = { bytes: lengthBytes, shift }
  return shift
}

/** The CRC-32 of two pieces one after the other: what the first one's becomes once as many zero bytes follow it as
 * the second has, and the second one's.
 * @param secondBytes length of the second piece, up to 2^53 */
export const combineCrc32 = (first: number, second: number, secondBytes: number): number =>
  (product(shiftBy(secondBytes), first) ^ second) >>> 0
