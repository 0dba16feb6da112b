import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

export type Compression = 'deflate-raw' | 'zlib' | 'gzip'

const create = { 'deflate-raw': createInflateRaw, zlib: createInflate, gzip: createGunzip }

/** What came out, and whether that is all: false at the bound, at damage, and where the input was cut. */
export interface Inflated {
  bytes: Uint8Array
  isWhole: boolean
}

/**
 * Decompresses at most `limitBytes` of output and stops there, so that a bomb costs no more than a file.
 * Damaged input gives what stood before the damage.
 */
export function inflateBounded(
  input: Uint8Array,
  compression: Compression,
  limitBytes: number,
): Promise<Inflated> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let lengthBytes = 0
    const inflater = create[compression]({ finishFlush: constants.Z_FINISH })
    const finish = (isWhole: boolean) => {
      inflater.destroy()
      resolve({ bytes: Buffer.concat(pieces, Math.min(lengthBytes, limitBytes)), isWhole })
    }
    inflater.on('data', (piece: Buffer) => {
      pieces.push(piece)
      lengthBytes += piece.length
      if (lengthBytes > limitBytes) finish(false)
    })
    inflater.on('end', () => finish(true))
    inflater.on('error', () => finish(false))
    inflater.end(input)
  })
}
