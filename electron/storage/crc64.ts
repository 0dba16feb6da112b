/** CRC-64/NVME, for stores that attest a whole object by nothing else. In JavaScript, on two halves of 32 bits. */

const polynomial = 0x9a6c9329ac4bc9b5n
const polynomialHigh = Number(polynomial >> 32n)
const polynomialLow = Number(polynomial & 0xffffffffn)
const allOnes = 0xffffffff

/** How a byte changes the sum, by the place that it has among eight that are taken at once: 256 entries for each. */
const { low: lowOf, high: highOf } = makeTables()

function makeTables(): { low: Int32Array; high: Int32Array } {
  const low = new Int32Array(8 * 256)
  const high = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let [a, b] = [byte, 0]
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (a & 1) === 1
      a = (a >>> 1) | (b << 31)
      b >>>= 1
      if (!isOdd) continue
      a ^= polynomialLow
      b ^= polynomialHigh
    }
    low[byte] = a
    high[byte] = b
  }
  for (let at = 256; at < low.length; at++) {
    const [a = 0, b = 0] = [low[at - 256], high[at - 256]]
    low[at] = ((a >>> 8) | (b << 24)) ^ (low[a & 255] ?? 0)
    high[at] = (b >>> 8) ^ (high[a & 255] ?? 0)
  }
  return { low, high }
}

export type Crc64 = {
  /** Large pieces hold the thread: give them one after the other. */
  update: (bytes: Uint8Array) => void
  value: () => bigint
}

export function createCrc64(): Crc64 {
  let low = allOnes | 0
  let high = allOnes | 0
  return {
    update: (bytes) => {
      let a = low
      let b = high
      const whole = bytes.length - (bytes.length % 8)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      // Every index is below 2048.
      const lows = (index: number) => lowOf[index] as number
      const highs = (index: number) => highOf[index] as number
      for (let at = 0; at < whole; at += 8) {
        a ^= view.getInt32(at, true)
        b ^= view.getInt32(at + 4, true)
        const i0 = 1792 + (a & 255)
        const i1 = 1536 + ((a >>> 8) & 255)
        const i2 = 1280 + ((a >>> 16) & 255)
        const i3 = 1024 + (a >>> 24)
        const i4 = 768 + (b & 255)
        const i5 = 512 + ((b >>> 8) & 255)
        const i6 = 256 + ((b >>> 16) & 255)
        const i7 = b >>> 24
        a = lows(i0) ^ lows(i1) ^ lows(i2) ^ lows(i3) ^ lows(i4) ^ lows(i5) ^ lows(i6) ^ lows(i7)
        b = highs(i0) ^ highs(i1) ^ highs(i2) ^ highs(i3) ^ highs(i4) ^ highs(i5) ^ highs(i6) ^ highs(i7)
      }
      for (let at = whole; at < bytes.length; at++) {
        const index = (a ^ view.getUint8(at)) & 255
        a = ((a >>> 8) | (b << 24)) ^ lows(index)
        b = (b >>> 8) ^ highs(index)
      }
      low = a
      high = b
    },
    value: () => (BigInt((high ^ allOnes) >>> 0) << 32n) | BigInt((low ^ allOnes) >>> 0),
  }
}

const one = 1n << 63n
const xToTheEighth = 1n << 55n

function product(left: bigint, right: bigint): bigint {
  let sum = 0n
  for (let bit = one, shifted = right; bit !== 0n; bit >>= 1n) {
    if ((left & bit) !== 0n) sum ^= shifted
    shifted = (shifted & 1n) === 0n ? shifted >> 1n : (shifted >> 1n) ^ polynomial
  }
  return sum
}

/** Parts have one size: it is worked out once. */
let known = { bytes: 0, shift: one }

/** As `combineCrc32`. */
export function combineCrc64(first: bigint, second: bigint, secondBytes: number): bigint {
  if (known.bytes !== secondBytes) {
    let shift = one
    let square = xToTheEighth
    for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) shift = product(shift, square)
      square = product(square, square)
    }
    known = { bytes: secondBytes, shift }
  }
  return product(known.shift, first) ^ second
}

/** Eight bytes, the highest first, base64. */
export function crc64Text(checksum: bigint): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(checksum)
  return bytes.toString('base64')
}

/** @returns null for what is no CRC-64 */
export function crc64Of(text: string | null | undefined): bigint | null {
  const isOne = /^[A-Za-z0-9+/]{11}=$/.test(text ?? '')
  return isOne ? Buffer.from(text ?? '', 'base64').readBigUInt64BE() : null
}
