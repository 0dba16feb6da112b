import { jobId, jobView, keychainStatus, now, storeId, storeInfo } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'

const stores = [
  storeInfo({ name: 'Local', location: '/home/ada/Weightlock', artifacts: 1058, ciphertextBytes: 812.4e9 }),
  storeInfo({
    n: 2,
    name: 'models-prod',
    location: '/srv/models-prod',
    isDefault: false,
    artifacts: 214,
    ciphertextBytes: 1.86e12,
  }),
  storeInfo({
    n: 3,
    name: 'nas-berlin',
    location: '/mnt/nas-berlin/models',
    isDefault: false,
    artifacts: 0,
    ciphertextBytes: 0,
    freeBytes: null,
    exists: false,
  }),
]
const passed = [
  { name: 'List', passed: true, detail: '214 objects', isOptional: false },
  {
    name: 'Write',
    passed: true,
    detail: '/srv/models-prod/weightlock-test-k5x2m7qh3vnd4ta6wzr2bpyc7e.age',
    isOptional: false,
  },
  { name: 'Read back', passed: true, detail: 'the same bytes', isOptional: false },
  { name: 'Delete', passed: true, detail: 'gone', isOptional: false },
]
const many: Partial<Answers> = {
  'stores:list': () => ({ stores }),
  'stores:test': () => ({ at: now, tookMs: 42, checks: passed }),
}
const failedTest: Partial<Answers> = {
  ...many,
  'stores:test': () => ({
    at: now,
    tookMs: 5012,
    checks: [
      { name: 'List', passed: true, detail: '214 objects', isOptional: false },
      { name: 'Write', passed: false, detail: 'The store is read-only', isOptional: false },
    ],
  }),
}
const checks = [
  { name: 'Keychain', state: 'ok', detail: 'GNOME Keyring: written, read back and deleted in 9.8 ms' },
  { name: 'Catalog', state: 'ok', detail: 'intact, 1,284 artifacts' },
  { name: 'Audit chain', state: 'ok', detail: '48,213 entries, the head is signed' },
  { name: 'Store nas-berlin', state: 'warn', detail: 'not there: is the share mounted?' },
  { name: 'Core dumps', state: 'failed', detail: 'the system writes them; set ulimit -c 0' },
] as const
const diagnosed: Partial<Answers> = { 'program:diagnose': () => ({ checks: [...checks] }) }
const rebuild = jobView({ n: 70, jobId: jobId(70), kind: 'rebuild', title: 'Catalog', target: '' })
const rebuildSteps: GalleryState['steps'] = [
  { click: ['button', 'Rebuild…'] },
  { click: ['button', 'Rebuild the catalog'] },
]

export const settingsStates: GalleryState[] = [
  {
    name: 'settings-stores',
    at: `/settings/stores/${storeId(2)}`,
    answers: many,
    steps: [{ click: ['button', 'Test'] }],
  },
  {
    name: 'settings-stores-failed-test',
    at: `/settings/stores/${storeId(2)}`,
    answers: failedTest,
    steps: [{ click: ['button', 'Test'] }],
  },
  { name: 'settings-stores-one', at: '/settings' },
  { name: 'settings-stores-missing', at: `/settings/stores/${storeId(3)}`, answers: many },
  { name: 'settings-stores-add', at: '/settings/stores/add', answers: many },
  {
    name: 'settings-stores-add-invalid',
    at: '/settings/stores/add',
    answers: many,
    steps: [{ click: ['button', 'Add store'] }],
  },
  {
    name: 'settings-stores-remove-empty',
    at: `/settings/stores/${storeId(3)}`,
    answers: many,
    steps: [{ click: ['button', 'Remove…'] }],
  },
  {
    name: 'settings-stores-remove',
    at: `/settings/stores/${storeId(2)}`,
    answers: many,
    steps: [{ click: ['button', 'Remove…'] }],
  },
  {
    name: 'settings-stores-remove-refused',
    at: `/settings/stores/${storeId(3)}`,
    answers: many,
    failures: [['stores:remove', { code: 'store/in-use', store: 'nas-berlin', artifacts: 214 }]],
    steps: [{ click: ['button', 'Remove…'] }, { click: ['button', 'Remove 1 store'] }],
  },
  { name: 'settings-stores-loading', at: '/settings', hanging: ['stores:list'] },
  {
    name: 'settings-stores-failed',
    at: '/settings',
    failures: [['stores:list', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
  { name: 'settings-key-policy', at: '/settings/key-policy' },
  { name: 'settings-appearance', at: '/settings/appearance' },
  { name: 'settings-diagnostics', at: '/settings/diagnostics', answers: diagnosed },
  {
    name: 'settings-diagnostics-locked',
    at: '/settings/diagnostics',
    answers: diagnosed,
    status: {
      keychain: keychainStatus({
        state: 'locked',
        writeMs: null,
        readBackMs: null,
        deleteMs: null,
        remedy: 'Unlock it with the system’s password, then test again.',
      }),
    },
  },
  {
    name: 'settings-rebuild',
    at: '/settings/diagnostics',
    answers: diagnosed,
    steps: rebuildSteps.slice(0, 1),
  },
  {
    name: 'settings-rebuild-running',
    at: '/settings/diagnostics',
    answers: { ...diagnosed, 'program:diagnose': () => ({ checks: checks.slice(0, 2) }) },
    jobs: [rebuild],
    steps: rebuildSteps,
  },
  {
    name: 'settings-rebuild-done',
    at: '/settings/diagnostics',
    answers: { ...diagnosed, 'program:diagnose': () => ({ checks: checks.slice(0, 2) }) },
    jobs: [
      {
        ...rebuild,
        state: 'done',
        endedAt: now,
        report: [
          '1,284 artifacts found in 3 stores',
          '1,281 open and are listed, their keys suspended',
          '3 do not open: their keys are not in this keychain',
        ],
      },
    ],
    steps: rebuildSteps,
  },
]
