import { compromisePlan, incident, incidentId, oldObjectVersions } from '../compromise-builders.ts'
import { jobView, keyId, now, storeId } from '../builders.ts'
import type { GalleryState, Step } from '../gallery-state.ts'

const next: Step = { click: ['button', 'Continue'] }
const at = `/incidents/${incidentId}`
const settled = incident({
  incident: { ...incident().incident, payloadsToDo: 0, copiesToRevoke: 0 },
  versions: incident().versions.map((each) => ({ ...each, state: 'done' as const })),
  keys: incident().keys.map((each) => ({ ...each, stillOpens: 0 })),
})
const job = jobView({
  n: 700,
  kind: 're-encrypt',
  title: 'credit-risk-v7.safetensors',
  target: 'in models-prod',
  artifactId: incident().versions[0]?.artifactId ?? null,
  doneBytes: 12.9e9,
  totalBytes: 39.75e9,
})

/** A reported compromise, from the plan to the report. */
export const compromiseStates: GalleryState[] = [
  { name: 'compromise', at: '/keys/compromise' },
  {
    name: 'compromise-reason',
    at: '/keys/compromise',
    steps: [{ click: ['textbox', 'What happened'] }, { type: 'Laptop stolen from the office' }],
  },
  {
    name: 'compromise-nothing',
    at: `/keys/compromise/${keyId(1)}`,
    answers: {
      'keys:compromise-plan': () =>
        compromisePlan({
          keys: [],
          alreadyCompromised: compromisePlan().keys.slice(0, 1),
          artifacts: [],
          payloads: 0,
          ciphertextBytes: 0,
          wrappedNow: 0,
          wrappedEarlier: 0,
          copies: [],
          withoutActiveKey: [],
        }),
    },
  },
  { name: 'incident-contain', at },
  { name: 'incident-re-encrypt', at, jobs: [job], steps: [next] },
  { name: 'incident-give-up', at, steps: [next, { click: ['button', 'Give up whisper-ft-de.gguf…'] }] },
  { name: 'incident-old-versions', at, steps: [next, next] },
  {
    name: 'incident-old-versions-unasked',
    at,
    answers: {
      'incidents:old-versions': () =>
        oldObjectVersions({
          versions: [],
          unasked: [
            {
              storeId: storeId(2),
              store: 'models-prod',
              failure: { code: 'store/unreachable', store: 'models-prod', detail: 'no answer' },
            },
          ],
        }),
    },
    steps: [next, next],
  },
  { name: 'incident-report', at, steps: [next, next, next] },
  {
    name: 'incident-settled',
    at,
    answers: {
      'incidents:show': () => settled,
      'incidents:old-versions': () => oldObjectVersions({ versions: [] }),
    },
    steps: [next, next, next],
  },
  {
    name: 'keys-incident-open',
    at: '/keys',
    answers: { 'incidents:list': () => ({ incidents: [{ ...incident().incident, at: now }] }) },
  },
]
