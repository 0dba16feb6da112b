import { describe, expect, it } from 'vitest'
import { memoryReader } from './byte-reader.ts'
import { inspectModel } from './inspect.ts'
import { smallGguf } from './testing/model-files.ts'
import { sparseReader, watchReader } from './testing/watched-reader.ts'

const inspect = (file: Uint8Array) => inspectModel(memoryReader(file), 'model.gguf')
const changed = (at: number, hex: string) => {
  const file = smallGguf()
  file.set(Buffer.from(hex, 'hex'), at)
  return file
}

describe('GGUF', () => {
  it('lists tensors with the slowest dimension first, metadata and the quantisation', async () => {
    const { summary, inside } = await inspect(smallGguf())
    expect(summary).toMatchObject({ kind: 'gguf', label: 'gguf · Q8_0', malformed: null })
    expect(inside).toMatchObject({
      format: 'gguf',
      tensors: [
        { name: 'token_embd.weight', dtype: 'Q8_0', shape: [2, 32], sizeBytes: 68 },
        { name: 'output_norm.weight', dtype: 'F32', shape: [16], sizeBytes: 64 },
      ],
      metadata: [
        { key: 'general.architecture', value: 'llama' },
        { key: 'general.file_type', value: '7' },
        { key: 'tokenizer.ggml.tokens', value: '[<s>, </s>, a, b, c, d, e, f, … 10 in all]' },
      ],
      parameterCount: 80,
    })
  })

  it('names the quantisation by the tensors where the metadata does not', async () => {
    const file = smallGguf()
    const at = file.indexOf('general.file_type')
    file.write('general.xile_type', at)
    expect((await inspect(file)).summary.label).toBe('gguf · Q8_0')
  })

  it('reads the head only of a large file', async () => {
    const reader = watchReader(sparseReader(smallGguf(), 3_094_623_691))
    expect((await inspectModel(reader, 'whisper.gguf')).summary.label).toBe('gguf · Q8_0')
    expect(reader.totalBytes()).toBeLessThan(100_000)
  })

  it.each([
    ['another version', changed(4, '01000000'), 'it is GGUF version 1; 2 and 3 can be read'],
    ['too many tensors', changed(8, 'ffffff7f00000000'), 'it claims more tensors than it can hold'],
    ['an impossible count', changed(8, 'ffffffffffffffff'), 'a length in it is impossibly large'],
    ['too much metadata', changed(16, 'ffffff7f00000000'), 'it claims more metadata than it can hold'],
    ['a long key', changed(24, 'ffffff7f00000000'), 'a text in it is longer than the file'],
    ['an unknown type', changed(24 + 8 + 20, '63000000'), 'its metadata has an unknown type'],
    ['data that is cut off', smallGguf(10), 'its data is cut off'],
    ['a head that is cut off', smallGguf().subarray(0, 60), 'it ends too early'],
  ])('says what is wrong: %s', async (_, file, reason) => {
    expect((await inspect(file)).summary).toMatchObject({ kind: 'gguf', label: 'gguf', malformed: reason })
  })
})
