/** Unfinished uploads of a bucket, the report of a check, and what another installation owns. */
import type { StoreUpload } from '../../../shared/domain/store-upload.ts'
import { artifactDetails, artifactEntry, artifactRow, jobId, jobView, now, storeId } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { bucketInfo } from '../store-builders.ts'
import { verifyReport, verifyResult } from '../verify-builders.ts'

const hourMs = 3_600_000
const upload = (n: number, facts: Partial<StoreUpload>): StoreUpload => ({
  uploadId: `000000000000000${n}`,
  objectName: `fraud/credit-risk-v${n}.safetensors.age`,
  begunAt: now - n * 26 * hourMs,
  parts: 41 * n,
  sizeBytes: 687_865_856 * n,
  whose: 'ours',
  job: { jobId: jobId(n), title: `credit-risk-v${n}.safetensors`, state: 'cancelled' },
  ...facts,
})
const uploads = [
  upload(3, {}),
  upload(2, { whose: 'other', job: null, objectName: 'fraud/llama-3.1-8b-instruct-finetuned.tar.age' }),
  upload(1, { whose: 'job', job: { jobId: jobId(1), title: 'credit-risk-v1.safetensors', state: 'paused' } }),
]
const bucket: Partial<Answers> = {
  'stores:list': () => ({ stores: [bucketInfo({ n: 1, isDefault: true })] }),
  'stores:uploads': () => ({ uploads, complete: false }),
}

const check = jobView({
  n: 80,
  kind: 'verify',
  state: 'failed',
  title: 'All artifacts',
  target: 'a sample',
  endedAt: now,
  failure: { code: 'verify/not-verified', name: null, checked: 1284, problems: 3 },
  safe: 'Checking changes nothing in the stores, and no key is touched.',
  report: ['fraud/model-1.pkl, version 1: The file was altered (in models-prod)'],
})
const results = [
  verifyResult(1, {
    result: 'differs',
    code: 'verify/altered',
    failure: { code: 'verify/altered', name: 'fraud/model-1.pkl' },
    checked: ['size', 'header'],
    notChecked: ['stored-checksum', 'payload'],
  }),
  verifyResult(2, {
    result: 'missing',
    code: 'store/object-not-found',
    failure: { code: 'store/object-not-found', store: 'models-prod', objectName: 'fraud/model-2.pkl.age' },
    checked: [],
    notChecked: ['size', 'header', 'stored-checksum', 'payload'],
  }),
  verifyResult(3, {
    name: 'experiments/2026-11/long-name-of-a-run-with-many-parameters/checkpoint-000420.safetensors',
    result: 'wrapped-elsewhere',
    code: 'verify/wrapped-elsewhere',
    failure: { code: 'verify/wrapped-elsewhere', name: 'checkpoint-000420.safetensors' },
    checked: ['size', 'header'],
    notChecked: ['stored-checksum', 'payload'],
  }),
  verifyResult(4, { foundAs: 'archive/model-4.pkl.age' }),
  verifyResult(5, { result: 'unpinned', checked: ['size', 'header'] }),
  ...[6, 7, 8, 9].map((n) => verifyResult(n)),
]
const stores = [{ storeId: storeId(1), store: 'models-prod', objects: 1301, foreign: 17 }]
const report = verifyReport(results, { stores })

const artifact = artifactRow({ ownership: 'reader' })
const theirs = { ...artifact, type: 'artifact' as const }
const details = artifactDetails({ artifact })
const others: Partial<Answers> = {
  'artifacts:list': () => ({
    total: 2,
    rows: [theirs, artifactEntry({ n: 2, ownership: 'reader', status: 'unpinned' })],
    artifacts: 2,
    ciphertextBytes: 148_251_120,
    otherObjects: 0,
  }),
  'artifacts:show': () => ({
    ...details,
    versions: details.versions.map((version) => ({
      ...version,
      note: 'Pinned on 23 Nov 2026 as it was first read in full; its earlier history is not proved',
    })),
  }),
}

export const uploadsAndChecksStates: GalleryState[] = [
  {
    name: 'stores-uploads',
    at: `/settings/stores/${storeId(1)}`,
    answers: bucket,
    steps: [{ click: ['button', 'Find'] }],
  },
  {
    name: 'stores-uploads-abort-another',
    at: `/settings/stores/${storeId(1)}`,
    answers: bucket,
    steps: [
      { click: ['button', 'Find'] },
      { click: ['button', 'Abort the upload of fraud/llama-3.1-8b-instruct-finetuned.tar.age'] },
    ],
  },
  {
    name: 'transfers-check-report',
    at: '/transfers',
    jobs: [check],
    answers: { 'artifacts:verify-report': () => report },
    steps: [{ click: ['button', 'Report'] }],
  },
  {
    name: 'artifacts-of-another-installation',
    at: '/artifacts',
    answers: others,
    steps: [{ click: ['row', artifact.name.split('/').at(-1) ?? ''] }],
  },
]
