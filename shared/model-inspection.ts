import { z } from 'zod'

/**
 * What Weightlock can say about a model file without ever loading it: plain, serialisable facts for the encrypt
 * sheet, the table's Kind column and the details panel. Strings that come out of a file are cut to a bound and have
 * their control and direction characters spelled out (`\u202e`), so that they can be shown as they are.
 */

const count = z.number().int().nonnegative()

/** What a file is, decided by its content; its name only settles what content leaves open. */
export const ModelKind = z.enum([
  'pickle',
  'torch-zip',
  'torch-legacy',
  'safetensors',
  'gguf',
  'onnx',
  'hdf5',
  'keras-zip',
  'numpy-array',
  'numpy-archive',
  'xgboost-ubjson',
  'xgboost-json',
  'xgboost-binary',
  'lightgbm-text',
  'catboost',
  'tflite',
  'tensorflow-saved-model',
  'age',
  'age-armored',
  'age-identity',
  'tar',
  'zip',
  'gzip',
  'json',
  'text',
  'folder',
  'shard-set',
  'binary',
])
export type ModelKind = z.infer<typeof ModelKind>

/** `runs-code`: known to run code of the author's choosing. `unknown`: on no list, so nobody vouches for it. */
export const ImportVerdict = z.enum(['known', 'unknown', 'runs-code'])
export type ImportVerdict = z.infer<typeof ImportVerdict>

/** One callable or class that a pickle names. `isCalled`: the pickle calls it while it is being loaded. */
export const PickleImport = z.object({
  module: z.string(),
  name: z.string(),
  verdict: ImportVerdict,
  isCalled: z.boolean(),
})
export type PickleImport = z.infer<typeof PickleImport>

/** What the flagged imports would do, for the sentence "Loading this pickle …". */
export const PickleDanger = z.enum([
  'shell-command',
  'code',
  'network',
  'files',
  'native-library',
  'nested-pickle',
])
export type PickleDanger = z.infer<typeof PickleDanger>

/**
 * The short form of a pickle's findings, worth a line on the encrypt sheet. `flagged` holds dotted names
 * (`os.system`) of imports whose verdict is the severity's own; at most 50, `flaggedCount` counts all.
 * `hidden` counts imports whose name is computed while loading, and so cannot be read.
 */
export const PickleWarning = z.object({
  severity: z.enum(['unknown', 'runs-code']),
  danger: PickleDanger.nullable(),
  flagged: z.array(z.string()),
  flaggedCount: count,
  hidden: count,
  importCount: count,
  incomplete: z.boolean(),
})
export type PickleWarning = z.infer<typeof PickleWarning>

/** One pickle stream: a file may hold several. `where` is the entry of an archive, null for the file itself. */
export const PickleStream = z.object({
  where: z.string().nullable(),
  offsetBytes: count,
  protocol: count,
  isComplete: z.boolean(),
})
export type PickleStream = z.infer<typeof PickleStream>

/**
 * Everything found in the pickles of one file. `imports` are unique, worst first, at most 2,000 (`importCount` has
 * all). `flagged` as in `PickleWarning`. `incomplete`: a bound was reached, or part of it could not be read, so more
 * may be there. `notes` are sentences for people.
 */
export const PickleFindings = z.object({
  severity: z.enum(['none', 'unknown', 'runs-code']),
  danger: PickleDanger.nullable(),
  imports: z.array(PickleImport),
  importCount: count,
  flagged: z.array(z.string()),
  flaggedCount: count,
  hidden: count,
  streams: z.array(PickleStream),
  incomplete: z.boolean(),
  notes: z.array(z.string()),
})
export type PickleFindings = z.infer<typeof PickleFindings>

/** A tensor or array. `sizeBytes` is its share of the file (uncompressed); null where the file does not say. */
export const TensorInfo = z.object({
  name: z.string(),
  dtype: z.string(),
  shape: z.array(count),
  sizeBytes: count.nullable(),
})
export type TensorInfo = z.infer<typeof TensorInfo>

export const MetadataEntry = z.object({ key: z.string(), value: z.string() })
export type MetadataEntry = z.infer<typeof MetadataEntry>

export const Inside = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pickle'), ...PickleFindings.shape }),
  z.object({
    kind: z.literal('tensors'),
    format: z.enum(['safetensors', 'gguf', 'npy', 'npz']),
    /** In the file's order, at most 20,000. */
    tensors: z.array(TensorInfo),
    tensorCount: count,
    /** How many tensors are listed when not all are, else null. */
    truncatedAt: count.nullable(),
    metadata: z.array(MetadataEntry),
    parameterCount: count,
    /** Object arrays of NumPy hold pickles: what those name. */
    pickle: PickleFindings.nullable(),
  }),
  z.object({
    kind: z.literal('onnx'),
    irVersion: count.nullable(),
    opsets: z.array(z.object({ domain: z.string(), version: count })),
    producer: z.string().nullable(),
    graphName: z.string().nullable(),
    nodeCount: count,
    initializerCount: count,
    /** Weights lie in other files, which must travel along. */
    hasExternalData: z.boolean(),
    metadata: z.array(MetadataEntry),
    /** A bound was reached: the counts are lower bounds. */
    incomplete: z.boolean(),
  }),
  z.object({ kind: z.literal('facts'), facts: z.array(MetadataEntry) }),
  z.object({
    kind: z.literal('folder'),
    /** As they were when it was encrypted, from the catalog; at most 2,000. */
    entries: z.array(z.object({ path: z.string(), sizeBytes: count })),
    fileCount: count,
    /** How many are listed when not all are, else null. */
    truncatedAt: count.nullable(),
  }),
  z.object({ kind: z.literal('none') }),
])
export type Inside = z.infer<typeof Inside>

/**
 * What the table and the encrypt sheet show. `label` is for people (`pickle · scikit-learn 1.7.2`, `gguf · Q8_0`).
 * `malformed` is the reason why a file that claims to be of this kind cannot be one, in plain words, else null.
 */
export const ModelSummary = z.object({
  kind: ModelKind,
  label: z.string(),
  framework: z.string().nullable(),
  warning: PickleWarning.nullable(),
  malformed: z.string().nullable(),
})
export type ModelSummary = z.infer<typeof ModelSummary>

export const ModelInspection = z.object({ summary: ModelSummary, inside: Inside })
export type ModelInspection = z.infer<typeof ModelInspection>

/** What a folder is, from the names of its files. `label` has the count: `Hugging Face folder · 14 files`. */
export const FolderKind = z.object({
  folder: z.enum([
    'hugging-face',
    'saved-model',
    'mlflow',
    'diffusers',
    'keras',
    'core-ml',
    'sentence-transformers',
    'torch-checkpoint',
    'onnx',
    'gguf',
    'plain',
  ]),
  label: z.string(),
  fileCount: count,
})
export type FolderKind = z.infer<typeof FolderKind>

/**
 * Shards that belong together. `name` proposes the artifact's name; `members` are the given names, shards in order,
 * then the index. `missing` are shard numbers that are not there, at most 100.
 */
export const ShardSet = z.object({
  name: z.string(),
  format: z.string(),
  members: z.array(z.string()),
  indexName: z.string().nullable(),
  shardCount: count,
  shardTotal: count,
  missing: z.array(count),
  label: z.string(),
})
export type ShardSet = z.infer<typeof ShardSet>
