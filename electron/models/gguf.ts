import { malformed, type Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { createCursor, type Cursor } from './cursor.ts'
import { ggmlTypes, ggufFileTypes } from './gguf-types.ts'
import { readGgufText, readGgufValue } from './gguf-values.ts'
import { createTensorTable, elementsOf, type TensorsInside, type TensorTable } from './tensor-table.ts'

const metadataLimit = 100_000
const tensorLimit = 1_000_000
const smallestEntryBytes = 12
const dimensionsLimit = 8

export interface Gguf {
  inside: TensorsInside
  /** `Q8_0`; null where neither the metadata nor the tensors tell. */
  quantisation: string | null
}

interface Header {
  alignment: number
  fileType: number | null
}

async function readMetadata(cursor: Cursor, table: TensorTable, count: number): Promise<Header> {
  const header: Header = { alignment: 32, fileType: null }
  for (let at = 0; at < count; at++) {
    const key = await readGgufText(cursor)
    await cursor.need(4)
    const value = await readGgufValue(cursor, cursor.u32())
    if (key === 'general.alignment') header.alignment = Number(value)
    if (key === 'general.file_type') header.fileType = Number(value)
    table.addMetadata(key, value)
  }
  const { alignment } = header
  if (!Number.isSafeInteger(alignment) || alignment < 1 || alignment > 65_536)
    malformed('its alignment is invalid')
  return header
}

/** Bytes of a tensor, null for a type that is not known here. */
function tensorBytes(typeNumber: number, shape: readonly number[]): number | null {
  const type = ggmlTypes.get(typeNumber)
  if (!type) return null
  const [, elements, bytes] = type
  const sizeBytes = (elementsOf(shape) / elements) * bytes
  if (!Number.isSafeInteger(sizeBytes)) malformed('a tensor has an impossible shape')
  return sizeBytes
}

async function readTensors(cursor: Cursor, table: TensorTable, count: number) {
  const bytesByType = new Map<string, number>()
  let endOfData = 0
  for (let at = 0; at < count; at++) {
    const name = await readGgufText(cursor)
    await cursor.need(4)
    const dimensions = cursor.u32()
    if (dimensions > dimensionsLimit) malformed('a tensor has too many dimensions')
    await cursor.need(dimensions * 8 + 12)
    const shape = Array.from({ length: dimensions }, () => cursor.u64())
    const typeNumber = cursor.u32()
    const offset = cursor.u64()
    const sizeBytes = tensorBytes(typeNumber, shape)
    endOfData = Math.max(endOfData, offset + (sizeBytes ?? 0))
    const dtype = ggmlTypes.get(typeNumber)?.[0] ?? `type ${typeNumber}`
    bytesByType.set(dtype, (bytesByType.get(dtype) ?? 0) + (sizeBytes ?? 0))
    // GGML counts dimensions from the fastest one; everyone else writes the slowest first.
    table.add(name, dtype, shape.toReversed(), sizeBytes)
  }
  const [largest] = [...bytesByType].toSorted(([, a], [, b]) => b - a)
  return { endOfData, mainType: largest?.[0] ?? null }
}

/** Reads the metadata and the tensor table of GGUF 2 or 3. @throws Malformed @see GGUF specification, ggml/docs */
export async function readGguf(reader: ByteReader, budget: Budget): Promise<Gguf> {
  const cursor = createCursor(reader, budget)
  await cursor.need(24)
  cursor.skip(4)
  const version = cursor.u32()
  if (version !== 2 && version !== 3) malformed(`it is GGUF version ${version}; 2 and 3 can be read`)
  const tensorCount = cursor.u64()
  const metadataCount = cursor.u64()
  const mostEntries = Math.floor(reader.sizeBytes / smallestEntryBytes)
  if (tensorCount > Math.min(tensorLimit, mostEntries)) malformed('it claims more tensors than it can hold')
  if (metadataCount > Math.min(metadataLimit, mostEntries))
    malformed('it claims more metadata than it can hold')
  const table = createTensorTable()
  const { alignment, fileType } = await readMetadata(cursor, table, metadataCount)
  const { endOfData, mainType } = await readTensors(cursor, table, tensorCount)
  const dataStart = Math.ceil(cursor.position / alignment) * alignment
  if (tensorCount > 0 && dataStart + endOfData > reader.sizeBytes) malformed('its data is cut off')
  const named = fileType === null ? undefined : ggufFileTypes.get(fileType & ~1024)
  return { inside: table.finish('gguf'), quantisation: named ?? mainType }
}
