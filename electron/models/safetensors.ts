import { malformed, type Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { createCursor, readRange } from './cursor.ts'
import { entriesOf, parseBoundedJson } from './json-bounds.ts'
import { createTensorTable, elementsOf, type TensorsInside } from './tensor-table.ts'

const headerLimitBytes = 100_000_000
const parsedLimitBytes = 33_554_432
const partsLimit = 4_000_000
const depthLimit = 8
const dimensionsLimit = 64

/** Bits of one element. @see safetensors, "Format" */
const dtypeBits = new Map<string, number>(
  Object.entries({
    BOOL: 8,
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    U8: 8,
    I8: 8,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
    C64: 64,
    F64: 64,
    I64: 64,
    U64: 64,
  }),
)

/** Whether the first bytes can be those of a safetensors file: a length, then an object. */
export function looksLikeSafetensors(head: Uint8Array, sizeBytes: number): boolean {
  if (head.length < 10 || head[8] !== 0x7b) return false
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  // A header may claim too much; that is malformed, not something else, as long as it starts like one.
  const headerBytes = view.getBigUint64(0, true)
  const next = head[9] ?? 0
  const isObject = next === 0x22 || next === 0x7d || next === 0x20
  return isObject && (headerBytes <= BigInt(headerLimitBytes) || headerBytes <= BigInt(sizeBytes))
}

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

interface Tensor {
  name: string
  dtype: string
  shape: number[]
  start: number
  end: number
}

function tensorOf(name: string, value: unknown): Tensor {
  const fields = new Map(entriesOf(value) ?? malformed('an entry of its header is no tensor'))
  const dtype = fields.get('dtype')
  const shape = fields.get('shape')
  const offsets = fields.get('data_offsets')
  if (typeof dtype !== 'string') malformed('a tensor has no type')
  if (!Array.isArray(shape) || shape.length > dimensionsLimit || !shape.every(isSize)) {
    malformed('a tensor has no valid shape')
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    malformed('a tensor has no valid position')
  }
  const [start = 0, end = 0] = offsets
  if (end < start) malformed('a tensor ends before it starts')
  const bits = dtypeBits.get(dtype)
  if (bits !== undefined && (elementsOf(shape) * bits) / 8 !== end - start) {
    malformed('a tensor has another size than its shape says')
  }
  return { name, dtype, shape, start, end }
}

/** Tensors fill the data without gaps and without sharing a byte. @see safetensors, "Notes" */
function checkLayout(tensors: readonly Tensor[], dataBytes: number): void {
  const byStart = tensors.toSorted((a, b) => a.start - b.start || a.end - b.end)
  let end = 0
  for (const tensor of byStart) {
    if (tensor.start < end) malformed('two tensors share bytes')
    if (tensor.start > end) malformed('there is a gap between tensors')
    end = tensor.end
  }
  if (end > dataBytes) malformed('its data is cut off')
  if (end < dataBytes) malformed('there is more behind its last tensor')
}

/** Reads the header of a safetensors file and nothing else; null where it is too large to be shown.
 * @throws Malformed */
export async function readSafetensors(reader: ByteReader, budget: Budget): Promise<TensorsInside | null> {
  const cursor = createCursor(reader, budget)
  await cursor.need(8)
  const headerBytes = cursor.u64()
  if (headerBytes > headerLimitBytes) malformed('its header is larger than the format allows')
  if (headerBytes > reader.sizeBytes - 8) malformed('its header is cut off')
  if (headerBytes > parsedLimitBytes) return null
  const header = parseBoundedJson(await readRange(reader, budget, 8, headerBytes), depthLimit, partsLimit)
  const table = createTensorTable()
  const tensors: Tensor[] = []
  for (const [name, value] of entriesOf(header) ?? malformed('its header is no JSON object')) {
    if (name === '__metadata__') {
      for (const [key, text] of entriesOf(value) ?? malformed('its metadata is no map of texts')) {
        if (typeof text !== 'string') malformed('its metadata is no map of texts')
        table.addMetadata(key, text)
      }
    } else {
      tensors.push(tensorOf(name, value))
    }
  }
  checkLayout(tensors, reader.sizeBytes - 8 - headerBytes)
  for (const { name, dtype, shape, start, end } of tensors) table.add(name, dtype, shape, end - start)
  return table.finish('safetensors')
}
