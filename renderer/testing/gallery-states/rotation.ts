import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import type { JobView } from '../../../shared/job.ts'
import { artifactId, dayMs, jobId, jobView, keyId, now, storeId } from '../builders.ts'
import type { GalleryState, Step } from '../gallery-state.ts'
import { plannedArtifact, rotationInStore, rotationPlan } from '../rotation-builders.ts'

const names: [name: string, bytes: number, dueInDays: number][] = [
  ['asr-conformer-large-streaming-int8.onnx', 1.84e9, -5],
  ['invoice-layoutlmv3.tar', 2.71e9, -0.2],
  ['demand-forecast-tft.ckpt', 418e6, 2],
  ['credit-risk-v7.safetensors', 39.75e9, 6],
  ['fraud_detector.pkl', 148_251_120, 1],
  ['reranker-minilm-l12.onnx', 133e6, 3],
  ['uplift-2026q3.joblib', 71e6, 3],
  ['sentiment-roberta-de.safetensors', 1.12e9, 4],
  ['tabnet-claims.pt', 12e6, 4],
  ['ocr-trocr-base.tar', 1.33e9, 5],
  ['ltv-catboost.cbm', 22e6, 5],
  ['speech-emotion-wav2vec2.safetensors', 1.26e9, 6],
  ['clip-vit-l14-finetuned.safetensors', 1.71e9, 6],
  ['llama-lora-support.safetensors', 153.7e9, 7],
]
const artifacts = names.map(([name, ciphertextBytes, days], n) =>
  plannedArtifact({
    n: n + 1,
    name,
    alias: `${name} · key 2`,
    ciphertextBytes,
    versions: n === 3 ? 3 : n === 13 ? 2 : 1,
    objects: n === 3 ? 6 : n === 13 ? 4 : 2,
    rotationDueAt: now + days * dayMs,
  }),
)
const bucket = rotationInStore({
  kind: 's3',
  artifacts: 11,
  objects: 26,
  objectBytes: 195.7e9,
  downloadedBytes: 436e6,
  uploadedBytes: 436e6,
  copiedBytes: 195.3e9,
  headerBytes: 0,
  keptObjectVersions: 26,
  keptBytes: 195.7e9,
  price: { amount: 0.023, currency: 'USD' },
})
const folder = rotationInStore({
  storeId: storeId(2),
  store: 'This machine',
  artifacts: 3,
  objects: 8,
  objectBytes: 8.4e9,
  headerBytes: 1960,
})
const plan: RotationPlan = rotationPlan({
  artifacts,
  rewrap: [bucket, folder],
  reEncrypt: [
    { ...bucket, downloadedBytes: 195.7e9, uploadedBytes: 195.7e9, copiedBytes: 0 },
    { ...folder, headerBytes: 0 },
  ],
  rewrapSeconds: 180,
  reEncryptSeconds: 1260,
  kits: [{ where: '/media/usb/weightlock-kit-2026-11-02.age', madeAt: now - 21 * dayMs }],
})
const unpriced: RotationPlan = {
  ...plan,
  rewrap: plan.rewrap.map((one) => ({ ...one, price: null })),
}
const tainted: RotationPlan = {
  ...plan,
  artifacts: artifacts.map((one, n) => ({ ...one, isTainted: n === 0 || n === 3 })),
}
const refused: RotationPlan = {
  ...plan,
  refused: [
    {
      keyId: keyId(50),
      alias: 'whisper-ft-de.gguf · key 1',
      failure: { code: 'key/missing-from-keychain', keyId: keyId(50) },
    },
    {
      keyId: keyId(51),
      alias: 'ner-legacy.h5 · key 2',
      failure: { code: 'key/being-destroyed', keyId: keyId(51) },
    },
  ],
}
const nothing: RotationPlan = { ...plan, artifacts: [], rewrap: [], reEncrypt: [] }

const toReason: Step[] = [{ click: ['button', 'Continue with 14 keys'] }]
const toMethod: Step[] = [...toReason, { click: ['button', 'Review 14 keys'] }]
const toRun: Step[] = [...toMethod, { click: ['button', 'Rotate 14 keys'] }]
const due = '/keys/rotate/due'
const answers = {
  'keys:rotation-plan': () => plan,
  'keys:rotate': () => ({ jobIds: artifacts.map((_, n) => jobId(400 + n)), refused: [] }),
}

const job = (n: number, over: Partial<JobView>): JobView =>
  jobView({
    n: 400 + n,
    kind: 'rewrap',
    title: artifacts[n]?.name ?? '',
    target: 'in models-prod',
    artifactId: artifactId(n + 1),
    phase: 'copying',
    ...over,
  })
const done = (n: number): JobView =>
  job(n, {
    state: 'done',
    endedAt: now,
    outcome: 'Rewrapped and verified',
    canPause: false,
    canCancel: false,
  })
const failed = (n: number): JobView =>
  job(n, {
    state: 'failed',
    endedAt: now,
    canRetry: true,
    canPause: false,
    failure: {
      code: 'store/precondition-failed',
      store: 'models-prod',
      objectName: `${artifacts[n]?.name ?? ''}.age`,
    },
  })
const running: JobView[] = artifacts.map((_, n) =>
  n < 6
    ? done(n)
    : n === 6
      ? failed(n)
      : n < 9
        ? job(n, { doneBytes: n * 1e7, totalBytes: 1.1e8 })
        : job(n, { state: 'queued', phase: 'queued', doneBytes: 0, totalBytes: 0 }),
)

/** The guided rotation, step by step. */
export const rotationStates: GalleryState[] = [
  { name: 'rotate-keys', at: due, answers },
  {
    name: 'rotate-keys-refused',
    at: due,
    answers: { ...answers, 'keys:rotation-plan': () => ({ ...refused, artifacts: artifacts.slice(0, 4) }) },
  },
  { name: 'rotate-nothing', at: due, answers: { ...answers, 'keys:rotation-plan': () => nothing } },
  {
    name: 'rotate-failed',
    at: due,
    failures: [['keys:rotation-plan', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
  { name: 'rotate-reason', at: due, answers, steps: toReason },
  { name: 'rotate-review', at: due, answers, steps: toMethod },
  {
    name: 'rotate-review-no-price',
    at: due,
    answers: { ...answers, 'keys:rotation-plan': () => unpriced },
    steps: toMethod,
  },
  {
    name: 'rotate-review-re-encrypt',
    at: due,
    answers,
    steps: [...toMethod, { click: ['radio', 'Re-encrypt'] }],
  },
  {
    name: 'rotate-review-tainted',
    at: due,
    answers: { ...answers, 'keys:rotation-plan': () => tainted },
    steps: toMethod,
  },
  {
    name: 'rotate-review-refused',
    at: due,
    answers,
    failures: [['keys:rotate', { code: 'keychain/locked' }]],
    steps: toRun,
  },
  { name: 'rotate-running', at: due, answers, jobs: running, steps: toRun },
  {
    name: 'rotate-cancel',
    at: due,
    answers,
    jobs: running,
    steps: [...toRun, { click: ['button', 'Cancel…'] }],
  },
  { name: 'rotate-report', at: due, answers, jobs: artifacts.map((_, n) => done(n)), steps: toRun },
  {
    name: 'rotate-report-not-all',
    at: due,
    answers,
    jobs: artifacts.map((_, n) => (n === 3 || n === 6 ? failed(n) : done(n))),
    steps: toRun,
  },
]
