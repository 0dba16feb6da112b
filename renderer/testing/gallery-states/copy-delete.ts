/** Ciphertext that is copied, moved or deleted. */
import { artifactDetails, artifactEntry, artifactRow, storeId, storeInfo, versionInfo } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState, Step } from '../gallery-state.ts'
import { creditRisk, creditRiskDetails } from './example-artifact.ts'
import { exampleInside } from './example-inside.ts'
import { exampleEntries, exampleJob, listed } from './example-store.ts'

const stores = [
  storeInfo(),
  storeInfo({ n: 2, name: 'nas-02', location: '/mnt/nas-02/models', freeBytes: null }),
  storeInfo({
    n: 3,
    name: 'models-eu',
    kind: 's3',
    location: 's3://ml-models-eu-central-1/prod/fraud',
    freeBytes: null,
  }),
]
const answers: Partial<Answers> = {
  'artifacts:list': ({ offset, limit }) => listed(exampleEntries, offset, limit),
  'artifacts:show': () => creditRiskDetails,
  'artifacts:inside': () => ({ inside: exampleInside, bytesRead: 24_117_248 }),
  'stores:list': () => ({ stores }),
  'artifacts:deletion': () => ({
    name: 'fraud/credit-risk-v7.safetensors',
    store: 'models-prod',
    keyState: 'active',
    objects: [1, 2].map((version) => ({
      version,
      objectName: `fraud/credit-risk-v7${version === 1 ? '' : '.v2'}.safetensors.age`,
      location: '/srv/x',
      sizeBytes: 13_480_000_000,
    })),
    remaining: [{ version: 1, store: 'nas-02', location: '/mnt/nas-02/x' }],
    keepsObjectVersions: false,
  }),
}
const state = { at: `/artifacts/in/${storeId(1)}/fraud`, jobs: [exampleJob], answers }
const row: Step = { rightClick: ['row', 'credit-risk-v7.safetensors'] }
const choose = (item: string): Step[] => [row, { waitFor: 'age command' }, { click: ['menuitem', item] }]

const lonely: Answers['artifacts:deletion'] = () => ({
  name: 'fraud/credit-risk-v7.safetensors',
  store: 'models-eu',
  keyState: 'active',
  objects: [
    {
      version: 2,
      objectName: 'fraud/credit-risk-v7.v2.safetensors.age',
      location: 's3://ml-models-eu-central-1/prod/fraud/credit-risk-v7.v2.safetensors.age',
      sizeBytes: 13_480_000_000,
    },
  ],
  remaining: [],
  keepsObjectVersions: true,
})

const deleted = artifactRow({ ...creditRisk, status: 'deleted' })

export const copyDeleteStates: GalleryState[] = [
  {
    ...state,
    name: 'artifacts-copy-to-store',
    steps: [...choose('Copy to store…'), { waitFor: 'no key is needed' }],
  },
  {
    ...state,
    name: 'artifacts-move-to-store',
    steps: [...choose('Move to store…'), { waitFor: 'no key is needed' }],
  },
  {
    ...state,
    name: 'artifacts-copy-nowhere',
    answers: { ...answers, 'stores:list': () => ({ stores: stores.slice(0, 1) }) },
    steps: [...choose('Copy to store…'), { waitFor: 'There is no other store' }],
  },
  {
    ...state,
    name: 'artifacts-delete-ciphertext',
    steps: [...choose('Delete ciphertext…'), { waitFor: 'Copies stay' }],
  },
  {
    ...state,
    name: 'artifacts-delete-last',
    answers: { ...answers, 'artifacts:deletion': lonely },
    steps: [...choose('Delete ciphertext…'), { waitFor: 'No other copy' }, { type: 'fraud/credit' }],
  },
  {
    ...state,
    name: 'artifacts-deleted',
    answers: {
      ...answers,
      'artifacts:list': ({ offset, limit }) =>
        listed(
          exampleEntries.map((entry) =>
            entry.type === 'artifact' && entry.name.endsWith('credit-risk-v7.safetensors')
              ? artifactEntry({ ...entry, status: 'deleted' })
              : entry,
          ),
          offset,
          limit,
        ),
      'artifacts:show': () => {
        const [latest] = creditRiskDetails.versions
        const objects = (latest?.objects ?? []).map((object) => ({ ...object, state: 'deleted' as const }))
        const versions = [versionInfo({ ...latest, status: 'deleted', objects })]
        return artifactDetails({ ...creditRiskDetails, artifact: deleted, versions })
      },
    },
    steps: [{ click: ['row', 'credit-risk-v7.safetensors'] }, { waitFor: 'was deleted from every store' }],
  },
  {
    ...state,
    name: 'artifacts-selection-more',
    steps: [
      { click: ['row', 'fraud_detector.pkl'] },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
      { click: ['button', 'More actions'] },
      { waitFor: 'to store…' },
    ],
  },
]
