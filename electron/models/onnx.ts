import type { Inside } from '../../shared/model-inspection.ts'
import { LimitReached, malformed, type Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { createCursor, type Cursor } from './cursor.ts'
import { printable } from './printable.ts'
import { readFieldText, walkMessage, type Field, type FieldAllowance } from './protobuf.ts'

export type OnnxInside = Extract<Inside, { kind: 'onnx' }>

const fieldLimit = 2_000_000
const opsetsListed = 64
const metadataListed = 512
const highestIrVersion = 100

/** Fields of ModelProto. @see onnx.proto */
const modelFields = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26])

type Message = { end: number }

async function readPair(cursor: Cursor, { end }: Message, allowance: FieldAllowance) {
  let key = ''
  let text = ''
  let number = 0
  await walkMessage(cursor, end, allowance, async (field) => {
    if (field.number === 1 && field.wire === 'bytes') key = await readFieldText(cursor, field)
    else if (field.number === 2 && field.wire === 'bytes') text = await readFieldText(cursor, field)
    else if (field.number === 2 && field.wire === 'varint') number = field.value
  })
  return { key, text, number }
}

/** Whether an initializer's data lies in another file: TensorProto.data_location, or a list where to find it. */
async function isExternal(cursor: Cursor, { end }: Message, allowance: FieldAllowance): Promise<boolean> {
  let found = false
  await walkMessage(cursor, end, allowance, (field) => {
    if (field.number === 13 || (field.number === 14 && field.wire === 'varint' && field.value === 1))
      found = true
  })
  return found
}

async function readGraph(cursor: Cursor, graph: Message, inside: OnnxInside, allowance: FieldAllowance) {
  await walkMessage(cursor, graph.end, allowance, async (field) => {
    if (field.wire !== 'bytes') return
    if (field.number === 1) inside.nodeCount++
    else if (field.number === 2) inside.graphName = printable(await readFieldText(cursor, field))
    else if (field.number === 5) {
      inside.initializerCount++
      if (!inside.hasExternalData) inside.hasExternalData = await isExternal(cursor, field, allowance)
    } else if (field.number === 15) inside.initializerCount++
  })
}

async function readModelField(cursor: Cursor, field: Field, inside: OnnxInside, allowance: FieldAllowance) {
  if (!modelFields.has(field.number)) malformed('it holds a field that ONNX does not have')
  if (field.wire === 'varint') {
    if (field.number === 1) inside.irVersion = field.value
    return
  }
  if (field.wire !== 'bytes') return
  if (field.number === 2) inside.producer = printable(await readFieldText(cursor, field))
  else if (field.number === 3) {
    const version = printable(await readFieldText(cursor, field), 60)
    if (version) inside.producer = `${inside.producer ?? ''} ${version}`.trim()
  } else if (field.number === 7) await readGraph(cursor, field, inside, allowance)
  else if (field.number === 8 && inside.opsets.length < opsetsListed) {
    const { key, number } = await readPair(cursor, field, allowance)
    inside.opsets.push({ domain: printable(key, 100), version: number })
  } else if (field.number === 14 && inside.metadata.length < metadataListed) {
    const { key, text } = await readPair(cursor, field, allowance)
    inside.metadata.push({ key: printable(key), value: printable(text, 2000) })
  }
}

/** Whether the first bytes can be those of an ONNX model: its format's version, then one of its fields. */
export function looksLikeOnnx(head: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = head
  const isNextField = (next & 7) === 2 ? modelFields.has(next >> 3) : next === 0x28
  return tag === 0x08 && version > 0 && version <= highestIrVersion && isNextField
}

/** Walks an ONNX model without reading its weights. @throws Malformed */
export async function readOnnx(reader: ByteReader, budget: Budget): Promise<OnnxInside> {
  const inside: OnnxInside = {
    kind: 'onnx',
    irVersion: null,
    opsets: [],
    producer: null,
    graphName: null,
    nodeCount: 0,
    initializerCount: 0,
    hasExternalData: false,
    metadata: [],
    incomplete: false,
  }
  let hasGraph = false
  const allowance = { left: fieldLimit }
  const cursor = createCursor(reader, budget)
  try {
    await walkMessage(cursor, reader.sizeBytes, allowance, (field) => {
      hasGraph ||= field.number === 7
      return readModelField(cursor, field, inside, allowance)
    })
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error
    inside.incomplete = true
  }
  if (!hasGraph && !inside.incomplete) malformed('it has no graph')
  if (inside.irVersion === null && !inside.incomplete)
    malformed('it does not say which version of ONNX it is')
  return inside
}
