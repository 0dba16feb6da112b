import { formatCounted } from '../../shared/format.ts'
import type { FolderKind } from '../../shared/model-inspection.ts'

type Folder = FolderKind['folder']

const words: Record<Folder, string> = {
  'hugging-face': 'Hugging Face folder',
  'saved-model': 'SavedModel folder',
  mlflow: 'MLflow folder',
  diffusers: 'Diffusers folder',
  keras: 'Keras folder',
  'core-ml': 'Core ML folder',
  'sentence-transformers': 'Sentence Transformers folder',
  'torch-checkpoint': 'PyTorch checkpoint folder',
  onnx: 'ONNX folder',
  gguf: 'gguf folder',
  plain: 'folder',
}

const weights =
  /^(model|pytorch_model|tf_model|flax_model|adapter_model|consolidated)\b.*\.(safetensors|bin|h5|msgpack|pth)$/
const companions =
  /^(tokenizer\.json|tokenizer_config\.json|tokenizer\.model|vocab\.(txt|json)|generation_config\.json|preprocessor_config\.json|.+\.safetensors)$/

/** Asked in this order: the first that fits is it. Every name is relative to the folder, with `/`. */
const rules: readonly (readonly [Folder, (names: ReadonlySet<string>) => boolean])[] = [
  ['saved-model', (names) => names.has('saved_model.pb') || names.has('saved_model.pbtxt')],
  ['mlflow', (names) => names.has('MLmodel')],
  ['diffusers', (names) => names.has('model_index.json')],
  ['sentence-transformers', (names) => names.has('config_sentence_transformers.json')],
  ['keras', (names) => names.has('model.weights.h5') && names.has('config.json')],
  ['core-ml', (names) => names.has('Manifest.json') && some(names, /^Data\/com\.apple\.CoreML\//)],
  ['hugging-face', isHuggingFace],
  ['torch-checkpoint', (names) => some(names, /(\.distcp|mp_rank_\d+_model_states\.pt)$/)],
  ['onnx', (names) => some(names, /^[^/]+\.onnx$/)],
  ['gguf', (names) => some(names, /^[^/]+\.gguf$/)],
]

function some(names: ReadonlySet<string>, pattern: RegExp): boolean {
  for (const name of names) if (pattern.test(name)) return true
  return false
}

function isHuggingFace(names: ReadonlySet<string>): boolean {
  if (names.has('adapter_config.json')) return true
  if (some(names, /^snapshots\/[0-9a-f]{8,64}\//) && some(names, /^(blobs|refs)\//)) return true
  return names.has('config.json') && (some(names, weights) || some(names, companions))
}

/** What a folder is, from the names of its files alone.
 * @param names of files, relative to the folder, with `/`; also those that will be left out */
export function folderKindOf(names: readonly string[]): FolderKind {
  const all = new Set(names)
  const folder = rules.find(([, fits]) => fits(all))?.[0] ?? 'plain'
  const fileCount = all.size
  return { folder, label: `${words[folder]} · ${formatCounted(fileCount, 'file')}`, fileCount }
}
