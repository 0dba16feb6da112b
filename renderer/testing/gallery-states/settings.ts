import { jobId, jobView, keychainStatus, now } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { storesStates } from './stores.ts'

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
  ...storesStates,
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
