import { LimitReached, malformed } from '../bounds.ts'
import type { Cursor } from '../cursor.ts'
import { decodeLatin1 } from '../printable.ts'
import type { ArgumentShape } from './opcodes.ts'
import { opaque, type Value } from './values.ts'

/** A binary string that looks as if it held a pickle, or an archive of pickles, itself. */
export interface NestedCandidate {
  offset: number
  lengthBytes: number
}

/** Where arguments are read from, and what is noticed on the way. */
export interface ArgumentSource {
  readonly cursor: Cursor
  readonly candidates: NestedCandidate[]
  /** Bytes of opcodes and short arguments that may still be looked at, for all pickles of a file. */
  readonly work: { left: number }
}

/** Longer strings are stepped over: no module or class is named like that. */
export const keptTextBytes = 256
const candidateLimit = 32

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeText(bytes: Uint8Array): Value {
  for (const byte of bytes) {
    if (byte < 0x80) continue
    try {
      return strictUtf8.decode(bytes)
    } catch {
      return opaque
    }
  }
  return decodeLatin1(bytes)
}

function looksNested(head: Uint8Array, lengthBytes: number): boolean {
  if (lengthBytes < 4 || head.length < 4) return false
  const isPickle = head[0] === 0x80 && (head[1] ?? 9) >= 2 && (head[1] ?? 9) <= 5
  return isPickle || (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4)
}

function takeCounted(source: ArgumentSource, lengthBytes: number, decode: Decode): Value {
  const { cursor, candidates, work } = source
  if (decode && lengthBytes <= keptTextBytes) {
    work.left -= lengthBytes
    return decode(cursor.take(lengthBytes))
  }
  if (looksNested(cursor.peek(), lengthBytes)) {
    if (candidates.length >= candidateLimit) throw new LimitReached()
    candidates.push({ offset: cursor.position, lengthBytes })
  }
  cursor.skip(lengthBytes)
  return opaque
}

type Decode = ((bytes: Uint8Array) => Value) | null

function counted(source: ArgumentSource, lengthBytes: number, decode: Decode): Value | Promise<Value> {
  const { cursor } = source
  if (lengthBytes < 0 || lengthBytes > cursor.sizeBytes - cursor.position) {
    malformed('it holds a string that is longer than the file')
  }
  const head = Math.min(lengthBytes, keptTextBytes)
  if (cursor.buffered >= head) return takeCounted(source, lengthBytes, decode)
  return cursor.need(head).then(() => takeCounted(source, lengthBytes, decode))
}

/**
 * The text before the next newline, null where it is longer than anything that matters. Where the file ends before,
 * Python takes what is left, less its last byte, for the line: so that is what is judged here, too.
 */
async function readLine({ cursor, work }: ArgumentSource): Promise<Uint8Array | null> {
  let kept = new Uint8Array(0)
  let lengthBytes = 0
  for (;;) {
    if (cursor.buffered === 0) await cursor.prefetch(1)
    if (cursor.buffered === 0) return lengthBytes <= keptTextBytes + 1 ? kept.subarray(0, -1) : null
    const ahead = cursor.peek()
    const newline = ahead.indexOf(0x0a)
    const piece = newline < 0 ? ahead : ahead.subarray(0, newline)
    if (lengthBytes < keptTextBytes) {
      const room = Math.min(piece.length, keptTextBytes + 1 - lengthBytes)
      const longer = new Uint8Array(kept.length + room)
      longer.set(kept)
      longer.set(piece.subarray(0, room), kept.length)
      kept = longer
    }
    lengthBytes += piece.length
    work.left -= piece.length
    if (work.left < 0) throw new LimitReached()
    cursor.skip(newline < 0 ? piece.length : piece.length + 1)
    if (newline >= 0) return lengthBytes <= keptTextBytes ? kept : null
  }
}

/** Python's `int(text)`, as far as it matters: sign, spaces and underscores. */
function parseNumber(line: Uint8Array | null): Value {
  if (!line) return opaque
  const text = decodeLatin1(line).trim().replace(/L$/, '').replaceAll('_', '')
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : opaque
}

/** A quoted string of protocol 0. One with escapes is left unread: names that matter need none. */
function parseQuoted(line: Uint8Array | null): Value {
  if (!line) return opaque
  const text = decodeLatin1(line).trim()
  const quote = text[0]
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
    malformed('it holds a string without quotes')
  }
  return text.includes('\\') ? opaque : text.slice(1, -1)
}

/** Python's raw-unicode-escape: only `\u` and `\U` mean something. */
function parseRawUnicode(line: Uint8Array | null): Value {
  if (!line) return opaque
  const text = decodeLatin1(line)
  if (!text.includes('\\')) return text
  // Which backslashes escape depends on how many stand in a row; more than one is left unread.
  if (text.includes('\\\\')) return opaque
  return text.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? '', 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}

async function readPair(source: ArgumentSource): Promise<Value> {
  const module = await readLine(source)
  const name = await readLine(source)
  const items = [module ? decodeText(module) : opaque, name ? decodeText(name) : opaque]
  return { is: 'tuple', items, depth: 1 }
}

function long(source: ArgumentSource, lengthBytes: number): Value | Promise<Value> {
  return counted(source, lengthBytes, null)
}

/** Reads the argument of one opcode; the first 8 bytes after it are buffered where the file has them. */
export function readArgument(source: ArgumentSource, shape: ArgumentShape): Value | Promise<Value> {
  const { cursor } = source
  const has = (lengthBytes: number) => {
    if (cursor.buffered < lengthBytes) malformed('it ends too early')
  }
  switch (shape) {
    case 'none':
      return null
    case 'u8':
      has(1)
      return cursor.u8()
    case 'u16':
      has(2)
      return cursor.u16()
    case 'i32':
      has(4)
      return cursor.i32()
    case 'u32':
      has(4)
      return cursor.u32()
    case 'eight-bytes':
      has(8)
      cursor.skip(8)
      return null
    case 'frame':
      has(8)
      // Too long a frame is no fault to every unpickler: it need not be exact.
      return cursor.u32() + cursor.u32() * 2 ** 32
    case 'line-number':
    case 'line-index':
      return readLine(source).then(parseNumber)
    case 'line-ignored':
      return readLine(source).then(() => opaque)
    case 'line-string':
      return readLine(source).then(parseQuoted)
    case 'line-unicode':
      return readLine(source).then(parseRawUnicode)
    case 'line-pair':
      return readPair(source)
    case 'text1':
      has(1)
      return counted(source, cursor.u8(), decodeText)
    case 'text4':
      has(4)
      return counted(source, cursor.u32(), decodeText)
    case 'text8':
      has(8)
      return counted(source, cursor.u64(), decodeText)
    case 'latin1':
      has(1)
      return counted(source, cursor.u8(), decodeText)
    case 'latin4':
      has(4)
      return counted(source, cursor.i32(), decodeText)
    case 'bytes1':
      has(1)
      return counted(source, cursor.u8(), null)
    case 'bytes4':
      has(4)
      return counted(source, cursor.u32(), null)
    case 'bytes8':
      has(8)
      return counted(source, cursor.u64(), null)
    case 'long1':
      has(1)
      return long(source, cursor.u8())
    case 'long4':
      has(4)
      return long(source, cursor.i32())
  }
}
