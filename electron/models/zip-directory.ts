import { malformed, type Budget } from './bounds.ts'
import { memoryReader, sliceReader, type ByteReader } from './byte-reader.ts'
import { readRange } from './cursor.ts'
import { inflateBounded } from './inflate.ts'
import { decodeLatin1, decodeUtf8 } from './printable.ts'

/** One entry of a zip archive as its central directory tells it. */
export interface ZipEntry {
  name: string
  method: number
  isEncrypted: boolean
  compressedBytes: number
  sizeBytes: number
  headerOffset: number
}

export interface ZipDirectory {
  entries: ZipEntry[]
  /** Entries were left out, because there are more than are looked at. */
  isCut: boolean
}

const endBytes = 22
const longestComment = 65_535
const entryLimit = 100_000
const directoryLimitBytes = 33_554_432
const inflatedLimitBytes = 67_108_864
const deflatedLimitBytes = 33_554_432
const noValue32 = 0xffff_ffff

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) malformed('a size in its directory is impossibly large')
  return Number(value)
}

interface End {
  offset: number
  directoryBytes: number
  directoryOffset: number
}

/** Finds the end record, which stands last, before a comment of at most 64 KiB. */
async function findEnd(reader: ByteReader, budget: Budget): Promise<End> {
  const tailBytes = Math.min(reader.sizeBytes, endBytes + longestComment)
  const tailOffset = reader.sizeBytes - tailBytes
  const tail = await readRange(reader, budget, tailOffset, tailBytes)
  const view = viewOf(tail)
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x0605_4b50) continue
    if (at + endBytes + view.getUint16(at + 20, true) > tail.length) continue
    const offset = tailOffset + at
    const end = {
      offset,
      directoryBytes: view.getUint32(at + 12, true),
      directoryOffset: view.getUint32(at + 16, true),
    }
    return (await findEnd64(reader, budget, offset)) ?? end
  }
  return malformed('its zip directory is missing')
}

async function findEnd64(reader: ByteReader, budget: Budget, endOffset: number): Promise<End | null> {
  if (endOffset < 20) return null
  const locator = viewOf(await readRange(reader, budget, endOffset - 20, 20))
  if (locator.getUint32(0, true) !== 0x0706_4b50) return null
  const offset = safe(locator.getBigUint64(8, true))
  const record = viewOf(await readRange(reader, budget, offset, 56))
  if (record.getUint32(0, true) !== 0x0606_4b50) malformed('its zip64 directory is missing')
  return {
    offset,
    directoryBytes: safe(record.getBigUint64(40, true)),
    directoryOffset: safe(record.getBigUint64(48, true)),
  }
}

/** The 64-bit sizes of an entry, which stand in its extra fields where the 32-bit ones are all ones. */
function widen(entry: ZipEntry, extra: Uint8Array): void {
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + view.getUint16(at + 2, true)
    if (view.getUint16(at, true) === 1 && end <= extra.length) {
      let next = at + 4
      const take = (value: number): number => {
        if (value !== noValue32 || next + 8 > end) return value
        next += 8
        return safe(view.getBigUint64(next - 8, true))
      }
      entry.sizeBytes = take(entry.sizeBytes)
      entry.compressedBytes = take(entry.compressedBytes)
      entry.headerOffset = take(entry.headerOffset)
      return
    }
    at = end
  }
}

/** Reads the central directory. @throws Malformed where there is none, or it does not hold together */
export async function readZipDirectory(reader: ByteReader, budget: Budget): Promise<ZipDirectory> {
  const end = await findEnd(reader, budget)
  const { directoryBytes, directoryOffset } = end
  if (directoryBytes > directoryLimitBytes) malformed('its zip directory is larger than 32 MiB')
  // Something may stand before the archive: then every offset is off by its length.
  const prefixBytes = end.offset - directoryBytes - directoryOffset
  const isShifted = prefixBytes > 0
  const start = isShifted ? directoryOffset + prefixBytes : directoryOffset
  const bytes = await readRange(reader, budget, start, directoryBytes)
  const view = viewOf(bytes)
  const entries: ZipEntry[] = []
  let at = 0
  while (at + 46 <= bytes.length && view.getUint32(at, true) === 0x0201_4b50) {
    if (entries.length >= entryLimit) return { entries, isCut: true }
    const flags = view.getUint16(at + 8, true)
    const nameEnd = at + 46 + view.getUint16(at + 28, true)
    const extraEnd = nameEnd + view.getUint16(at + 30, true)
    const next = extraEnd + view.getUint16(at + 32, true)
    if (next > bytes.length) malformed('its zip directory breaks off')
    const name = bytes.subarray(at + 46, nameEnd)
    const entry: ZipEntry = {
      name: (flags & 0x800) === 0 ? decodeLatin1(name) : decodeUtf8(name),
      method: view.getUint16(at + 10, true),
      isEncrypted: (flags & 1) === 1,
      compressedBytes: view.getUint32(at + 20, true),
      sizeBytes: view.getUint32(at + 24, true),
      headerOffset: view.getUint32(at + 42, true),
    }
    widen(entry, bytes.subarray(nameEnd, extraEnd))
    if (isShifted) entry.headerOffset += prefixBytes
    entries.push(entry)
    at = next
  }
  return { entries, isCut: false }
}

/** The content of an entry, and whether all of it can be read: what is compressed is unpacked to a bound. */
export interface ZipContent {
  reader: ByteReader
  isWhole: boolean
}

/** Opens an entry; null where it is encrypted or compressed in a way that is not read here.
 * @param limitBytes of a compressed entry, unpack no more than this */
export async function openZipEntry(
  reader: ByteReader,
  budget: Budget,
  entry: ZipEntry,
  limitBytes: number = inflatedLimitBytes,
): Promise<ZipContent | null> {
  if (entry.isEncrypted || (entry.method !== 0 && entry.method !== 8)) return null
  const local = viewOf(await readRange(reader, budget, entry.headerOffset, 30))
  if (local.getUint32(0, true) !== 0x0403_4b50) malformed('its zip directory points to the wrong place')
  const start = entry.headerOffset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
  if (start + entry.compressedBytes > reader.sizeBytes) malformed('an entry of it is longer than the file')
  if (entry.method === 0) {
    return { reader: sliceReader(reader, start, entry.compressedBytes), isWhole: true }
  }
  const readBytes = Math.min(entry.compressedBytes, deflatedLimitBytes, limitBytes + 65_536)
  const packed = await readRange(reader, budget, start, readBytes)
  const { bytes, isWhole } = await inflateBounded(
    packed,
    'deflate-raw',
    Math.min(limitBytes, inflatedLimitBytes),
  )
  // Unpacked bytes count like read ones, or many small bombs would make a large one.
  budget.spend(bytes.length)
  return { reader: memoryReader(bytes), isWhole }
}
