import type { ModelInspection, ModelKind, ModelSummary } from '../../shared/model-inspection.ts'
import { binaryFormatOf, isHdf5BehindUserBlock, isKerasHdf5, type BinaryFormat } from './binary-formats.ts'
import { createBudget, LimitReached, Malformed } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'
import { readRange } from './cursor.ts'
import { readGguf } from './gguf.ts'
import { inspectPackedPickle, inspectPickle, isPickleName, startsWithProtocol } from './inspect-pickle.ts'
import { inspectZip } from './inspect-zip.ts'
import { readNpyHeader, scanNpyObjects } from './numpy.ts'
import { looksLikeOnnx, readOnnx, type OnnxInside } from './onnx.ts'
import { answer, type Subject } from './parts.ts'
import { warningOf } from './pickle/findings.ts'
import { createScan, findingsOfScan, withinBounds } from './pickle/scan.ts'
import { looksLikeSafetensors, readSafetensors } from './safetensors.ts'
import { readSavedModel } from './saved-model.ts'
import { createTensorTable } from './tensor-table.ts'
import { lightgbmFactsOf, textFormatOf, xgboostVersionOf, type TextFormat } from './text-formats.ts'

const headBytes = 65_536
const totalReadBytes = 268_435_456

export interface InspectOptions {
  /** Ends the inspection by throwing the signal's reason. */
  signal?: AbortSignal
}

/** What a file is, and what is inside it, from few bounded reads; nothing in it is ever executed.
 * Damage is an answer (`summary.malformed`), not an error.
 * @param fileName only its extension counts, and only where the content leaves a doubt
 * @throws what the reader throws, and the signal's reason */
export async function inspectModel(
  reader: ByteReader,
  fileName: string,
  options: InspectOptions = {},
): Promise<ModelInspection> {
  const budget = createBudget(totalReadBytes, options.signal)
  return orMalformed('binary', 'binary', async () => {
    const head = await readRange(reader, budget, 0, Math.min(headBytes, reader.sizeBytes))
    return inspectSubject({ reader, fileName, budget, head })
  })
}

async function inspectSubject(subject: Subject): Promise<ModelInspection> {
  const { fileName } = subject
  const found = await inspectByContent(subject)
  // One file can be two things at once. What is called a pickle will be loaded as one.
  const isAlreadyPickle = found.inside.kind === 'pickle' && found.summary.kind !== 'torch-zip'
  if (isAlreadyPickle || !isPickleName(fileName)) return found
  const asPickle = await inspectPickle(subject)
  return asPickle?.summary.warning?.severity === 'runs-code' ? asPickle : found
}

/** The summary alone: what the table and the encrypt sheet show. Costs as much as `inspectModel`. */
export async function identify(
  reader: ByteReader,
  fileName: string,
  options: InspectOptions = {},
): Promise<ModelSummary> {
  return (await inspectModel(reader, fileName, options)).summary
}

/** Turns what a parser throws about a file into an answer about it. */
async function orMalformed(
  kind: ModelKind,
  label: string,
  inspect: () => Promise<ModelInspection>,
): Promise<ModelInspection> {
  try {
    return await inspect()
  } catch (error) {
    if (error instanceof Malformed) return answer(kind, label, { kind: 'none' }, { malformed: error.reason })
    if (error instanceof LimitReached) return answer(kind, label)
    throw error
  }
}

async function inspectByContent(subject: Subject): Promise<ModelInspection> {
  const { reader, head, budget, fileName } = subject
  if (reader.sizeBytes === 0) return answer('binary', 'empty file')
  const text = textFormatOf(head)
  if (text === 'age') return answer('age', 'age file')
  if (text === 'age-armored') return answer('age-armored', 'age file · armored')
  if (text === 'age-identity') return answer('age-identity', 'age identity')
  const isSafetensors = looksLikeSafetensors(head, reader.sizeBytes)
  if (startsWithProtocol(head)) {
    const pickle = await inspectPickle(subject)
    // The length at the start of a safetensors file can look like a pickle's first opcode.
    const isChance = isSafetensors && pickle?.summary.malformed !== null && pickle?.inside.kind === 'pickle'
    if (pickle && !(isChance && pickle.summary.warning?.severity !== 'runs-code')) return pickle
  }
  if (isSafetensors) {
    return orMalformed('safetensors', 'safetensors', async () => {
      const inside = await readSafetensors(reader, budget)
      return answer('safetensors', 'safetensors', inside ?? { kind: 'none' })
    })
  }
  const binary = binaryFormatOf(head)
  if (binary) return inspectBinary(subject, binary)
  if (text === 'lightgbm-text' || text === 'xgboost-json') return inspectText(subject, text)
  const unmarked =
    (await inspectPackedPickle(subject, 'zlib')) ??
    (await inspectProtobuf(subject)) ??
    (await inspectPickle(subject))
  if (unmarked) return unmarked
  if (text === 'json') return answer('json', 'JSON')
  if (text === 'text') return answer('text', 'text')
  if (/\.(h5|hdf5)$/i.test(fileName) && (await isHdf5BehindUserBlock(reader, budget)))
    return answer('hdf5', 'HDF5')
  return answer('binary', 'binary')
}

async function inspectBinary(subject: Subject, format: BinaryFormat): Promise<ModelInspection> {
  const { reader, head, budget } = subject
  switch (format) {
    case 'gguf':
      return orMalformed('gguf', 'gguf', async () => {
        const { inside, quantisation } = await readGguf(reader, budget)
        return answer('gguf', quantisation === null ? 'gguf' : `gguf · ${quantisation}`, inside)
      })
    case 'npy':
      return orMalformed('numpy-array', 'NumPy array', () => inspectNpy(subject))
    case 'zip':
      return orMalformed('zip', 'zip archive', () => inspectZip(subject))
    case 'gzip':
      return (await inspectPackedPickle(subject, 'gzip')) ?? answer('gzip', 'gzip')
    case 'hdf5':
      return isKerasHdf5(head)
        ? answer('hdf5', 'HDF5 · Keras', { kind: 'none' }, { framework: 'Keras' })
        : answer('hdf5', 'HDF5')
    case 'xgboost-ubjson':
      return answer('xgboost-ubjson', 'XGBoost UBJSON', { kind: 'none' }, { framework: 'XGBoost' })
    case 'xgboost-binary':
      return answer('xgboost-binary', 'XGBoost binary', { kind: 'none' }, { framework: 'XGBoost' })
    case 'catboost':
      return answer('catboost', 'CatBoost', { kind: 'none' }, { framework: 'CatBoost' })
    case 'tflite':
      return answer('tflite', 'TensorFlow Lite', { kind: 'none' }, { framework: 'TensorFlow' })
    case 'tar':
      return answer('tar', 'tar archive')
  }
}

async function inspectNpy({ reader, budget }: Subject): Promise<ModelInspection> {
  const header = await readNpyHeader(reader, budget)
  const scan = createScan(budget)
  await withinBounds(scan, () => scanNpyObjects(scan, reader, header, null))
  const table = createTensorTable()
  table.add('array', header.dtype, header.shape, header.sizeBytes)
  const pickle = header.hasObjects ? findingsOfScan(scan) : null
  const isCut = header.sizeBytes !== null && header.dataOffset + header.sizeBytes > reader.sizeBytes
  const malformed = isCut ? 'its data is cut off' : null
  const more = { framework: 'NumPy', warning: warningOf(pickle), malformed }
  return answer('numpy-array', 'NumPy array', { ...table.finish('npy'), pickle }, more)
}

async function inspectText({ reader, head, budget }: Subject, format: TextFormat): Promise<ModelInspection> {
  if (format === 'lightgbm-text') {
    const facts = lightgbmFactsOf(head)
    return answer('lightgbm-text', 'LightGBM text', { kind: 'facts', facts }, { framework: 'LightGBM' })
  }
  const tailBytes = Math.min(512, reader.sizeBytes)
  const tail = await readRange(reader, budget, reader.sizeBytes - tailBytes, tailBytes)
  const version = xgboostVersionOf(tail) ?? xgboostVersionOf(head.subarray(0, 512))
  const framework = version === null ? 'XGBoost' : `XGBoost ${version}`
  return answer('xgboost-json', 'XGBoost JSON', { kind: 'none' }, { framework })
}

const onnxLabel = ({ opsets }: OnnxInside): string => {
  const main = opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  return main ? `ONNX · opset ${main.version}` : 'ONNX'
}

/** ONNX and SavedModel have no magic number: they are what can be read as such, or what is named so. */
async function inspectProtobuf(subject: Subject): Promise<ModelInspection | null> {
  const { reader, head, budget, fileName } = subject
  const isSavedModelName = /(^|[/\\])saved_model\.pb$/i.test(fileName)
  const inspectSavedModel = async () => {
    const facts = await readSavedModel(reader, budget)
    const label = 'TensorFlow SavedModel'
    return answer('tensorflow-saved-model', label, { kind: 'facts', facts }, { framework: 'TensorFlow' })
  }
  if (isSavedModelName) {
    return orMalformed('tensorflow-saved-model', 'TensorFlow SavedModel', inspectSavedModel)
  }
  if (!looksLikeOnnx(head)) return null
  const onnx = await orMalformed('onnx', 'ONNX', async () => {
    const inside = await readOnnx(reader, budget)
    return answer('onnx', onnxLabel(inside), inside)
  })
  if (onnx.summary.malformed === null || /\.onnx$/i.test(fileName)) return onnx
  const savedModel = await orMalformed('tensorflow-saved-model', 'TensorFlow SavedModel', inspectSavedModel)
  return savedModel.summary.malformed === null ? savedModel : null
}
