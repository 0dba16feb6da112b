import type { Layer } from './network.ts'

/** Numbers as 32-bit floats, little endian. */
function float32(values: Float64Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes
}

/** The network as a safetensors file: `layers.0.weight`, `layers.0.bias`, and so on. */
export function toSafetensors(layers: readonly Layer[], metadata: Record<string, string>): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata }
  const data: Buffer[] = []
  let offset = 0
  const add = (name: string, shape: readonly number[], values: Float64Array) => {
    const bytes = float32(values)
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + bytes.length] }
    data.push(bytes)
    offset += bytes.length
  }
  for (const [index, { inputs, outputs, weight, bias }] of layers.entries()) {
    add(`layers.${index}.weight`, [outputs, inputs], weight)
    add(`layers.${index}.bias`, [outputs], bias)
  }
  const text = JSON.stringify(header)
  // The data starts at a multiple of eight; the format pads with spaces.
  const padded = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8, ' '))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...data])
}

/** A value that Python's standard library alone can load: `floats` becomes an `array.array('f')`. */
export type PickleValue =
  | string
  | number
  | readonly PickleValue[]
  | { readonly [key: string]: PickleValue }
  | { readonly floats: Float64Array }

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([Buffer.from('X'), length, bytes])
}

function number(value: number): Buffer {
  const isInteger = Number.isInteger(value) && Math.abs(value) < 2 ** 31
  const bytes = Buffer.alloc(isInteger ? 5 : 9)
  bytes.write(isInteger ? 'J' : 'G', 'latin1')
  if (isInteger) bytes.writeInt32LE(value, 1)
  else bytes.writeDoubleBE(value, 1)
  return bytes
}

/** `array._array_reconstructor(array.array, 'f', 14, bytes)`; 14 is a little-endian float of 4 bytes. */
function floatArray(values: Float64Array): Buffer {
  const bytes = float32(values)
  const length = Buffer.alloc(5)
  length.write('B', 'latin1')
  length.writeUInt32LE(bytes.length, 1)
  const callee = Buffer.from('carray\n_array_reconstructor\n(carray\narray\n')
  return Buffer.concat([callee, text('f'), number(14), length, bytes, Buffer.from('tR')])
}

const isFloats = (value: object): value is { readonly floats: Float64Array } =>
  'floats' in value && value.floats instanceof Float64Array

function encode(value: PickleValue): Buffer {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (isFloats(value)) return floatArray(value.floats)
  const isList = Array.isArray(value)
  const items = isList
    ? value.map(encode)
    : Object.entries(value).flatMap(([key, item]) => [text(key), encode(item)])
  return Buffer.concat([Buffer.from(isList ? '](' : '}('), ...items, Buffer.from(isList ? 'e' : 'u')])
}

/** A pickle of protocol 3, which every Python 3 loads. */
export const toPickle = (value: PickleValue): Buffer =>
  Buffer.concat([Buffer.from([0x80, 3]), encode(value), Buffer.from('.')])
