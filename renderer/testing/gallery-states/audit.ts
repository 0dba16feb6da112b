import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { artifactId, auditEntry, dayMs, digest, jobId, keyId, now } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'

type Line = [
  event: string,
  category: AuditEntry['category'],
  on: string,
  agoMs: number,
  who: string,
  via: string,
  facts?: AuditEntry['facts'],
]

const second = 1000
const lines: Line[] = [
  ['inspection-forgotten', 'artifacts', 'embedder-old.onnx', 36 * second, 'dana.k', 'window'],
  ['opening-failed-as-it-must', 'keys', '2 versions', 37 * second, 'dana.k', 'window'],
  [
    'key-destroyed',
    'keys',
    'embedder-old.onnx · key 3',
    39 * second,
    'dana.k',
    'window',
    {
      from: 'active',
      to: 'destroyed',
      reason: 'asked for, destroy now',
      readBack: 'item empty, canary readable',
      wasPresent: true,
    },
  ],
  ['key-copy-missing', 'copies', 'embedder-old.onnx · key 3', 40 * second, 'dana.k', 'window'],
  ['key-destroying', 'keys', 'embedder-old.onnx · key 3', 42 * second, 'dana.k', 'window'],
  ['key-exported', 'copies', 'credit-risk-v7.safetensors · key 3', 21 * dayMs, 'jo.m', 'terminal'],
  ['artifact-decrypted', 'artifacts', 'fraud_detector.pkl', 21.1 * dayMs, 'jo.m', 'terminal'],
  ['store-added', 'stores', 'nas-berlin', 101 * dayMs, 'dana.k', 'window'],
  ['version-encrypted', 'artifacts', 'embedder-old.onnx', 192 * dayMs, 'dana.k', 'window'],
  ['key-activated', 'keys', 'embedder-old.onnx · key 1', 282 * dayMs, 'dana.k', 'window'],
  ['key-created', 'keys', 'embedder-old.onnx · key 1', 282 * dayMs + second, 'dana.k', 'window'],
  ['installation-created', 'program', 'this installation', 282.1 * dayMs, 'dana.k', 'window'],
]
const total = 48_213
const entry = (sequence: number): AuditEntry => {
  const [event, category, on, agoMs, who, via, facts = {}] = lines[(total - sequence) % lines.length] ??
    lines[0] ?? ['', 'keys', '', 0, '', '']
  const turns = Math.floor((total - sequence) / lines.length)
  return auditEntry({
    sequence,
    at: now - agoMs - turns * 283 * dayMs,
    event,
    category,
    on,
    who,
    via,
    facts,
    keyId: category === 'keys' ? keyId(3) : null,
    artifactId: category === 'artifacts' ? artifactId(3) : null,
    jobId: event.startsWith('key-destroy') ? jobId(9) : null,
    previousHash: digest(sequence - 1),
    hash: digest(sequence),
  })
}
const listed =
  (count: number): Answers['audit:list'] =>
  ({ offset, limit }) => ({
    total: count,
    entries: total,
    rows: Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, n) =>
      entry(total - offset - n),
    ),
  })
const verdict = {
  intact: true,
  entries: total,
  checkedAt: now,
  headHash: digest(total),
  brokenAt: null,
  reason: null,
  tailVouched: true,
}
const many: Partial<Answers> = { 'audit:list': listed(total), 'audit:verify': () => verdict }
const at = '/audit'

export const auditStates: GalleryState[] = [
  { name: 'audit-many', at, answers: many },
  { name: 'audit-many-en-us', at, answers: many, status: { locale: 'en-US' } },
  {
    name: 'audit-open',
    at,
    answers: { ...many, 'audit:list': listed(12) },
    steps: [
      { click: ['row', '48,211'] },
      { click: ['searchbox', 'Search the log'] },
      { type: 'embedder-old' },
    ],
  },
  { name: 'audit-one', at, answers: { ...many, 'audit:list': listed(1) } },
  {
    name: 'audit-empty',
    at,
    answers: {
      'audit:list': () => ({ total: 0, entries: 0, rows: [] }),
      'audit:verify': () => ({ ...verdict, entries: 0 }),
    },
  },
  {
    name: 'audit-nothing-found',
    at,
    answers: { ...many, 'audit:list': listed(0) },
    steps: [{ click: ['button', 'Copies'] }],
  },
  {
    name: 'audit-broken',
    at,
    answers: {
      ...many,
      'audit:verify': () => ({
        ...verdict,
        intact: false,
        brokenAt: 47_530,
        reason: 'its hash does not continue the one before',
        tailVouched: false,
      }),
    },
  },
  {
    name: 'audit-unvouched',
    at,
    answers: {
      ...many,
      'audit:verify': () => ({ ...verdict, tailVouched: false, reason: 'the keychain is locked' }),
    },
  },
  { name: 'audit-loading', at, hanging: ['audit:list', 'audit:verify'] },
  {
    name: 'audit-failed',
    at,
    answers: many,
    failures: [['audit:list', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
  { name: 'audit-when', at, answers: many, steps: [{ click: ['combobox', 'When'] }] },
]
