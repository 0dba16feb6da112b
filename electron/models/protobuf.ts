import { LimitReached, malformed } from './bounds.ts'
import type { Cursor } from './cursor.ts'
import { decodeUtf8 } from './printable.ts'

/** One field of a protobuf message: its number, and its value, or where its bytes stand. */
export type Field =
  | { number: number; wire: 'varint'; value: number }
  | { number: number; wire: 'fixed' }
  | { number: number; wire: 'bytes'; start: number; end: number }

/** How many fields may still be read, for a whole file. */
export interface FieldAllowance {
  left: number
}

const longestTagBytes = 20

/** An unsigned varint; what is over 2^53 − 1 comes out as that.
 * @throws Malformed */
function readVarint(cursor: Cursor): number {
  let value = 0
  let scale = 1
  for (let at = 0; at < 10; at++) {
    if (cursor.buffered < 1) malformed('it ends too early')
    const byte = cursor.u8()
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return Math.min(value, Number.MAX_SAFE_INTEGER)
    scale *= 128
  }
  return malformed('a number in it is too long')
}

/**
 * Visits the fields of the message between the cursor and `end`, and leaves the cursor there. Bytes are stepped
 * over, unless `visit` reads them. Groups are refused.
 * @throws Malformed @throws LimitReached
 */
export async function walkMessage(
  cursor: Cursor,
  end: number,
  allowance: FieldAllowance,
  visit: (field: Field) => Promise<void> | void,
): Promise<void> {
  while (cursor.position < end) {
    if (--allowance.left < 0) throw new LimitReached()
    if (cursor.buffered < longestTagBytes) await cursor.prefetch(longestTagBytes)
    const tag = readVarint(cursor)
    const number = Math.floor(tag / 8)
    if (number === 0) malformed('it has a field without a number')
    const field = readField(cursor, number, tag % 8)
    const after = field.wire === 'bytes' ? field.end : cursor.position
    if (after > end) malformed('a field in it is longer than what holds it')
    const visited = visit(field)
    if (visited) await visited
    cursor.seek(after)
  }
}

function readField(cursor: Cursor, number: number, wire: number): Field {
  switch (wire) {
    case 0:
      return { number, wire: 'varint', value: readVarint(cursor) }
    case 1:
      cursor.skip(8)
      return { number, wire: 'fixed' }
    case 5:
      cursor.skip(4)
      return { number, wire: 'fixed' }
    case 2: {
      const lengthBytes = readVarint(cursor)
      return { number, wire: 'bytes', start: cursor.position, end: cursor.position + lengthBytes }
    }
    default:
      return malformed('it holds something that protobuf does not have')
  }
}

/** The text of a field whose bytes stand at the cursor: its first 2,000 bytes. */
export async function readFieldText(cursor: Cursor, field: Field): Promise<string> {
  if (field.wire !== 'bytes') return malformed('a text in it is a number')
  const lengthBytes = Math.min(field.end - field.start, 2000)
  cursor.seek(field.start)
  await cursor.need(lengthBytes)
  return decodeUtf8(cursor.take(lengthBytes))
}
