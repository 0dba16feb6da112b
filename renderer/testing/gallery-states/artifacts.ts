import type { StoreEntry } from '../../../shared/domain/store.ts'
import type { GalleryState } from '../gallery-state.ts'
import {
  artifactEntry,
  dayMs,
  folderEntry,
  foreignEntry,
  keychainStatus,
  now,
  storeId,
  storeInfo,
} from '../builders.ts'
import { creditRiskDetails } from './example-artifact.ts'
import { exampleEntries, exampleJob, listed } from './example-store.ts'
import { exampleInside, pickleInside } from './example-inside.ts'

const fraud = `/artifacts/in/${storeId(1)}/fraud`

const numbered = (n: number): StoreEntry =>
  artifactEntry({
    n: n + 10,
    name: `model-${String(n).padStart(6, '0')}${n % 7 === 0 ? '-german-cased-finetuned-on-merchant-descriptions-epoch-12' : ''}.safetensors`,
    kindLabel: n % 3 === 0 ? 'safetensors' : 'gguf · Q8_0',
    plaintextBytes: 1_000_000 * (n + 1),
    encryptedAt: Math.round(now - n * dayMs * 0.4),
    keyState: n % 11 === 5 ? 'deactivated' : 'active',
  })

const many: StoreEntry[] = [
  ...['fraud', 'nlp', 'pricing', 'vision'].map((folder, n) => folderEntry(folder, 12 + n * 7)),
  ...Array.from({ length: 1000 }, (_, n) => numbered(n)),
  foreignEntry('notes.txt'),
]

const filled = {
  at: fraud,
  jobs: [exampleJob],
  answers: {
    'artifacts:list': ({ offset, limit }) => listed(exampleEntries, offset, limit),
    'artifacts:show': () => creditRiskDetails,
    'artifacts:inside': () => ({ inside: exampleInside, bytesRead: 24_117_248 }),
    'stores:list': () => ({
      stores: [
        storeInfo(),
        storeInfo({ n: 2, name: 'nas-02', location: '/mnt/nas-02/models', freeBytes: null }),
      ],
    }),
  },
} satisfies Partial<GalleryState>

const row = (name: string): ['row', string] => ['row', name]
const opened = [{ click: row('credit-risk-v7.safetensors') }, { waitFor: 'Partly verified' }] as const

export const artifactsStates: GalleryState[] = [
  { ...filled, name: 'artifacts-filled' },
  {
    ...filled,
    name: 'artifacts-next-step',
    status: { checklist: { encrypted: true, opened: false, backedUp: false, dismissed: false } },
  },
  {
    ...filled,
    name: 'artifacts-one',
    jobs: [],
    status: { counts: { artifacts: 1, keys: 1, rotationDue: 0, openJobs: 0, archived: 0 } },
    answers: {
      ...filled.answers,
      'artifacts:list': ({ offset, limit }) => listed(exampleEntries.slice(0, 1), offset, limit),
    },
  },
  {
    ...filled,
    name: 'artifacts-many',
    at: '/artifacts',
    answers: {
      ...filled.answers,
      'artifacts:list': ({ offset, limit }) => listed(many, offset, limit),
    },
  },
  {
    ...filled,
    name: 'artifacts-huge',
    at: '/artifacts',
    status: { counts: { artifacts: 100_000, keys: 100_000, rotationDue: 0, openJobs: 0, archived: 0 } },
    answers: {
      ...filled.answers,
      'artifacts:list': ({ offset, limit }) => ({
        total: 100_000,
        rows: Array.from({ length: Math.min(limit, 100_000 - offset) }, (_, n) => numbered(offset + n)),
        artifacts: 100_000,
        ciphertextBytes: 48_210_000_000_000,
        otherObjects: 0,
      }),
    },
  },
  { ...filled, name: 'artifacts-loading', hanging: ['artifacts:list'] },
  {
    ...filled,
    name: 'artifacts-failed',
    failures: [['artifacts:list', { code: 'catalog/damaged', detail: 'row 12 of index artifact_list' }]],
  },
  {
    ...filled,
    name: 'artifacts-nothing-found',
    answers: { ...filled.answers, 'artifacts:list': ({ offset, limit }) => listed([], offset, limit) },
    steps: [{ press: '/' }, { type: 'nonsense' }, { waitFor: 'Nothing matches' }],
  },
  { ...filled, name: 'artifacts-details', steps: [...opened] },
  {
    ...filled,
    name: 'artifacts-copy-as',
    steps: [...opened, { click: ['button', 'Copy as'] }, { waitFor: 'age command' }, { press: 'ArrowDown' }],
  },
  { ...filled, name: 'artifacts-more', steps: [...opened, { click: ['button', 'More actions'] }] },
  {
    ...filled,
    name: 'artifacts-details-pickle',
    answers: {
      ...filled.answers,
      'artifacts:inside': () => ({ inside: pickleInside, bytesRead: 1_048_576 }),
    },
    steps: [...opened],
  },
  {
    ...filled,
    name: 'artifacts-details-failed',
    failures: [
      ['artifacts:inside', { code: 'store/unreachable', store: 'models-prod', detail: 'the share is gone' }],
    ],
    steps: [{ click: row('credit-risk-v7.safetensors') }, { waitFor: 'What is safe' }],
  },
  {
    ...filled,
    name: 'artifacts-details-foreign',
    answers: {
      ...filled.answers,
      'artifacts:list': ({ offset, limit }) =>
        listed([foreignEntry('fraud/handed-over.tar.age', 81_788_928)], offset, limit),
    },
    steps: [{ click: row('handed-over.tar.age') }, { waitFor: 'Encrypted to' }],
  },
  {
    ...filled,
    name: 'artifacts-context-menu',
    steps: [{ rightClick: row('whisper-ft-de.gguf') }, { waitFor: 'age command' }],
  },
  {
    ...filled,
    name: 'artifacts-selection',
    steps: [
      { click: row('fraud_detector.pkl') },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
    ],
  },
  { ...filled, name: 'artifacts-store-menu', steps: [{ click: ['button', 'Store: models-prod'] }] },
  { ...filled, name: 'artifacts-encrypt-menu', steps: [{ click: ['button', 'Encrypt…'] }] },
  {
    ...filled,
    name: 'artifacts-decrypt',
    steps: [...opened, { click: ['button', 'Open…'] }, { waitFor: 'Decrypt to…' }],
  },
  {
    ...filled,
    name: 'artifacts-open-age-file',
    answers: {
      ...filled.answers,
      'artifacts:list': ({ offset, limit }) =>
        listed([foreignEntry('fraud/handed-over.tar.age', 81_788_928)], offset, limit),
    },
    steps: [{ click: row('handed-over.tar.age') }, { press: 'Enter' }, { waitFor: 'Identity file' }],
  },
  {
    ...filled,
    name: 'keychain-locked',
    status: {
      keychain: keychainStatus({ state: 'locked', remedy: 'Unlock the login keyring, then test again.' }),
    },
  },
  { ...filled, name: 'data-folder-elsewhere', status: { dataFolderIs: 'unknown-machine' } },
  { ...filled, name: 'keyboard-help', steps: [{ press: '?' }] },
  {
    ...filled,
    name: 'quit-question',
    steps: [{ act: (bridge) => bridge.emit('program:quit-requested', { openJobs: 1 }) }],
  },
]
