import { describe, expect, it } from 'vitest'
import { inspectModel } from './inspect.ts'
import { memoryReader } from './byte-reader.ts'
import { safetensorsFile, smallSafetensors } from './testing/model-files.ts'
import { sparseReader, watchReader } from './testing/watched-reader.ts'

const inspect = (file: Uint8Array, name = 'model.safetensors') => inspectModel(memoryReader(file), name)
const tensor = (start: number, end: number, shape = [end - start], dtype = 'U8') => ({
  dtype,
  shape,
  data_offsets: [start, end],
})

describe('safetensors', () => {
  it('lists tensors, metadata and parameters', async () => {
    const { summary, inside } = await inspect(smallSafetensors())
    expect(summary).toEqual({
      kind: 'safetensors',
      label: 'safetensors',
      framework: null,
      warning: null,
      malformed: null,
    })
    expect(inside).toEqual({
      kind: 'tensors',
      format: 'safetensors',
      tensors: [
        { name: 'model.embed.weight', dtype: 'BF16', shape: [4, 8], sizeBytes: 64 },
        { name: 'model.layers.0.bias', dtype: 'F32', shape: [8], sizeBytes: 32 },
      ],
      tensorCount: 2,
      truncatedAt: null,
      metadata: [{ key: 'format', value: 'pt' }],
      parameterCount: 40,
      pickle: null,
    })
  })

  it('is told by content, not by name', async () => {
    expect((await inspect(smallSafetensors(), 'weights.bin')).summary.kind).toBe('safetensors')
  })

  it('costs its header only, however large the file', async () => {
    const sizeBytes = 13_476_839_424
    const json = Buffer.from(
      JSON.stringify({ w: { dtype: 'F16', shape: [6_738_415_616], data_offsets: [0, 13_476_831_232] } }),
    )
    const padded = Buffer.concat([json, Buffer.alloc(8184 - json.length, ' ')])
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(8184n)
    const reader = watchReader(sparseReader(Buffer.concat([length, padded]), sizeBytes))
    const { summary, inside } = await inspectModel(reader, 'credit-risk-v7.safetensors')
    expect(summary.malformed).toBeNull()
    expect(inside).toMatchObject({ parameterCount: 6_738_415_616, tensorCount: 1 })
    expect(reader.totalBytes()).toBeLessThan(100_000)
  })

  it('lists 20,000 tensors at most, and counts all', async () => {
    const header = Object.fromEntries(
      Array.from({ length: 20_005 }, (_, at) => [`t${at}`, tensor(at, at + 1)]),
    )
    const { inside } = await inspect(safetensorsFile(header, 20_005))
    expect(inside).toMatchObject({ tensorCount: 20_005, truncatedAt: 20_000, parameterCount: 20_005 })
    expect(inside.kind === 'tensors' && inside.tensors.length).toBe(20_000)
  })

  it('takes keys that mean something to JavaScript for what they are', async () => {
    const header = `{"__proto__":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"__metadata__":{"constructor":"x"}}`
    const { inside } = await inspect(safetensorsFile(header, 2))
    expect(inside).toMatchObject({
      tensors: [{ name: '__proto__' }],
      metadata: [{ key: 'constructor', value: 'x' }],
    })
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('spells out what would mislead on the screen', async () => {
    const { inside } = await inspect(safetensorsFile({ 'a\u202egpj\n': tensor(0, 1) }, 1))
    expect(inside).toMatchObject({ tensors: [{ name: String.raw`a\u202egpj\u000a` }] })
  })

  it.each([
    ['a header that is cut off', smallSafetensors().subarray(0, 60), 'its header is cut off'],
    ['data that is cut off', smallSafetensors().subarray(0, -1), 'its data is cut off'],
    [
      'data behind the last tensor',
      Buffer.concat([smallSafetensors(), Buffer.alloc(1)]),
      'there is more behind its last tensor',
    ],
    ['a gap', safetensorsFile({ a: tensor(0, 2), b: tensor(3, 4) }, 4), 'there is a gap between tensors'],
    ['shared bytes', safetensorsFile({ a: tensor(0, 2), b: tensor(1, 4) }, 4), 'two tensors share bytes'],
    [
      'a wrong size',
      safetensorsFile({ a: tensor(0, 2, [3]) }, 2),
      'a tensor has another size than its shape says',
    ],
    ['a backward range', safetensorsFile({ a: tensor(2, 0, [0]) }, 2), 'a tensor ends before it starts'],
    ['a negative shape', safetensorsFile({ a: tensor(0, 2, [-2]) }, 2), 'a tensor has no valid shape'],
    ['no type', safetensorsFile({ a: { shape: [], data_offsets: [0, 0] } }, 0), 'a tensor has no type'],
    ['a list', safetensorsFile('{"a":[]}', 0), 'an entry of its header is no tensor'],
    ['no JSON', safetensorsFile('{"a":', 0), 'its JSON cannot be parsed'],
    ['deep JSON', safetensorsFile(`{"a":${'['.repeat(100_000)}`, 0), 'its JSON is nested too deeply'],
    [
      'metadata of numbers',
      safetensorsFile('{"__metadata__":{"a":1}}', 0),
      'its metadata is no map of texts',
    ],
  ])('says what is wrong: %s', async (_, file, reason) => {
    expect((await inspect(file)).summary).toMatchObject({ kind: 'safetensors', malformed: reason })
  })

  it('refuses a header larger than the format allows without reading it', async () => {
    const start = Buffer.alloc(16)
    start.writeBigUInt64LE(100_000_001n)
    start.write('{"', 8)
    const reader = watchReader(sparseReader(start, 200_000_000))
    const { summary } = await inspectModel(reader, 'x.safetensors')
    expect(summary.malformed).toBe('its header is larger than the format allows')
    expect(reader.totalBytes()).toBeLessThan(200_000)
  })
})
