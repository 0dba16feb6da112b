import type { JobView } from '../../../shared/job.ts'
import { dayMs, jobView, now } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'

const minute = 60_000
const still = { bytesPerSecond: 0, secondsLeft: null, canPause: false } as const

const running = jobView({
  n: 1,
  title: 'txn-llm-6b',
  target: 'to nas-02/models',
  doneBytes: 8.41e9,
  totalBytes: 12.93e9,
  bytesPerSecond: 412e6,
  secondsLeft: 11,
})
const paused = jobView({
  ...still,
  n: 2,
  state: 'paused',
  pausedAt: now - 9 * minute,
  title: 'credit-risk-v7.safetensors',
  target: 'to models-prod/fraud · v3',
  doneBytes: 8.4e9,
  totalBytes: 13.48e9,
  parts: { sent: 501, of: 804, before: 0 },
  canResume: true,
})
const uploading = jobView({
  n: 9,
  phase: 'uploading',
  title: 'whisper-ft-de.gguf',
  target: 'to models-prod/speech',
  doneBytes: 1.22e9,
  totalBytes: 3.09e9,
  parts: { sent: 73, of: 184, before: 41 },
  bytesPerSecond: 104e6,
  secondsLeft: 18,
})
const denied = jobView({
  ...still,
  n: 10,
  state: 'failed',
  title: 'intent-deberta-v3-large.onnx',
  target: 'to models-prod/nlp',
  doneBytes: 1.11e9,
  totalBytes: 1.74e9,
  parts: { sent: 66, of: 104, before: 0 },
  endedAt: now - minute,
  canRetry: true,
  failure: {
    code: 'store/permission-missing',
    store: 'models-prod',
    permission: 's3:PutObject',
    grantee: 'role/ml-upload',
  },
  safe: 'The original is untouched, no key is lost, and no half-written file stands in the store. What was uploaded to a bucket waits for the retry, and is taken back by a cancel.',
})
const pausedByItself = jobView({
  ...still,
  n: 8,
  state: 'paused',
  pausedAt: now - 2 * minute,
  title: 'churn-gbm-2026-11.ubj',
  target: 'to models-prod/churn',
  doneBytes: 1.34e9,
  totalBytes: 2.02e9,
  canResume: true,
  failure: { code: 'store/credentials-expired', store: 'models-prod' },
  safe: 'The original is untouched, no key is lost, and no half-written file stands in the store. What was uploaded to a bucket waits for the retry, and is taken back by a cancel.',
})
const failed = jobView({
  ...still,
  n: 3,
  state: 'failed',
  title: 'intent-deberta-v3-large.onnx',
  target: 'to nas-02/nlp',
  doneBytes: 1.11e9,
  totalBytes: 1.74e9,
  endedAt: now - minute,
  canRetry: true,
  failure: { code: 'store/unreachable', store: 'nas-02', detail: 'the share does not answer' },
  safe: 'The original is unchanged, and its key is in the keychain. Nothing is listed that is not stored.',
})
const unresolved = jobView({
  ...still,
  n: 4,
  state: 'unresolved',
  title: 'embedder-new.onnx',
  target: 'to nas-02/models',
  doneBytes: 96e6,
  totalBytes: 96e6,
  endedAt: now - 3 * minute,
  canResume: true,
})
const gone = jobView({
  ...still,
  n: 11,
  kind: 'rewrap',
  state: 'failed',
  title: 'fraud_detector.pkl',
  target: 'a new key, the same payload',
  totalBytes: 148_214_802,
  doneBytes: 0,
  endedAt: now - minute,
  canRetry: true,
  failure: { code: 'rotation/object-gone', name: 'fraud_detector.pkl', objects: 1 },
  safe: 'Every version opens with the old key or with the new one; both are in the keychain, and no key was destroyed.',
})
const queued = jobView({
  ...still,
  n: 5,
  state: 'queued',
  title: 'pricing-xgb.ubj',
  target: 'to models-prod',
  doneBytes: 0,
  totalBytes: 22e6,
})
const done = jobView({
  ...still,
  n: 6,
  state: 'done',
  title: 'fraud_detector.pkl',
  target: 'to models-prod/fraud · v3',
  doneBytes: 148_214_802,
  totalBytes: 148_214_802,
  startedAt: now - 4 * minute - 2100,
  endedAt: now - 4 * minute,
  canReveal: true,
})
const cancelled = jobView({
  ...still,
  n: 7,
  state: 'cancelled',
  title: 'ltv-catboost.cbm',
  target: 'to models-prod',
  endedAt: now - 6 * minute,
})

type Past = [
  n: number,
  kind: JobView['kind'],
  title: string,
  bytes: number,
  seconds: number,
  agoDays: number,
  state: JobView['state'],
]
const past: Past[] = [
  [20, 'encrypt', 'fraud_detector.pkl', 148_100_000, 2, 0.08, 'done'],
  [21, 'decrypt', 'txn-llm-6b', 12.93e9, 39, 0.12, 'done'],
  [22, 'verify', 'models-prod, sample of 1,284 artifacts', 38.52e9, 227, 0.22, 'done'],
  [23, 'encrypt', 'credit-risk-v7.safetensors', 13.48e9, 46, 1, 'done'],
  [24, 'encrypt', 'bert-base-german-cased-ner-2026-11-20-epoch-03.safetensors', 436.4e6, 1, 3, 'cancelled'],
  [25, 'destroy-key', 'embedder-old.onnx · key 3', 0, 1, 5, 'done'],
]
const pastJobs = past.map(([n, kind, title, totalBytes, seconds, agoDays, state]) =>
  jobView({
    ...still,
    n,
    kind,
    title,
    totalBytes,
    doneBytes: totalBytes,
    state,
    startedAt: now - agoDays * dayMs - seconds * 1000,
    endedAt: now - agoDays * dayMs,
  }),
)
const history: Partial<Answers> = {
  'jobs:history': ({ offset, limit }) => ({
    total: 312,
    jobs: Array.from({ length: Math.min(limit, 312 - offset) }, (_, n) => {
      const job = pastJobs[(offset + n) % pastJobs.length] ?? done
      return { ...job, jobId: jobView({ n: 1000 + offset + n }).jobId }
    }),
  }),
}

export const transfersStates: GalleryState[] = [
  { name: 'transfers-many', at: '/transfers', jobs: [running, paused, failed, done], answers: history },
  {
    name: 'transfers-all-kinds',
    at: '/transfers',
    jobs: [running, queued, pausedByItself, unresolved, cancelled],
    answers: history,
  },
  { name: 'transfers-bucket', at: '/transfers', jobs: [uploading, paused, denied], answers: history },
  {
    name: 'transfers-give-up',
    at: '/transfers',
    jobs: [gone],
    answers: history,
    steps: [{ click: ['button', 'Give up…'] }],
  },
  { name: 'transfers-one', at: '/transfers', jobs: [running] },
  { name: 'transfers-empty', at: '/transfers' },
  {
    name: 'transfers-history',
    at: '/transfers',
    answers: history,
    steps: [{ click: ['button', 'Show all 312'] }],
  },
  {
    name: 'transfers-history-failed',
    at: '/transfers',
    jobs: [running],
    failures: [['jobs:history', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
  { name: 'transfers-loading', at: '/transfers', hanging: ['jobs:snapshot', 'jobs:history'] },
  {
    name: 'transfers-cancel',
    at: '/transfers',
    jobs: [{ ...running, startedAt: now - 4 * minute }],
    answers: history,
    steps: [{ click: ['button', 'Cancel txn-llm-6b'] }],
  },
]
