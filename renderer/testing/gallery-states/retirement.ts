import { jobView } from '../builders.ts'
import type { GalleryState, Step } from '../gallery-state.ts'
import { artifactId, dayMs, jobId, keyId, now } from '../numbered-ids.ts'
import { certificate, retirementImpact, scheduledRetirement } from '../retirement-builders.ts'

const at = `/retire/${artifactId(61)}`
const toImpact: Step[] = [{ click: ['button', 'Show what 1 artifact takes along'] }]
const toCopies: Step[] = [...toImpact, { click: ['button', 'Check copies of 3 keys'] }]
const toCiphertext: Step[] = [...toCopies, { click: ['button', 'Choose for 2 objects'] }]
const toConfirm: Step[] = [...toCiphertext, { click: ['button', 'Confirm 3 keys'] }]
const typed: Step[] = [...toConfirm, { type: 'embedder-old.onnx' }]
const begun: Step[] = [...typed, { click: ['button', 'Destroy 3 keys'] }]

const job = jobView({
  n: 61,
  kind: 'retire',
  title: 'embedder-old.onnx',
  target: '3 keys destroyed and read back',
  phase: 'destroying',
  doneBytes: 0,
  totalBytes: 0,
})
const done = {
  ...job,
  state: 'done' as const,
  outcome: '3 keys destroyed here, 2 copies elsewhere; certificate made',
  report: [
    'Keychain, key 1: Deleted. Empty; keychain readable',
    'Keychain, key 2: Deleted. Empty; keychain readable',
    'Keychain, key 3: Deleted. Empty; keychain readable',
    'Version 1: Tried all 1239 keys left. Does not open',
    'Version 2: Tried all 1239 keys left. Does not open',
    'Not proved: Recovery kit of 2026-11-02, /media/dana/KINGSTON/weightlock-kit-2026-11-02.age',
    'Not proved: Export of 2026-09-03, /media/dana/KINGSTON/embedder-old.key.txt',
    'Not proved: Backups, roaming profiles',
    'Not proved: The original model',
  ],
}
const failed = {
  ...job,
  state: 'failed' as const,
  canRetry: true,
  failure: { code: 'keychain/locked' as const },
  safe: 'A key is called destroyed only once the keychain has shown that it is gone.',
}
const waiting = scheduledRetirement()
const [artifact] = retirementImpact().artifacts

const { statement } = certificate()
const times = <T>(count: number, all: T[]): T[] => Array.from({ length: count }, () => all).flat()
/** More than a page: six keys, eight versions, and copies in many places. */
const longCertificate = certificate({
  statement: {
    ...statement,
    keys: times(2, statement.keys).map((key, n) => ({ ...key, keyId: keyId(700 + n), name: `key ${n + 1}` })),
    versions: times(4, statement.versions).map((each, n) => ({ ...each, version: n + 1 })),
    checked: times(4, statement.checked).map((each, n) => ({ ...each, detail: `${each.detail} ${n}` })),
    notProved: times(3, statement.notProved).map((each, n) => ({ ...each, detail: `${each.detail}${n}` })),
  },
})

export const retirementStates: GalleryState[] = [
  { name: 'retire-artifact', at },
  {
    name: 'retire-artifact-scheduled',
    at,
    answers: {
      'retirement:scheduled': () => ({ scheduled: [waiting] }),
      'retirement:impact': () =>
        retirementImpact(artifact ? { artifacts: [{ ...artifact, scheduled: waiting }] } : {}),
    },
  },
  { name: 'retire-impact', at, steps: toImpact },
  { name: 'retire-copies', at, steps: toCopies },
  { name: 'retire-ciphertext', at, steps: toCiphertext },
  { name: 'retire-confirm', at, steps: typed },
  { name: 'retire-destroying', at, jobs: [job], steps: begun },
  { name: 'retire-done', at, jobs: [done], steps: begun },
  { name: 'retire-failed', at, jobs: [failed], steps: begun },
  {
    name: 'retire-scheduled',
    at,
    answers: {
      'retirement:start': () => ({
        jobIds: [],
        scheduled: [scheduledRetirement({ destroyAt: now + 10 * dayMs, isDue: false, waits: null })],
      }),
    },
    steps: [
      ...typed,
      { click: ['radio', 'Schedule'] },
      { click: ['button', 'Schedule 3 keys'] },
      { waitFor: 'is retired in 10 days' },
    ],
  },
  {
    name: 'retirement-due',
    at: '/artifacts',
    answers: { 'retirement:scheduled': () => ({ scheduled: [waiting] }) },
  },
  { name: 'certificate', at: `/certificates/${jobId(61)}` },
  {
    name: 'certificate-long',
    at: `/certificates/${jobId(61)}`,
    answers: { 'certificates:show': () => longCertificate },
  },
]
