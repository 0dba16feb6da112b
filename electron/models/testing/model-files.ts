/** Small valid files of every format that has a parser, for tests: as bytes, built by hand. */
import { deflateRawSync } from 'node:zlib'
import { global, pickle, proto, text, TUPLE1 } from './pickle-bytes.ts'

const u16 = (value: number) => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

export function safetensorsFile(header: unknown, dataBytes: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  return Buffer.concat([u64(json.length), json, Buffer.alloc(dataBytes, 1)])
}

export const smallSafetensors = (): Buffer =>
  safetensorsFile(
    {
      __metadata__: { format: 'pt' },
      'model.embed.weight': { dtype: 'BF16', shape: [4, 8], data_offsets: [0, 64] },
      'model.layers.0.bias': { dtype: 'F32', shape: [8], data_offsets: [64, 96] },
    },
    96,
  )

const ggufText = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)])

/** GGUF 3 with a text, a number, a list of texts and two tensors. */
export function smallGguf(dataBytes = 34 * 2 + 28 + 64): Buffer {
  const tokens = ['<s>', '</s>', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(2),
    u64(3),
    ggufText('general.architecture'),
    u32(8),
    ggufText('llama'),
    ggufText('general.file_type'),
    u32(4),
    u32(7),
    ggufText('tokenizer.ggml.tokens'),
    u32(9),
    u32(8),
    u64(tokens.length),
    ...tokens.map(ggufText),
    ggufText('token_embd.weight'),
    u32(2),
    u64(32),
    u64(2),
    u32(8),
    u64(0),
    ggufText('output_norm.weight'),
    u32(1),
    u64(16),
    u32(0),
    u64(96),
  ])
  const padding = Buffer.alloc((32 - (head.length % 32)) % 32)
  return Buffer.concat([head, padding, Buffer.alloc(dataBytes)])
}

const field = (number: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([number * 8 + 2, payload.length]), payload])

/** An ONNX model of opset 17 with two nodes and one initializer. */
export function smallOnnx(): Buffer {
  const node = field(1, field(4, Buffer.from('MatMul')))
  const initializer = field(5, Buffer.concat([Buffer.from([8, 2, 16, 1]), field(9, Buffer.alloc(8))]))
  const graph = field(7, Buffer.concat([node, node, field(2, Buffer.from('main_graph')), initializer]))
  const opset = field(8, Buffer.concat([field(1, Buffer.alloc(0)), Buffer.from([16, 17])]))
  const metadata = field(
    14,
    Buffer.concat([field(1, Buffer.from('author')), field(2, Buffer.from('nobody'))]),
  )
  return Buffer.concat([
    Buffer.from([8, 8]),
    field(2, Buffer.from('pytorch')),
    field(3, Buffer.from('2.9')),
    graph,
    opset,
    metadata,
  ])
}

export function smallSavedModel(): Buffer {
  const info = Buffer.concat([field(4, Buffer.from('serve')), field(5, Buffer.from('2.18.0'))])
  return Buffer.concat([Buffer.from([8, 1]), field(2, field(1, info))])
}

export function npyFile(descr: string, shape: string, data: Uint8Array): Buffer {
  const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`
  const padded = Buffer.from(`${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), u16(padded.length), padded, data])
}

export const smallNpy = (): Buffer => npyFile("'<f4'", '(2, 3)', Buffer.alloc(24))

/** A zip archive. @param deflate whether entries are compressed */
export function zipFile(entries: Readonly<Record<string, Uint8Array>>, deflate = false): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(entries)) {
    const data = deflate ? deflateRawSync(content) : Buffer.from(content)
    const sizes = Buffer.concat([u32(0), u32(data.length), u32(content.length)])
    const method = u16(deflate ? 8 : 0)
    const nameBytes = Buffer.from(name)
    const head = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      u16(20),
      u16(0),
      method,
      u32(0),
      sizes,
      u16(nameBytes.length),
      u16(0),
      nameBytes,
      data,
    ])
    local.push(head)
    central.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02'),
        u16(20),
        u16(20),
        u16(0),
        method,
        u32(0),
        sizes,
        u16(nameBytes.length),
        u16(0),
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(offset),
        nameBytes,
      ]),
    )
    offset += head.length
  }
  const directory = Buffer.concat(central)
  const count = u16(central.length)
  const end = [
    Buffer.from('PK\x05\x06'),
    u16(0),
    u16(0),
    count,
    count,
    u32(directory.length),
    u32(offset),
    u16(0),
  ]
  return Buffer.concat([...local, directory, ...end])
}

/** The pickle that everybody fears: `os.system('echo')`. */
export const shellPickle = (): Uint8Array =>
  pickle(proto(4), text('os'), text('system'), '\x93', text('echo'), TUPLE1, 'R.')

/** A PyTorch file whose pickle rebuilds nothing, only names what such pickles name. */
export function smallTorch(deflate = false): Buffer {
  const data = pickle(
    proto(2),
    global('collections', 'OrderedDict'),
    ')R',
    global('torch', 'FloatStorage'),
    '0.',
  )
  return zipFile(
    { 'net/data.pkl': data, 'net/version': Buffer.from('3\n'), 'net/data/0': Buffer.alloc(16) },
    deflate,
  )
}
