import type { KeyFilter } from '../../../shared/contract/keys.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import { dayMs, jobId, jobView, now } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { creditRisk, destroyed, details, listed, lonely, manyLanes, oneLane, rows } from './example-keys.ts'

const many: Partial<Answers> = {
  'keys:list': listed(rows, 1301),
  'keys:picture': () => ({ lanes: manyLanes }),
}
const shown: Partial<Answers> = { ...many, 'keys:show': () => details }
const destroyAt = `/keys/${creditRisk.keyId}/destroy`
const toConfirm: GalleryState['steps'] = [
  { click: ['button', 'Check its copies'] },
  { click: ['button', 'Confirm 1 key'] },
]
const destroyJob = jobView({
  n: 130,
  kind: 'destroy-key',
  title: 'credit-risk-v7.safetensors · key 3',
  target: '',
  phase: 'destroying',
  doneBytes: 1,
  totalBytes: 3,
})
const typed: GalleryState['steps'] = [
  ...toConfirm,
  { type: 'credit-risk-v7.safetensors' },
  { click: ['button', 'Destroy 1 key'] },
]

const dueStatus = { counts: { artifacts: 1284, keys: 1301, rotationDue: 14, openJobs: 0, archived: 0 } }
const scheduled = {
  ...details,
  key: {
    ...creditRisk,
    state: 'suspended' as const,
    rotationDueAt: null,
    inactiveAt: now,
    destroyAt: now + 10 * dayMs,
  },
}
const withoutKeychain = details.copies.map((copy) =>
  copy.place === 'keychain' ? { ...copy, state: 'found-missing' as const, at: now } : copy,
)
const missing = {
  ...details,
  key: { ...creditRisk, isMissing: true, places: ['export' as const] },
  copies: withoutKeychain,
  impact: { ...details.impact, copies: withoutKeychain },
}
const replaced = {
  ...details,
  key: { ...creditRisk, state: 'deactivated' as const, rotationDueAt: null, inactiveAt: now },
}
const leaked = {
  ...details,
  key: {
    ...creditRisk,
    state: 'compromised' as const,
    compromisedAt: now,
    inactiveAt: now,
    rotationDueAt: null,
  },
}
const suspended = {
  ...details,
  key: { ...creditRisk, state: 'suspended' as const, rotationDueAt: null, inactiveAt: now },
}
/** What the filters leave of the inventory. */
const filtered = (filter: KeyFilter, left: (key: KeyRow) => boolean): Partial<Answers> => ({
  ...many,
  'keys:list': (asked) => {
    const all = listed(rows, 1301)(asked)
    return asked.filter === filter
      ? { ...listed(rows.filter(left), all.counts[filter])(asked), counts: all.counts }
      : all
  },
})
const countsOf = (artifacts: number, keys: number) => ({
  counts: { artifacts, keys, rotationDue: 0, openJobs: 0, archived: 0 },
})

export const keysStates: GalleryState[] = [
  { name: 'keys-many', at: '/keys', answers: many },
  { name: 'keys-due', at: '/keys', answers: many, status: dueStatus },
  {
    name: 'keys-selection',
    at: '/keys',
    answers: many,
    status: dueStatus,
    steps: [
      { click: ['row', 'embedder-old.onnx'] },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
      { press: 'Shift+ArrowDown' },
    ],
  },
  {
    name: 'key-suspend',
    at: `/keys/${creditRisk.keyId}`,
    answers: shown,
    steps: [{ click: ['button', 'Suspend…'] }, { type: 'The laptop of jo.m is being looked for' }],
  },
  {
    name: 'key-menu',
    at: `/keys/${creditRisk.keyId}`,
    answers: shown,
    steps: [{ click: ['button', 'More actions'] }],
  },
  { name: 'key-page-scheduled', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => scheduled } },
  { name: 'key-page-missing', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => missing } },
  { name: 'key-page-replaced', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => replaced } },
  {
    name: 'keys-compromised',
    at: '/keys',
    answers: filtered('compromised', ({ state }) => state === 'compromised'),
    steps: [{ click: ['button', 'Compromised'] }],
  },
  {
    name: 'keys-scheduled',
    at: '/keys',
    answers: filtered('scheduled', ({ destroyAt }) => destroyAt !== null),
    steps: [{ click: ['button', 'Scheduled'] }],
  },
  {
    name: 'keys-protects-nothing',
    at: '/keys',
    answers: filtered('protects-nothing', ({ protects }) => protects === 0),
    steps: [{ click: ['button', 'Protects nothing'] }],
  },
  { name: 'key-page-compromised', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => leaked } },
  { name: 'key-page-suspended', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => suspended } },
  {
    name: 'key-resume',
    at: `/keys/${creditRisk.keyId}`,
    answers: { 'keys:show': () => suspended },
    steps: [{ click: ['button', 'Resume…'] }],
  },
  {
    name: 'keys-one',
    at: '/keys',
    status: countsOf(1, 1),
    answers: { 'keys:list': listed(rows.slice(9, 10), 1), 'keys:picture': () => ({ lanes: oneLane }) },
  },
  {
    name: 'keys-empty',
    at: '/keys',
    status: countsOf(0, 0),
    answers: { 'keys:list': listed([], 0), 'keys:picture': () => ({ lanes: [] }) },
  },
  { name: 'keys-no-picture', at: '/keys', answers: many, steps: [{ click: ['button', 'Hide picture'] }] },
  {
    name: 'keys-nothing-found',
    at: '/keys',
    answers: {
      ...many,
      'keys:list': (asked) => ({
        ...listed(rows, 1301)(asked),
        ...(asked.filter === 'compromised' ? { total: 0, rows: [] } : {}),
        counts: { ...listed(rows, 1301)(asked).counts, compromised: 0 },
      }),
      'keys:picture': () => ({ lanes: manyLanes.filter(({ state }) => state !== 'compromised') }),
    },
    steps: [{ click: ['button', 'Compromised'] }],
  },
  { name: 'keys-loading', at: '/keys', answers: many, hanging: ['keys:list'] },
  {
    name: 'keys-failed',
    at: '/keys',
    answers: many,
    failures: [['keys:list', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
  { name: 'keys-import', at: '/keys', answers: many, steps: [{ click: ['button', 'Import…'] }] },
  { name: 'key-page-en-us', at: `/keys/${creditRisk.keyId}`, answers: shown, status: { locale: 'en-US' } },
  { name: 'key-page', at: `/keys/${creditRisk.keyId}`, answers: shown },
  { name: 'key-page-young', at: `/keys/${lonely.key.keyId}`, answers: { 'keys:show': () => lonely } },
  { name: 'key-page-destroyed', at: `/keys/${creditRisk.keyId}`, answers: { 'keys:show': () => destroyed } },
  {
    name: 'key-page-failed',
    at: `/keys/${creditRisk.keyId}`,
    failures: [['keys:show', { code: 'key/not-found', keyId: creditRisk.keyId }]],
  },
  {
    name: 'key-export',
    at: `/keys/${creditRisk.keyId}`,
    answers: shown,
    steps: [{ click: ['button', 'More actions'] }, { click: ['menuitem', 'Export identity…'] }],
  },
  { name: 'destroy-key-impact', at: destroyAt, answers: shown },
  { name: 'destroy-key-copies', at: destroyAt, answers: shown, steps: toConfirm.slice(0, 1) },
  {
    name: 'destroy-key-confirm',
    at: destroyAt,
    answers: shown,
    steps: [...toConfirm, { type: 'credit-risk-v7.safetensors' }],
  },
  {
    name: 'destroy-key-refused',
    at: destroyAt,
    answers: shown,
    failures: [['keys:destroy', { code: 'keychain/locked' }]],
    steps: typed,
  },
  { name: 'destroy-key-running', at: destroyAt, answers: shown, jobs: [destroyJob], steps: typed },
  {
    name: 'destroy-key-report',
    at: destroyAt,
    answers: { 'keys:show': () => details },
    jobs: [
      {
        ...destroyJob,
        state: 'done',
        endedAt: now,
        outcome: 'Destroyed here, 1 copy elsewhere; 1 version still opens with another key',
        report: [
          'Keychain: deleted, then read: empty',
          'credit-risk-v7.safetensors, version 3 does not open with what is left',
          'credit-risk-v7.safetensors, version 2 still opens with key hm3q7xwkd2yv5p4tj6r7b2n5ca',
          'Not proved: Exported file, /media/usb-01/credit-risk-v7.key',
          'Not proved: backups of this keychain and of this system',
        ],
      },
    ],
    steps: typed,
  },
  {
    name: 'destroy-key-failed',
    at: destroyAt,
    answers: { 'keys:show': () => details },
    jobs: [
      {
        ...destroyJob,
        state: 'failed',
        endedAt: now,
        canRetry: true,
        failure: { code: 'keychain/delete-not-confirmed', keyId: jobId(1) },
      },
    ],
    steps: typed,
  },
]
