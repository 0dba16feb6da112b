import { artifactEntry, jobView, keyRow, now } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { exampleEntries, listed } from './example-store.ts'

const counts = { all: 2, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 }
const found = [
  artifactEntry({ n: 1, name: 'fraud/fraud_detector.pkl' }),
  artifactEntry({ n: 2, name: 'nlp/xlm-roberta-fraud-notes', isFolder: true }),
  artifactEntry({ n: 3, name: 'fraud/chargeback-ranker.txt' }),
]
const keys = [
  keyRow({ n: 1, artifactName: 'fraud_detector.pkl', number: 2, protects: 2 }),
  keyRow({ n: 2, artifactName: 'fraud_detector.pkl', number: 1, state: 'deactivated', rotationDueAt: null }),
]
const answers: Partial<Answers> = {
  'artifacts:list': ({ query, offset, limit }) =>
    query === ''
      ? listed(exampleEntries, offset, limit)
      : {
          total: query === 'zzz' ? 0 : 3,
          rows: query === 'zzz' ? [] : found,
          artifacts: 3,
          ciphertextBytes: 1,
          otherObjects: 0,
        },
  'keys:list': ({ query }) => ({ total: 2, rows: query === 'zzz' ? [] : keys, counts }),
  'jobs:history': () => ({
    total: 1,
    jobs: [
      jobView({ n: 9, title: 'fraud_detector.pkl', state: 'done', endedAt: now - 2 * 3_600_000 }),
      jobView({ n: 10, kind: 'decrypt', title: 'txn-llm-6b', state: 'done', endedAt: now - 5 * 3_600_000 }),
    ],
  }),
}

export const paletteStates: GalleryState[] = [
  {
    name: 'palette',
    at: '/artifacts',
    answers,
    steps: [{ press: 'Control+k' }, { waitFor: 'Move' }, { type: 'fraud' }, { waitFor: 'opens 2 versions' }],
  },
  {
    name: 'palette-copy',
    at: '/artifacts',
    answers,
    steps: [
      { press: 'Control+k' },
      { waitFor: 'Move' },
      { type: 'copy fraud' },
      { waitFor: 'Copy fraud_detector.pkl to a store…' },
    ],
  },
  { name: 'palette-open', at: '/artifacts', answers, steps: [{ press: 'Control+k' }, { waitFor: 'Move' }] },
  {
    name: 'palette-nothing',
    at: '/artifacts',
    answers,
    steps: [{ press: 'Control+k' }, { waitFor: 'Move' }, { type: 'zzz' }, { waitFor: 'Nothing matches' }],
  },
]
