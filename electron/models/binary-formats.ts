import type { Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { decodeLatin1 } from './printable.ts'

/** Formats that are told by a few bytes at a fixed place. */
export type BinaryFormat =
  | 'gguf'
  | 'hdf5'
  | 'zip'
  | 'gzip'
  | 'npy'
  | 'xgboost-ubjson'
  | 'xgboost-binary'
  | 'catboost'
  | 'tflite'
  | 'tar'

const has = (bytes: Uint8Array, offset: number, text: string): boolean =>
  bytes.length >= offset + text.length && decodeLatin1(bytes.subarray(offset, offset + text.length)) === text

const hdf5Magic = '\x89HDF\r\n\x1a\n'

/** The key with which a UBJSON object starts, null where it does not. Lengths are big endian. */
function firstUbjsonKey(head: Uint8Array): string | null {
  if (head[0] !== 0x7b || head.length < 12) return null
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const widths: Record<string, number> = { i: 1, U: 1, I: 2, l: 4, L: 8 }
  const width = widths[String.fromCharCode(head[1] ?? 0)]
  if (width === undefined) return null
  const lengthBytes =
    width === 8
      ? Number(view.getBigUint64(2))
      : width === 4
        ? view.getUint32(2)
        : width === 2
          ? view.getUint16(2)
          : view.getUint8(2)
  if (lengthBytes > 64 || 2 + width + lengthBytes > head.length) return null
  return decodeLatin1(head.subarray(2 + width, 2 + width + lengthBytes))
}

/** A tar header's checksum: the sum of its bytes, its own field taken as spaces. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < 512) return false
  if (has(head, 257, 'ustar')) return true
  const written = /^ *([0-7]{1,7})[ \0]/.exec(decodeLatin1(head.subarray(148, 156)))
  if (!written || head[0] === 0) return false
  let sum = 0
  for (let at = 0; at < 512; at++) sum += at >= 148 && at < 156 ? 32 : (head[at] ?? 0)
  return sum === Number.parseInt(written[1] ?? '', 8)
}

/** Tells a binary format from the first bytes (at least 512, where the file has them). */
export function binaryFormatOf(head: Uint8Array): BinaryFormat | null {
  if (has(head, 0, 'GGUF')) return 'gguf'
  if (has(head, 0, hdf5Magic)) return 'hdf5'
  if (has(head, 0, 'PK\x03\x04') || has(head, 0, 'PK\x05\x06')) return 'zip'
  if (has(head, 0, '\x93NUMPY')) return 'npy'
  if (has(head, 0, '\x1f\x8b')) return 'gzip'
  if (has(head, 0, 'binf') || has(head, 0, 'bs64')) return 'xgboost-binary'
  if (has(head, 0, 'CBM1')) return 'catboost'
  if (has(head, 4, 'TFL3')) return 'tflite'
  const key = firstUbjsonKey(head)
  if (
    key === 'learner' ||
    key === 'Config' ||
    (key === 'version' && decodeLatin1(head).includes('learner'))
  ) {
    return 'xgboost-ubjson'
  }
  return isTarHeader(head) ? 'tar' : null
}

/** HDF5 may begin behind a block of the user's, at 512 bytes or a power of two times that. */
export async function isHdf5BehindUserBlock(reader: ByteReader, budget: Budget): Promise<boolean> {
  for (let offset = 512; offset <= 8192 && offset + 8 <= reader.sizeBytes; offset *= 2) {
    budget.spend(8)
    if (has(await reader.read(offset, 8), 0, hdf5Magic)) return true
  }
  return false
}

/** Whether an HDF5 file's first bytes name what Keras stores. */
export function isKerasHdf5(head: Uint8Array): boolean {
  return /keras_version|model_weights|layer_names|model_config/.test(decodeLatin1(head))
}
