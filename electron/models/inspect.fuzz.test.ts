import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ModelInspection } from '../../shared/model-inspection.ts'
import { inspectModel } from './inspect.ts'
import {
  npyFile,
  shellPickle,
  smallGguf,
  smallNpy,
  smallOnnx,
  smallSafetensors,
  smallSavedModel,
  smallTorch,
  zipFile,
} from './testing/model-files.ts'
import { pickle, proto } from './testing/pickle-bytes.ts'
import { watchBytes } from './testing/watched-reader.ts'

const seeds: Readonly<Record<string, Uint8Array>> = {
  'model.safetensors': smallSafetensors(),
  'model.gguf': smallGguf(),
  'model.onnx': smallOnnx(),
  'saved_model.pb': smallSavedModel(),
  'array.npy': smallNpy(),
  'objects.npy': npyFile("'|O'", '(1,)', shellPickle()),
  'arrays.npz': zipFile({ 'a.npy': smallNpy(), 'b.npy': npyFile("'|O'", '()', shellPickle()) }, true),
  'model.pkl': shellPickle(),
  'old.pkl': pickle("(dp0\nS'a'\np1\n((I1\nL2L\nF1.5\nltp2\nsV\\u0041b\np3\n(icollections\nCounter\ns."),
  'many.pkl': pickle(proto(5), '}\x94(K\x01]\x94(G\x00\x00\x00\x00\x00\x00\x00\x00\x88\x89Neu.'),
  'model.pt': smallTorch(),
  'packed.pt': smallTorch(true),
  'model.ubj': Buffer.from('{L\0\0\0\0\0\0\0\x07learner{', 'latin1'),
  'model.json': Buffer.from('{"learner":{},"version":[3,1,2]}'),
  'model.txt': Buffer.from('tree\nversion=v4\nnum_class=1\n'),
  'file.age': Buffer.from('age-encryption.org/v1\n-> X25519 abc\n'),
}

/** Sizes and counts that parsers trip over, written over the bytes at some place. */
const awkward = fc.constantFrom(
  'ffffffffffffffff',
  'ffffff7f',
  '00000080',
  '0000000000000080',
  'ff',
  '00',
  '7f',
  '80',
)

const change = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.nat(),
    bytes: awkward.map((hex) => Buffer.from(hex, 'hex')),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(), length: fc.nat(200) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

function mutate(original: Uint8Array, changes: readonly Change[]): Uint8Array {
  let file = Buffer.from(original)
  for (const step of changes) {
    const at = step.at % (file.length + 1)
    if (step.kind === 'cut') file = file.subarray(0, at)
    else if (step.kind === 'set') file.set(step.bytes.subarray(0, file.length - at), at)
    else {
      const inserted = step.kind === 'insert' ? step.bytes : file.subarray(at, at + step.length)
      file = Buffer.concat([file.subarray(0, at), inserted, file.subarray(at)])
    }
  }
  return file
}

/**
 * Inspects; `plain` is the answer as the contract reads it after a journey between processes.
 * Files are small: several parsers may have a look, but none may go over them again and again.
 */
async function inspectWatched(file: Uint8Array, name: string) {
  const reader = watchBytes(file)
  const inspection = await inspectModel(reader, name)
  const isFrugal = reader.totalBytes() < 40 * file.length + 4096
  return { inspection, plain: ModelInspection.parse(structuredClone(inspection)), isFrugal }
}

describe('inspection of damaged files', () => {
  it.each(Object.keys(seeds))('answers, and reads nothing outside: %s', async (name) => {
    const original = seeds[name] ?? new Uint8Array(0)
    const changes = fc.array(change, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(changes, async (steps) => {
        const { inspection, plain, isFrugal } = await inspectWatched(mutate(original, steps), name)
        expect([plain, isFrugal]).toEqual([inspection, true])
      }),
      { numRuns: 400 },
    )
  })

  it('answers for arbitrary bytes under any name', async () => {
    const names = fc.constantFrom(...Object.keys(seeds), 'x.h5', 'x.bin', 'x')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), names, async (bytes, name) => {
        const { inspection, plain, isFrugal } = await inspectWatched(bytes, name)
        expect([plain, isFrugal]).toEqual([inspection, true])
      }),
      { numRuns: 2000 },
    )
  })

  it('answers for arbitrary opcodes, and never forgets a shell command that they reach', async () => {
    const opcodes = fc.constantFrom(
      ...Buffer.from(
        '(.012NR]})abdelostu\x85\x86\x87\x88\x89\x8f\x90\x91\x94K\x01h\x00q\x01\x8c\x01a',
        'latin1',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(opcodes, { maxLength: 60 }), async (noise) => {
        const file = pickle(proto(4), 'cos\nsystem\n0', Uint8Array.from(noise))
        const { summary } = (await inspectWatched(file, 'x.pkl')).inspection
        expect(summary.warning).toMatchObject({
          severity: 'runs-code',
          flagged: expect.arrayContaining(['os.system']),
        })
      }),
      { numRuns: 1000 },
    )
  })

  it('finds every seed to be what it is', async () => {
    const kinds = await Promise.all(
      Object.entries(seeds).map(async ([name, file]) => {
        const { summary } = (await inspectWatched(file, name)).inspection
        expect(summary.malformed).toBeNull()
        return `${name}: ${summary.label}`
      }),
    )
    expect(kinds).toEqual([
      'model.safetensors: safetensors',
      'model.gguf: gguf · Q8_0',
      'model.onnx: ONNX · opset 17',
      'saved_model.pb: TensorFlow SavedModel',
      'array.npy: NumPy array',
      'objects.npy: NumPy array',
      'arrays.npz: NumPy archive',
      'model.pkl: pickle',
      'old.pkl: pickle',
      'many.pkl: pickle',
      'model.pt: pickle · PyTorch',
      'packed.pt: pickle · PyTorch',
      'model.ubj: XGBoost UBJSON',
      'model.json: XGBoost JSON',
      'model.txt: LightGBM text',
      'file.age: age file',
    ])
  })
})
