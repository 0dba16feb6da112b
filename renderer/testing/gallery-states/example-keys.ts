/** The inventory of the pictures: keys of every state, and one with its history. */
import type {
  InventoryState,
  KeyCopy,
  KeyDetails,
  KeyRow,
  KeyState,
  KeyPlace,
} from '../../../shared/domain/key.ts'
import type { KeyFilter } from '../../../shared/contract/keys.ts'
import { artifactId, dayMs, keyDetails, keyId, keyRow, now } from '../builders.ts'

type Line = [
  name: string,
  number: number,
  state: KeyState,
  days: number,
  versions: number,
  bytes: number,
  places: KeyPlace[],
]

const lines: Line[] = [
  ['embedder-old.onnx', 3, 'destroyed', 101, 0, 0, []],
  ['asr-conformer-large-streaming-int8.onnx', 2, 'active', 95, 3, 1.84e9, ['keychain']],
  ['whisper-ft-de.gguf', 1, 'compromised', 94, 1, 3.09e9, ['keychain', 'export']],
  ['invoice-layoutlmv3.tar', 2, 'active', 90, 2, 2.71e9, ['keychain', 'export']],
  ['credit-risk-v7.safetensors', 2, 'deactivated', 90, 2, 26.27e9, ['keychain']],
  ['demand-forecast-tft.ckpt', 1, 'active', 88, 1, 418e6, ['keychain']],
  ['credit-risk-v7.safetensors', 3, 'active', 84, 3, 39.75e9, ['keychain', 'export', 'export']],
  ['churn-lightgbm', 3, 'suspended', 81, 4, 2.31e9, ['keychain']],
  ['fraud_detector.pkl', 1, 'active', 40, 1, 148_251_120, ['keychain']],
  ['pricing-xgb.ubj', 1, 'active', 12, 1, 22_108_416, ['keychain']],
  ['ner-legacy.h5', 2, 'pre-activation', 0, 0, 0, ['keychain']],
  ['ner-legacy.h5', 1, 'suspended', 93, 2, 965.4e6, ['keychain', 'kit']],
  ['speech-emotion.safetensors', 1, 'active', 30, 1, 1.26e9, ['kit']],
]

const row = ([artifactName, number, state, days, protects, protectsBytes, places]: Line, n: number): KeyRow =>
  keyRow({
    n: n + 1,
    artifactName,
    number,
    state,
    protects,
    protectsBytes,
    places,
    artifactId: artifactId(n + 1),
    createdAt: now - days * dayMs,
    activatedAt: state === 'pre-activation' ? null : now - (days + 0.4) * dayMs,
    inactiveAt: state === 'active' || state === 'pre-activation' ? null : now - 0.1 * dayMs,
    compromisedAt: state === 'compromised' ? now - 0.1 * dayMs : null,
    destroyAt: null,
    isMissing: false,
    rotationDueAt: state === 'active' ? now + (90 - days) * dayMs - 0.4 * dayMs : null,
    copiesElsewhere: state === 'destroyed' ? 3 : Math.max(0, places.length - 1),
  })

/** One is to be destroyed, one is gone from the keychain. */
export const rows = lines
  .map(row)
  .map((key) => ({
    ...key,
    destroyAt: key.artifactName === 'ner-legacy.h5' && key.number === 1 ? now + 10 * dayMs : null,
    isMissing: key.artifactName === 'speech-emotion.safetensors',
  }))
  .toSorted((a, b) => (a.activatedAt ?? a.createdAt) - (b.activatedAt ?? b.createdAt))
export const listed =
  (all: KeyRow[], total: number) =>
  ({ offset, limit }: { offset: number; limit: number }) => ({
    total,
    rows: Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, n) => {
      const found = all[(offset + n) % all.length] ?? keyRow()
      return { ...found, keyId: keyId(offset + n + 1) }
    }),
    counts: {
      all: total,
      'rotation-due': total > 14 ? 14 : 0,
      compromised: total > 14 ? 4 : 0,
      scheduled: total > 14 ? 5 : 0,
      'protects-nothing': total > 14 ? 11 : 0,
    } satisfies Record<KeyFilter, number>,
  })

const lane = (state: InventoryState, count: number, bins: number[]) => ({
  state,
  count,
  bins: Array.from({ length: 26 }, (_, bin) => bins[bin] ?? 0),
})
export const manyLanes = [
  lane(
    'active',
    1209,
    [101, 92, 88, 85, 82, 80, 77, 74, 71, 69, 66, 63, 60, 55, 48, 41, 30, 17, 6, 5, 3, 1, 1],
  ),
  lane('suspended', 4, [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]),
  lane('scheduled', 5, [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2]),
  lane('compromised', 4, [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
  lane('deactivated', 15, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 6, 4, 1]),
  lane('pre-activation', 2, [2]),
  lane('destroyed', 62, [0, 3, 1, 0, 2, 1, 0, 4, 2, 1, 0, 1, 3, 2, 0, 1, 2, 4, 9, 14, 8, 4]),
]
export const oneLane = [lane('active', 1, [0, 0, 1])]

const named = (name: string, number: number): KeyRow =>
  rows.find((key) => key.artifactName === name && key.number === number) ?? keyRow()
export const creditRisk = named('credit-risk-v7.safetensors', 3)
const copies: KeyCopy[] = [
  {
    place: 'keychain',
    where: `Weightlock/${creditRisk.keyId}`,
    state: 'present',
    at: now - 84 * dayMs,
    lastSeenAt: now - 28 * 60_000,
  },
  {
    place: 'export',
    where: '/home/ada/deploy/edge-berlin/credit-risk-v7.key-3.txt',
    state: 'out-of-reach',
    at: now - 40 * dayMs,
    lastSeenAt: null,
  },
]
const version = (
  n: number,
  bytes: number,
  alsoOpensWith: KeyDetails['protects'][number]['alsoOpensWith'],
) => ({
  artifactId: creditRisk.artifactId ?? artifactId(7),
  name: 'credit-risk-v7.safetensors',
  version: n,
  objectName: n === 1 ? 'credit-risk-v7.safetensors.age' : `credit-risk-v7.v${n}.safetensors.age`,
  store: 'models-prod',
  stores: ['models-prod'],
  ciphertextBytes: bytes,
  alsoOpensWith,
})
const key1 = { keyId: keyId(4), name: 'key 1' }
const key2 = { keyId: keyId(5), name: 'key 2' }
const protects = [version(3, 13.48e9, []), version(2, 13.31e9, [key2]), version(1, 12.96e9, [key1, key2])]
export const details: KeyDetails = keyDetails({
  key: creditRisk,
  madeOn: 'ws-041',
  protects,
  copies,
  events: [
    {
      at: now - 84.4 * dayMs,
      event: 'key-created',
      from: null,
      to: 'pre-activation',
      reason: 'a new version',
      who: 'dana.k',
    },
    {
      at: now - 84.39 * dayMs,
      event: 'key-activated',
      from: 'pre-activation',
      to: 'active',
      reason: 'read back and verified',
      who: 'dana.k',
    },
    {
      at: now - 40 * dayMs,
      event: 'key-exported',
      from: null,
      to: null,
      reason: '~/deploy/edge-berlin',
      who: 'jo.m',
    },
    {
      at: now - 1 * dayMs,
      event: 'version-encrypted',
      from: null,
      to: null,
      reason: 'v3, 13.48 GB',
      who: 'dana.k',
    },
  ],
  impact: {
    keyId: creditRisk.keyId,
    confirmName: 'credit-risk-v7.safetensors',
    goneForGood: [version(3, 13.48e9, [])],
    stillOpen: [version(2, 13.31e9, [key2]), version(1, 12.96e9, [key1, key2])],
    copies,
    copiesElsewhere: 1,
  },
})
export const lonely = keyDetails({ key: named('pricing-xgb.ubj', 1) })
const copiesLeft = copies.map((copy) =>
  copy.place === 'keychain' ? { ...copy, state: 'destroyed' as const, at: now } : copy,
)
export const destroyed: KeyDetails = {
  ...details,
  key: { ...creditRisk, state: 'destroyed', inactiveAt: now, rotationDueAt: null, copiesElsewhere: 1 },
  copies: copiesLeft,
  impact: { ...details.impact, copies: copiesLeft },
}
