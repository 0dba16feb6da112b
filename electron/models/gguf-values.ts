import { malformed } from './bounds.ts'
import type { Cursor } from './cursor.ts'
import { decodeUtf8 } from './printable.ts'

const keptTextBytes = 4096
const arrayShown = 8
const arrayElementsLimit = 4_000_000
const nestingLimit = 4

/** Bytes of the scalar types by number; 8 is text, 9 an array. */
const scalarBytes: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8]
const textType = 8
const arrayType = 9

/** A text: its first 4 KiB. */
export async function readGgufText(cursor: Cursor): Promise<string> {
  await cursor.need(8)
  const lengthBytes = cursor.u64()
  if (lengthBytes > cursor.sizeBytes - cursor.position) malformed('a text in it is longer than the file')
  const kept = Math.min(lengthBytes, keptTextBytes)
  await cursor.need(kept)
  const text = decodeUtf8(cursor.take(kept))
  cursor.skip(lengthBytes - kept)
  return text
}

function readScalar(bytes: Uint8Array, type: number): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (type) {
    case 0:
      return String(view.getUint8(0))
    case 1:
      return String(view.getInt8(0))
    case 2:
      return String(view.getUint16(0, true))
    case 3:
      return String(view.getInt16(0, true))
    case 4:
      return String(view.getUint32(0, true))
    case 5:
      return String(view.getInt32(0, true))
    case 6:
      return String(Number(view.getFloat32(0, true).toPrecision(7)))
    case 7:
      return view.getUint8(0) === 0 ? 'false' : 'true'
    case 10:
      return String(view.getBigUint64(0, true))
    case 11:
      return String(view.getBigInt64(0, true))
    case 12:
      return String(view.getFloat64(0, true))
    default:
      return malformed('its metadata has an unknown type')
  }
}

/** One metadata value as text. Long arrays are stepped over after their first elements: `[1, 2, … 32000 in all]`.
 * @throws Malformed */
export async function readGgufValue(cursor: Cursor, type: number, nesting = 0): Promise<string> {
  if (type === textType) return readGgufText(cursor)
  if (type === arrayType) return readArray(cursor, nesting)
  const sizeBytes = scalarBytes[type] ?? malformed('its metadata has an unknown type')
  await cursor.need(sizeBytes)
  return readScalar(cursor.take(sizeBytes), type)
}

async function readArray(cursor: Cursor, nesting: number): Promise<string> {
  if (nesting >= nestingLimit) malformed('its metadata is nested too deeply')
  await cursor.need(12)
  const type = cursor.u32()
  const length = cursor.u64()
  const shown: string[] = []
  const isScalar = type !== textType && type !== arrayType
  if (!isScalar && length > arrayElementsLimit) malformed('a list in its metadata is too long')
  const wanted = isScalar ? Math.min(length, arrayShown) : length
  for (let at = 0; at < wanted; at++) {
    if (at < arrayShown || isScalar) shown.push(await readGgufValue(cursor, type, nesting + 1))
    else await skipValue(cursor, type, nesting + 1)
  }
  if (isScalar)
    cursor.skip((length - wanted) * (scalarBytes[type] ?? malformed('its metadata has an unknown type')))
  return length > arrayShown ? `[${shown.join(', ')}, … ${length} in all]` : `[${shown.join(', ')}]`
}

async function skipValue(cursor: Cursor, type: number, nesting: number): Promise<void> {
  if (type !== textType) {
    await readGgufValue(cursor, type, nesting)
    return
  }
  if (cursor.buffered < 8) await cursor.need(8)
  cursor.skip(cursor.u64())
}
