/** The store of the design's pictures, so that a screenshot can be laid beside one. */
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { artifactEntry, dayMs, foreignEntry, jobView, keyId, now } from '../builders.ts'

type Line = [name: string, kind: string, sizeBytes: number, agoDays: number, more?: object]

const lines: Line[] = [
  ['fraud_detector.pkl', 'pickle · sklearn', 148_214_802, 0.09],
  [
    'credit-risk-v7.safetensors',
    'safetensors',
    13_476_839_424,
    0.9,
    { encryptedAt: Date.UTC(2026, 10, 22, 17, 42), rotationDueAt: now + 5.5 * dayMs },
  ],
  ['churn-lightgbm', 'folder · 14 files', 612_038_144, 11, { keyState: 'suspended', isFolder: true }],
  ['whisper-ft-de.gguf', 'gguf · Q8_0', 3_094_623_691, 14, { keyState: 'compromised' }],
  ['bert-base-german-cased-ner-2026-10-28-epoch-12.safetensors', 'safetensors', 436_372_880, 26],
  ['ner-legacy.h5', 'HDF5 · Keras', 482_711_040, 52, { keyState: 'suspended' }],
  ['chargeback-ranker.txt', 'LightGBM text', 8_611_307, 65],
  ['merchant-embeddings-2026q3.npz', 'NumPy archive', 1_207_959_552, 80, { rotationDueAt: now + 12 * dayMs }],
  ['embedder-new.onnx', 'ONNX · opset 17', 96_814_229, 101],
  ['embedder-old.onnx', 'ONNX · opset 13', 91_402_118, 101, { keyState: 'destroyed', status: 'erased' }],
  ['pricing-xgb.ubj', 'XGBoost UBJSON', 22_108_416, 114],
  ['velocity-rules-lstm.pt', 'pickle · PyTorch', 64_225_280, 129, { keyState: 'deactivated' }],
  ['mcc-classifier.joblib', 'pickle · joblib', 5_310_944, 143],
]

export const exampleEntries: StoreEntry[] = [
  ...lines.map(([name, kindLabel, plaintextBytes, agoDays, more], n) =>
    artifactEntry({
      n: n + 1,
      name: `fraud/${name}`,
      kindLabel,
      plaintextBytes,
      ciphertextBytes: plaintextBytes + 40_000,
      encryptedAt: now - agoDays * dayMs,
      keyId: keyId(n + 1),
      ...more,
    }),
  ),
  foreignEntry('fraud/README.md'),
]

/** The answer to `artifacts:list` for any window of the given entries. */
export const listed = (entries: StoreEntry[], offset: number, limit: number) => ({
  total: entries.length,
  rows: entries.slice(offset, offset + limit),
  artifacts: entries.filter(({ type }) => type === 'artifact').length,
  ciphertextBytes: entries.reduce(
    (sum, entry) => sum + (entry.type === 'artifact' ? entry.plaintextBytes : 0),
    0,
  ),
  otherObjects: entries.filter(({ type }) => type === 'foreign').length,
})

export const exampleJob = jobView()
