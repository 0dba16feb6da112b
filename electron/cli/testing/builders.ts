/** Facts for tests of commands: valid by the contract, different only where a test says so. */
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { ArtifactId, JobId, KeyId, StoreId, encodeId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'

const idText = (number: number): string => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, number)
  return encodeId(bytes)
}
export const artifactId = (number: number): ArtifactId => ArtifactId.parse(idText(number))
export const keyId = (number: number): KeyId => KeyId.parse(idText(number))
export const jobId = (number: number): JobId => JobId.parse(idText(number))
export const storeId = (number: number): StoreId => StoreId.parse(idText(number))

export const artifactRow = (number: number, more: Partial<ArtifactRow> = {}): ArtifactRow => ({
  artifactId: artifactId(number),
  name: `model-${number}.pkl`,
  folder: '',
  version: 1,
  versions: 1,
  kind: 'pickle',
  kindLabel: 'pickle',
  isFolder: false,
  plaintextBytes: 148_200_000,
  ciphertextBytes: 148_236_445,
  encryptedAt: Date.UTC(2026, 10, 22, 16, 42),
  keyId: keyId(number),
  keyState: 'active',
  keyAlgorithm: 'X25519',
  keyDestroyAt: null,
  rotationDueAt: null,
  copiesElsewhere: 0,
  storeId: storeId(1),
  store: 'Weightlock',
  objectName: `model-${number}.pkl.age`,
  location: `/home/ada/Weightlock/model-${number}.pkl.age`,
  fingerprint: 'ab'.repeat(32),
  status: 'stored',
  isTainted: false,
  ownership: 'owner',
  isKeyMissing: false,
  isArchived: false,
  ...more,
})

export const keyRow = (number: number, more: Partial<KeyRow> = {}): KeyRow => ({
  keyId: keyId(number),
  alias: `model-${number}.pkl · key 1`,
  number: 1,
  state: 'active',
  algorithm: 'X25519',
  createdAt: Date.UTC(2026, 10, 22, 16, 42),
  activatedAt: Date.UTC(2026, 10, 22, 16, 42),
  inactiveAt: null,
  compromisedAt: null,
  destroyAt: null,
  isMissing: false,
  rotationDueAt: null,
  cryptoPeriodDays: 90,
  artifactId: artifactId(number),
  artifactName: `model-${number}.pkl`,
  protects: 1,
  protectsBytes: 148_236_445,
  backend: 'GNOME Keyring',
  copiesElsewhere: 0,
  places: ['keychain'],
  ...more,
})

export const jobView = (number: number, more: Partial<JobView> = {}): JobView => ({
  jobId: jobId(number),
  kind: 'encrypt',
  state: 'done',
  phase: 'finalising',
  title: `model-${number}.pkl`,
  target: 'to Weightlock',
  artifactId: artifactId(number),
  keyId: keyId(number),
  doneBytes: 1000,
  totalBytes: 1000,
  parts: null,
  bytesPerSecond: 0,
  secondsLeft: null,
  startedAt: Date.UTC(2026, 10, 22, 16, 42),
  endedAt: null,
  pausedAt: null,
  failure: null,
  safe: null,
  canPause: false,
  canResume: false,
  canRetry: false,
  canCancel: false,
  canReveal: false,
  outcome: null,
  report: [],
  ...more,
})

export const storeInfo = (number: number, more: Partial<StoreInfo> = {}): StoreInfo => ({
  storeId: storeId(number),
  name: number === 1 ? 'Weightlock' : `store-${number}`,
  kind: 'local-folder',
  settings: {},
  location: '/home/ada/Weightlock',
  isDefault: number === 1,
  exists: true,
  artifacts: 0,
  ciphertextBytes: 0,
  freeBytes: null,
  ...more,
})
