import { malformed, type Budget } from './bounds.ts'
import { sliceReader, type ByteReader } from './byte-reader.ts'
import { createCursor } from './cursor.ts'
import { scanPickles, type Scan } from './pickle/scan.ts'
import { decodeLatin1 } from './printable.ts'
import { elementsOf } from './tensor-table.ts'

/** The header of a `.npy` file. `dtype` as NumPy writes it (`<f4`, `|O`, a list for records). */
export interface NpyHeader {
  dtype: string
  shape: number[]
  hasObjects: boolean
  sizeBytes: number | null
  dataOffset: number
}

const headerLimitBytes = 65_536
const dimensionsLimit = 64

const plainType = /^[<>|=]?[biufcSUVMma?]\d*(\[[^\]]*\])?$/
/** A type of objects, in quotes of its own; or one written in a way that no honest file uses. */
const objectType = /'[<>|=]?(O\d*|object_?)'|\\/

export const looksLikeNpy = (head: Uint8Array): boolean =>
  head.length >= 8 && head[0] === 0x93 && decodeLatin1(head.subarray(1, 6)) === 'NUMPY'

/** Bytes of an item of a plain dtype; null for records. */
function itemBytes(dtype: string): number | null {
  const match = /^[<>|=]?([a-zA-Z])(\d{0,9})/.exec(dtype)
  if (!match || dtype.startsWith('[')) return null
  return match[1] === 'U' ? Number(match[2]) * 4 : Number(match[2])
}

/** The value behind a key of the header's dictionary, as text: a quoted one, or all up to the matching bracket. */
function valueOf(header: string, key: string): string | null {
  const at = header.indexOf(`'${key}':`)
  if (at < 0) return null
  if (header.includes(`'${key}':`, at + 1)) malformed('its header says something twice')
  const rest = header.slice(at + key.length + 3).trimStart()
  if (rest.startsWith("'")) return rest.slice(1, rest.indexOf("'", 1))
  let depth = 0
  for (let end = 0; end < rest.length; end++) {
    const character = rest[end] ?? ''
    if ('[({'.includes(character)) depth++
    else if ('])}'.includes(character)) {
      depth--
      if (depth <= 0) return rest.slice(0, end + 1)
    } else if (character === ',' && depth === 0) return rest.slice(0, end)
  }
  return null
}

function shapeOf(text: string | null): number[] {
  const match = text === null ? null : /^\(([\d\sL,]*)\)$/.exec(text)
  if (!match) return malformed('its header has no shape')
  const parts = (match[1] ?? '').split(',').map((part) => part.trim().replace(/L$/, ''))
  const shape = parts.filter((part) => part !== '').map(Number)
  if (shape.length > dimensionsLimit || !shape.every(Number.isSafeInteger))
    malformed('its shape is impossible')
  return shape
}

/** Reads the header of `.npy` 1 to 3. @throws Malformed @see numpy.lib.format */
export async function readNpyHeader(reader: ByteReader, budget: Budget): Promise<NpyHeader> {
  const cursor = createCursor(reader, budget)
  await cursor.need(10)
  if (!looksLikeNpy(cursor.peek())) malformed('it does not start like a NumPy array')
  cursor.skip(6)
  const major = cursor.u8()
  cursor.skip(1)
  if (major < 1 || major > 3) malformed(`it is a NumPy array of format ${major}`)
  if (major > 1) await cursor.need(4)
  const headerBytes = major === 1 ? cursor.u16() : cursor.u32()
  if (headerBytes > headerLimitBytes) malformed('its header is too long')
  await cursor.need(headerBytes)
  const header = decodeLatin1(cursor.take(headerBytes)).replaceAll('"', "'")
  const dtype = valueOf(header, 'descr') ?? malformed('its header has no type')
  const shape = shapeOf(valueOf(header, 'shape'))
  const itemSizeBytes = itemBytes(dtype)
  const hasObjects = !plainType.test(dtype) && objectType.test(dtype.startsWith('[') ? dtype : `'${dtype}'`)
  const sizeBytes = itemSizeBytes === null || hasObjects ? null : elementsOf(shape) * itemSizeBytes
  if (sizeBytes !== null && !Number.isSafeInteger(sizeBytes)) malformed('its shape is impossible')
  return { dtype, shape, hasObjects, sizeBytes, dataOffset: cursor.position }
}

/** Objects are stored as a pickle behind the header. */
export async function scanNpyObjects(
  scan: Scan,
  reader: ByteReader,
  header: NpyHeader,
  where: string | null,
): Promise<void> {
  if (!header.hasObjects) return
  scan.notes.add('An array of Python objects is a pickle.')
  await scanPickles(scan, sliceReader(reader, header.dataOffset, reader.sizeBytes), where)
}
