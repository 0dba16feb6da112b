/** The domain's types as they cross the boundary. Words: product.md. Sizes in bytes, times as epoch milliseconds. */
import { z } from 'zod'
import { ArtifactId, JobId, KeyId, PathToken, StoreId } from './ids.ts'
import { ModelSummary } from './model-inspection.ts'

export const KeyState = z.enum([
  'pre-activation',
  'active',
  'suspended',
  'deactivated',
  'compromised',
  'destroyed',
])
export type KeyState = z.infer<typeof KeyState>

export const KeyAlgorithm = z.enum(['X25519', 'mlkem768x25519'])
export type KeyAlgorithm = z.infer<typeof KeyAlgorithm>

export const Millis = z.number().int().nonnegative()
export const SizeBytes = z.number().int().nonnegative()
/** Hex of 32 bytes. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/)

/** A path: the window holds a token, the terminal an absolute path. Each side is refused the other's. */
export const PathRef = z.union([
  z.object({ token: PathToken }).strict(),
  z.object({ path: z.string().min(1).max(32_768) }).strict(),
])
export type PathRef = z.infer<typeof PathRef>

/** What was typed and must not be echoed: crosses inward once. */
export const TypedSecret = z.string().min(1).max(4096)

/** `stored`: there and pinned; `unpinned`: trusted on first use; `missing`: not found in its store;
 * `unresolved`: a write's outcome is unknown; `erased`: no key opens it any more. */
export const ArtifactStatus = z.enum(['stored', 'unpinned', 'missing', 'unresolved', 'erased'])
export type ArtifactStatus = z.infer<typeof ArtifactStatus>

/** One artifact as lists show it: the facts are those of its latest version. */
export const ArtifactRow = z.object({
  artifactId: ArtifactId,
  /** The name with its folder, `fraud/model.pkl`; its folder is '' or ends without a slash. */
  name: z.string(),
  folder: z.string(),
  version: z.number().int().positive(),
  versions: z.number().int().positive(),
  kind: z.string(),
  kindLabel: z.string(),
  isFolder: z.boolean(),
  plaintextBytes: SizeBytes,
  ciphertextBytes: SizeBytes,
  encryptedAt: Millis,
  keyId: KeyId,
  keyState: KeyState,
  keyAlgorithm: KeyAlgorithm,
  /** When the key's crypto-period ends; null once it is no longer active. */
  rotationDueAt: Millis.nullable(),
  /** Known copies of its key outside the keychain (exports, kits, secrets managers). */
  copiesElsewhere: z.number().int().nonnegative(),
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  /** A path or URI that other tools accept. */
  location: z.string(),
  fingerprint: Digest,
  status: ArtifactStatus,
  ownership: z.enum(['owner', 'reader']),
})
export type ArtifactRow = z.infer<typeof ArtifactRow>

/** What a store holds, as the table shows it. */
export const StoreEntry = z.discriminatedUnion('type', [
  ArtifactRow.extend({ type: z.literal('artifact') }),
  z.object({ type: z.literal('folder'), folder: z.string(), name: z.string(), artifacts: z.number().int() }),
  z.object({
    type: z.literal('foreign'),
    storeId: StoreId,
    objectName: z.string(),
    sizeBytes: SizeBytes,
    modifiedAt: Millis,
    isAgeFile: z.boolean(),
  }),
])
export type StoreEntry = z.infer<typeof StoreEntry>

export const VersionInfo = z.object({
  version: z.number().int().positive(),
  plaintextBytes: SizeBytes,
  ciphertextBytes: SizeBytes,
  encryptedAt: Millis,
  fingerprint: Digest,
  rootDigest: Digest.nullable(),
  digestAlgorithm: z.string(),
  status: ArtifactStatus,
  /** Every key that ever wrapped its payload, current one first. */
  keyIds: z.array(KeyId),
  objects: z.array(
    z.object({ storeId: StoreId, store: z.string(), objectName: z.string(), location: z.string() }),
  ),
  checkedAt: Millis.nullable(),
  checkedHow: z.enum(['quick', 'sample', 'full']).nullable(),
  note: z.string().nullable(),
})
export type VersionInfo = z.infer<typeof VersionInfo>

export const KeyEvent = z.object({
  at: Millis,
  event: z.string(),
  from: KeyState.nullable(),
  to: KeyState.nullable(),
  reason: z.string(),
  who: z.string(),
})
export type KeyEvent = z.infer<typeof KeyEvent>

export const KeyCopy = z.object({
  place: z.enum(['keychain', 'export', 'kit', 'secrets-manager', 'import']),
  /** File path, item or secret name; opaque ids only for the keychain. */
  where: z.string(),
  state: z.enum(['present', 'destroyed', 'found-missing', 'out-of-reach', 'not-here']),
  at: Millis,
  lastSeenAt: Millis.nullable(),
})
export type KeyCopy = z.infer<typeof KeyCopy>

export const KeyRow = z.object({
  keyId: KeyId,
  /** `model.pkl · key 2`. */
  alias: z.string(),
  number: z.number().int().positive(),
  state: KeyState,
  algorithm: KeyAlgorithm,
  createdAt: Millis,
  activatedAt: Millis.nullable(),
  rotationDueAt: Millis.nullable(),
  /** When it last left the state active; null while it is active or never was. */
  inactiveAt: Millis.nullable(),
  cryptoPeriodDays: z.number().int().positive(),
  artifactId: ArtifactId.nullable(),
  artifactName: z.string().nullable(),
  /** Versions that this key opens, with their ciphertext's size. */
  protects: z.number().int().nonnegative(),
  protectsBytes: SizeBytes,
  backend: z.string(),
  copiesElsewhere: z.number().int().nonnegative(),
  places: z.array(z.string()),
})
export type KeyRow = z.infer<typeof KeyRow>

/** What dies with a key: the impact shown before destruction. */
export const KeyImpact = z.object({
  keyId: KeyId,
  /** The name to be typed. */
  confirmName: z.string(),
  goneForGood: z.array(
    z.object({
      artifactId: ArtifactId,
      name: z.string(),
      version: z.number().int(),
      ciphertextBytes: SizeBytes,
    }),
  ),
  stillOpen: z.array(
    z.object({
      artifactId: ArtifactId,
      name: z.string(),
      version: z.number().int(),
      ciphertextBytes: SizeBytes,
      alsoOpensWith: z.array(KeyId),
    }),
  ),
  copies: z.array(KeyCopy),
  copiesElsewhere: z.number().int().nonnegative(),
})
export type KeyImpact = z.infer<typeof KeyImpact>

export const ArtifactDetails = z.object({
  artifact: ArtifactRow,
  createdAt: Millis,
  versions: z.array(VersionInfo),
  keys: z.array(KeyRow),
  keyEvents: z.array(KeyEvent.extend({ keyId: KeyId })),
  summary: ModelSummary.nullable(),
})
export type ArtifactDetails = z.infer<typeof ArtifactDetails>

export const KeyDetails = z.object({
  key: KeyRow,
  recipient: z.string(),
  madeOn: z.string(),
  events: z.array(KeyEvent),
  copies: z.array(KeyCopy),
  protects: z.array(
    z.object({
      artifactId: ArtifactId,
      name: z.string(),
      version: z.number().int(),
      objectName: z.string(),
      store: z.string(),
      ciphertextBytes: SizeBytes,
      alsoOpensWith: z.array(KeyId),
    }),
  ),
  impact: KeyImpact,
})
export type KeyDetails = z.infer<typeof KeyDetails>

export const StoreInfo = z.object({
  storeId: StoreId,
  name: z.string(),
  kind: z.string(),
  /** Settings without secrets, by field name of the kind's description. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  location: z.string(),
  isDefault: z.boolean(),
  exists: z.boolean(),
  artifacts: z.number().int().nonnegative(),
  ciphertextBytes: SizeBytes,
  freeBytes: SizeBytes.nullable(),
})
export type StoreInfo = z.infer<typeof StoreInfo>

/** A field of a backend's or manager's settings, from which the form and the command line's flag are drawn. */
export const SettingField = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['text', 'folder', 'choice', 'switch']),
  required: z.boolean(),
  help: z.string(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
})
export type SettingField = z.infer<typeof SettingField>

export const StoreTest = z.object({
  at: Millis,
  tookMs: z.number(),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), detail: z.string() })),
})
export type StoreTest = z.infer<typeof StoreTest>

export const AuditEntry = z.object({
  sequence: z.number().int().positive(),
  at: Millis,
  event: z.string(),
  category: z.enum(['keys', 'artifacts', 'copies', 'stores', 'program']),
  /** What it happened to, in words: an artifact's name, a key's alias, a store. */
  on: z.string(),
  artifactId: ArtifactId.nullable(),
  keyId: KeyId.nullable(),
  jobId: JobId.nullable(),
  who: z.string(),
  via: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  previousHash: Digest,
  hash: Digest,
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditVerdict = z.object({
  intact: z.boolean(),
  entries: z.number().int().nonnegative(),
  checkedAt: Millis,
  headHash: Digest.nullable(),
  /** Where it broke and why, or what could not be checked (a locked keychain cannot vouch for the tail). */
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
  tailVouched: z.boolean(),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>

export const KeychainStatus = z.object({
  state: z.enum(['works', 'locked', 'unavailable', 'denied', 'new-keychain', 'untested']),
  /** GNOME Keyring, KWallet, macOS Keychain, Windows Credential Manager. */
  backend: z.string(),
  testedAt: Millis.nullable(),
  writeMs: z.number().nullable(),
  readBackMs: z.number().nullable(),
  deleteMs: z.number().nullable(),
  /** How to fix it, in one sentence; empty when it works. */
  remedy: z.string(),
})
export type KeychainStatus = z.infer<typeof KeychainStatus>
