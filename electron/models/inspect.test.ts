import { describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { memoryReader } from './byte-reader.ts'
import { identify, inspectModel } from './inspect.ts'
import { npyFile, shellPickle, smallNpy, smallOnnx, smallSavedModel, zipFile } from './testing/model-files.ts'
import { bytes, global, pickle, proto, text } from './testing/pickle-bytes.ts'

const inspect = (file: Uint8Array | string, name: string) =>
  inspectModel(memoryReader(typeof file === 'string' ? Buffer.from(file, 'latin1') : file), name)

const sklearn = pickle(
  proto(4),
  global('sklearn.svm._classes', 'SVC'),
  ')\x81}(',
  text('_sklearn_version'),
  text('1.7.2'),
  'ub.',
)
const tar = (() => {
  const block = Buffer.alloc(512)
  block.write('model.pkl')
  block.write('ustar', 257)
  return Buffer.concat([block, Buffer.alloc(1024)])
})()
const identity = `AGE-SECRET-KEY-1${'Q'.repeat(58)}`

describe('labels', () => {
  it.each<[kind: string, label: string, name: string, file: Uint8Array | string]>([
    ['pickle', 'pickle · scikit-learn 1.7.2', 'fraud_detector.pkl', sklearn],
    ['pickle', 'pickle · joblib', 'mcc-classifier.joblib', sklearn],
    ['pickle', 'pickle · XGBoost', 'a', pickle(proto(2), global('xgboost.core', 'Booster'), '.')],
    ['pickle', 'pickle', 'packed.pkl.gz', gzipSync(pickle(proto(4), '].'))],
    [
      'torch-legacy',
      'pickle · PyTorch',
      'old.pt',
      '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.',
    ],
    ['onnx', 'ONNX · opset 17', 'embedder.onnx', smallOnnx()],
    ['onnx', 'ONNX · opset 17', 'embedder', smallOnnx()],
    ['tensorflow-saved-model', 'TensorFlow SavedModel', 'saved_model.pb', smallSavedModel()],
    ['hdf5', 'HDF5 · Keras', 'ner.h5', '\x89HDF\r\n\x1a\n\0\0\0keras_version'],
    ['hdf5', 'HDF5', 'data.h5', '\x89HDF\r\n\x1a\n\0\0\0'],
    ['hdf5', 'HDF5', 'user-block.h5', `${'\0'.repeat(1024)}\x89HDF\r\n\x1a\n`],
    ['numpy-array', 'NumPy array', 'x.npy', smallNpy()],
    ['numpy-archive', 'NumPy archive', 'x.npz', zipFile({ 'a.npy': smallNpy() })],
    [
      'keras-zip',
      'Keras archive',
      'x.keras',
      zipFile({ 'config.json': Buffer.from('{}'), 'model.weights.h5': Buffer.from('') }),
    ],
    ['zip', 'zip archive', 'x.zip', zipFile({ 'a.txt': Buffer.from('a') })],
    ['xgboost-ubjson', 'XGBoost UBJSON', 'x.ubj', '{L\0\0\0\0\0\0\0\x07learner{'],
    ['xgboost-json', 'XGBoost JSON', 'x.json', '{"learner":{"a":1},"version":[3,0,1]}'],
    ['lightgbm-text', 'LightGBM text', 'x.txt', 'tree\nversion=v4\nnum_class=1\n'],
    ['catboost', 'CatBoost', 'x.cbm', 'CBM1....'],
    ['tflite', 'TensorFlow Lite', 'x.tflite', '\x1c\0\0\0TFL3\0\0'],
    ['age', 'age file', 'x.pkl', 'age-encryption.org/v1\n-> X25519 a\n'],
    ['age-armored', 'age file · armored', 'x', '\n-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n'],
    ['age-identity', 'age identity', 'notes.txt', `# created: today\r\n\r\n${identity}\n`],
    ['age-identity', 'age identity', 'k', 'AGE-SECRET-KEY-PQ-1QQQ'],
    ['tar', 'tar archive', 'x.tar', tar],
    ['gzip', 'gzip', 'x.tar.gz', gzipSync(tar)],
    ['json', 'JSON', 'config.json', '{"a": 1}'],
    ['text', 'text', 'README.md', '# A model\n\nIt is good.\n'],
    ['text', 'text', 'how-to.md', `Use it like this:\n${identity}\n`],
    ['binary', 'empty file', 'x.pkl', ''],
    ['binary', 'binary', 'x.bin', '\0\x01\x02\xff\xfe'],
  ])('%s: %s (%s)', async (kind, label, name, file) => {
    const { summary } = await inspect(file, name)
    expect(summary).toMatchObject({ kind, label, malformed: null })
  })
})

describe('inspection', () => {
  it('never repeats an identity', async () => {
    for (const name of ['key.txt', 'key.pkl', 'key.json', 'x']) {
      for (const content of [identity, `{"a": "${identity}"}`, `text ${identity}`, `V${identity}\n.`]) {
        expect(JSON.stringify(await inspect(content, name))).not.toContain('QQQQ')
      }
    }
  })

  it('warns of a shell command in short form', async () => {
    const { warning } = await identify(memoryReader(shellPickle()), 'model.pkl')
    expect(warning).toEqual({
      severity: 'runs-code',
      danger: 'shell-command',
      flagged: ['os.system'],
      flaggedCount: 1,
      hidden: 0,
      importCount: 1,
      incomplete: false,
    })
  })

  it.each([
    ['an array of objects', 'x.npy', npyFile("'|O'", '(1,)', shellPickle())],
    ['a record with objects', 'x.npy', npyFile("[('a', '<f4'), ('b', '|O')]", '(1,)', shellPickle())],
    ['a type in other quotes', 'x.npy', npyFile('"|O"', '(1,)', shellPickle())],
    ['a spelt-out type', 'x.npy', npyFile("'object'", '(1,)', shellPickle())],
    ['an archive of arrays', 'x.npz', zipFile({ 'a.npy': npyFile("'|O'", '()', shellPickle()) }, true)],
    ['a zip of anything', 'x.zip', zipFile({ 'readme.txt': Buffer.from(''), 'm/model.pkl': shellPickle() })],
    ['a packed pickle', 'x.pkl.gz', gzipSync(shellPickle())],
    ['a pickle that is a GGUF, too', 'x.pkl', Buffer.from('GGUF\x03\0\0\0\x000cos\nsystem\n)R.', 'latin1')],
    ['a pickle without a mark', 'x.dat', Buffer.from("cos\nsystem\n(S'id'\ntR.")],
    [
      'a TorchScript archive',
      'x.pt',
      zipFile({ 'm/code/__torch__.py': Buffer.from(''), 'm/data.pkl': shellPickle() }),
    ],
  ])('finds the shell command in %s', async (_, name, file) => {
    const { summary } = await inspect(file, name)
    expect(summary.warning).toMatchObject({
      severity: 'runs-code',
      danger: 'shell-command',
      flagged: ['os.system'],
    })
  })

  it("warns of Keras's Lambda layers", async () => {
    const config = Buffer.from('{"config": {"layers": [{"class_name": "Lambda"}]}}')
    const { summary } = await inspect(
      zipFile({ 'config.json': config, 'model.weights.h5': Buffer.from('') }),
      'x.keras',
    )
    expect(summary.warning).toMatchObject({
      severity: 'runs-code',
      danger: 'code',
      flagged: ['keras.layers.Lambda'],
    })
  })

  it('tells where an ONNX model keeps its weights', async () => {
    const external = Buffer.from(smallOnnx())
    const { inside } = await inspect(external, 'x.onnx')
    expect(inside).toMatchObject({
      kind: 'onnx',
      irVersion: 8,
      opsets: [{ domain: '', version: 17 }],
      producer: 'pytorch 2.9',
      graphName: 'main_graph',
      nodeCount: 2,
      initializerCount: 1,
      hasExternalData: false,
      metadata: [{ key: 'author', value: 'nobody' }],
    })
    // The initializer's raw data (field 9) becomes the list of where it lies (field 13).
    external[external.indexOf(Buffer.from([9 * 8 + 2, 8, 0, 0]))] = 13 * 8 + 2
    expect((await inspect(external, 'x.onnx')).inside).toMatchObject({ hasExternalData: true })
  })

  it('does not unpack a zip of bombs', async () => {
    const bomb = pickle(proto(4), bytes(Buffer.alloc(20_000_000)), '.')
    const entries = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`m/${at}.pkl`, bomb]))
    const { summary, inside } = await inspect(zipFile(entries, true), 'x.pt')
    expect(summary.warning).toMatchObject({ severity: 'unknown', incomplete: true })
    expect(inside.kind === 'pickle' && inside.streams.length).toBeLessThan(14)
  }, 60_000)

  it('says that a broken zip is one', async () => {
    const file = zipFile({ 'a/data.pkl': shellPickle() }).subarray(0, -30)
    expect((await inspect(file, 'x.pt')).summary).toMatchObject({
      kind: 'zip',
      malformed: 'its zip directory is missing',
    })
  })

  it('passes on what the reader throws', async () => {
    const reader = { sizeBytes: 10, read: () => Promise.reject(new Error('the share is gone')) }
    await expect(inspectModel(reader, 'x')).rejects.toThrow('the share is gone')
  })

  it('answers where a file shrinks while it is read', async () => {
    const reader = { sizeBytes: 1_000_000, read: () => Promise.resolve(new Uint8Array(100)) }
    const { summary } = await inspectModel(reader, 'x')
    expect(summary).toMatchObject({ kind: 'binary', malformed: 'it ends too early' })
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    controller.abort(new Error('the sheet was closed'))
    const stopped = inspectModel(memoryReader(shellPickle()), 'x', { signal: controller.signal })
    await expect(stopped).rejects.toThrow('the sheet was closed')
  })
})
