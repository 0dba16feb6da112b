import { keychainStatus, storeInfo } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'

const empty: Partial<Answers> = {
  'artifacts:list': () => ({ total: 0, rows: [], artifacts: 0, ciphertextBytes: 0, otherObjects: 0 }),
  'stores:list': () => ({
    stores: [
      storeInfo({
        name: 'Local',
        location: '/home/ada/Weightlock',
        exists: false,
        artifacts: 0,
        ciphertextBytes: 0,
      }),
    ],
  }),
}
const fresh = {
  counts: { artifacts: 0, keys: 0, rotationDue: 0, openJobs: 0, archived: 0 },
  checklist: { encrypted: false, opened: false, backedUp: false, dismissed: false },
} satisfies GalleryState['status']

export const firstRunStates: GalleryState[] = [
  { name: 'first-run', at: '/artifacts', answers: empty, status: fresh },
  {
    name: 'first-run-half-done',
    at: '/artifacts',
    answers: empty,
    status: { ...fresh, checklist: { encrypted: true, opened: false, backedUp: false, dismissed: false } },
  },
  {
    name: 'first-run-checklist-hidden',
    at: '/artifacts',
    answers: empty,
    status: { ...fresh, checklist: { encrypted: false, opened: false, backedUp: false, dismissed: true } },
  },
  {
    name: 'first-run-no-keychain',
    at: '/artifacts',
    answers: empty,
    status: {
      ...fresh,
      keychain: keychainStatus({
        state: 'unavailable',
        backend: 'Secret Service',
        writeMs: null,
        readBackMs: null,
        deleteMs: null,
        remedy: 'Start a Secret Service such as GNOME Keyring or KWallet, then test again.',
      }),
    },
  },
]
