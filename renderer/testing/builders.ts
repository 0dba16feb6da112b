/** Objects of the domain for tests and for the gallery: sensible, and changed where a test says so. */
import type { ArtifactDetails, ArtifactRow, VersionInfo } from '../../shared/domain/artifact.ts'
import type { AuditEntry } from '../../shared/domain/audit.ts'
import type { KeychainStatus } from '../../shared/domain/keychain.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import type { JobView } from '../../shared/job.ts'
import type { ProgramStatus } from '../../shared/contract/program.ts'
import type { EncryptProposal } from '../../shared/contract/encrypt.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { keyRow } from './key-builders.ts'
import { artifactId, dayMs, digest, installationId, jobId, keyId, now, storeId } from './numbered-ids.ts'

export { keyDetails, keyRow } from './key-builders.ts'
export { storeInfo } from './store-builders.ts'
export { artifactId, dayMs, digest, jobId, keyId, now, pathToken, storeId } from './numbered-ids.ts'

const isSame = (name: string): string => name.split('/').at(-1) ?? name

export function artifactRow(over: Partial<ArtifactRow> & { n?: number } = {}): ArtifactRow {
  const { n = 1, ...rest } = over
  const name = rest.name ?? 'fraud/fraud_detector.pkl'
  return {
    artifactId: artifactId(n),
    name,
    folder: name.split('/').slice(0, -1).join('/'),
    version: 1,
    versions: 1,
    kind: 'pickle',
    kindLabel: 'pickle · sklearn',
    isFolder: false,
    plaintextBytes: 148_214_802,
    ciphertextBytes: 148_251_120,
    encryptedAt: now - 2 * 3_600_000,
    keyId: keyId(n),
    keyState: 'active',
    keyAlgorithm: 'X25519',
    rotationDueAt: now + 80 * dayMs,
    copiesElsewhere: 0,
    storeId: storeId(1),
    store: 'models-prod',
    objectName: `${name}.age`,
    location: `/srv/models-prod/${name}.age`,
    fingerprint: digest(n),
    status: 'stored',
    isTainted: false,
    ownership: 'owner',
    isKeyMissing: false,
    keyDestroyAt: null,
    isArchived: false,
    ...rest,
  }
}

export const artifactEntry = (over: Partial<ArtifactRow> & { n?: number } = {}): StoreEntry => ({
  ...artifactRow(over),
  type: 'artifact',
})

export const foreignEntry = (objectName: string, sizeBytes = 4102): StoreEntry => ({
  type: 'foreign',
  storeId: storeId(1),
  objectName,
  sizeBytes,
  modifiedAt: Date.UTC(2026, 6, 1),
  isAgeFile: objectName.endsWith('.age'),
})

export const folderEntry = (folder: string, artifacts: number): StoreEntry => ({
  type: 'folder',
  folder,
  name: isSame(folder),
  artifacts,
})

export function versionInfo(over: Partial<VersionInfo> = {}): VersionInfo {
  return {
    version: 1,
    plaintextBytes: 148_214_802,
    ciphertextBytes: 148_251_120,
    encryptedAt: now - 2 * 3_600_000,
    fingerprint: digest(1),
    rootDigest: digest(2),
    digestAlgorithm: 'BLAKE3',
    status: 'stored',
    taintedBy: [],
    keyIds: [keyId(1)],
    objects: [
      {
        storeId: storeId(1),
        store: 'models-prod',
        objectName: 'fraud/fraud_detector.pkl.age',
        location: '/srv/models-prod/fraud/fraud_detector.pkl.age',
        state: 'present',
      },
    ],
    checkedAt: null,
    checkedHow: null,
    note: null,
    ...over,
  }
}

export function artifactDetails(over: Partial<ArtifactDetails> = {}): ArtifactDetails {
  const artifact = over.artifact ?? artifactRow()
  return {
    artifact,
    createdAt: artifact.encryptedAt,
    versions: [
      versionInfo({
        version: artifact.version,
        plaintextBytes: artifact.plaintextBytes,
        ciphertextBytes: artifact.ciphertextBytes,
        encryptedAt: artifact.encryptedAt,
        fingerprint: artifact.fingerprint,
        keyIds: [artifact.keyId],
        objects: [
          {
            storeId: artifact.storeId,
            store: artifact.store,
            objectName: artifact.objectName,
            location: artifact.location,
            state: 'present',
          },
        ],
      }),
    ],
    keys: [
      keyRow({
        keyId: artifact.keyId,
        state: artifact.keyState,
        isMissing: artifact.isKeyMissing,
        destroyAt: artifact.keyDestroyAt,
        artifactName: isSame(artifact.name),
      }),
    ],
    keyEvents: [
      {
        keyId: artifact.keyId,
        at: artifact.encryptedAt,
        event: 'wrapped',
        from: null,
        to: null,
        reason: 'v1',
        who: 'ada@workstation-7',
      },
    ],
    summary: null,
    ...over,
  }
}

export function jobView(over: Partial<JobView> & { n?: number } = {}): JobView {
  const { n = 1, ...rest } = over
  return {
    jobId: jobId(n),
    kind: 'encrypt',
    state: 'running',
    phase: 'encrypting',
    title: 'credit-risk-v7.safetensors',
    target: 'to models-prod/fraud · v3',
    artifactId: artifactId(2),
    keyId: keyId(2),
    doneBytes: 8_355_640_442,
    totalBytes: 13_476_839_424,
    parts: null,
    bytesPerSecond: 312_000_000,
    secondsLeft: 16,
    startedAt: now - 27_000,
    endedAt: null,
    pausedAt: null,
    failure: null,
    safe: null,
    canPause: true,
    canResume: false,
    canRetry: false,
    canCancel: true,
    canReveal: false,
    outcome: null,
    report: [],
    ...rest,
  }
}

export function auditEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  const sequence = over.sequence ?? 1
  return {
    sequence,
    at: now - sequence * 60_000,
    event: 'artifact encrypted',
    category: 'artifacts',
    on: 'fraud_detector.pkl',
    artifactId: artifactId(1),
    keyId: keyId(1),
    jobId: jobId(1),
    who: 'ada@workstation-7',
    via: 'window',
    facts: {},
    previousHash: digest(sequence - 1),
    hash: digest(sequence),
    ...over,
  }
}

export const keychainStatus = (over: Partial<KeychainStatus> = {}): KeychainStatus => ({
  state: 'works',
  backend: 'GNOME Keyring',
  testedAt: now - 28 * 60_000,
  writeMs: 4.8,
  readBackMs: 1.1,
  deleteMs: 3.9,
  remedy: '',
  ...over,
})

export const programStatus = (over: Partial<ProgramStatus> = {}): ProgramStatus => ({
  version: '0.1.0',
  host: 'chromium',
  platform: 'linux',
  locale: 'en-GB',
  dataFolder: '/home/ada/.local/share/weightlock',
  installationId: installationId(1),
  dataFolderIs: 'mine',
  nativeDialogs: false,
  keychain: keychainStatus(),
  counts: { artifacts: 1284, keys: 1301, rotationDue: 0, openJobs: 0, archived: 0 },
  checklist: { encrypted: true, opened: true, backedUp: false, dismissed: true },
  sample: { name: 'digits-mlp.safetensors', sizeBytes: 318_400 },
  settings: defaultSettings,
  ...over,
})

export function encryptProposal(over: Partial<EncryptProposal> = {}): EncryptProposal {
  const name = over.name ?? 'fraud_detector.pkl'
  return {
    sources: [0],
    name,
    isFolder: false,
    sizeBytes: 148_214_802,
    files: 1,
    summary: { kind: 'binary', label: 'binary file', framework: null, warning: null, malformed: null },
    links: { count: 0, outside: [], leftOut: [] },
    hidden: [],
    existing: null,
    objectName: `${name}.age`,
    offer: 'encrypt',
    refusal: null,
    shards: null,
    ...over,
  }
}
