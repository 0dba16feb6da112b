/** A reported compromise: which keys leaked, what that exposed, and what is still to be done. Words: product.md. */
import { z } from 'zod'
import { FailureValue } from './failure-value.ts'
import { ArtifactId, IncidentId, KeyId, StoreId } from '../ids.ts'
import { KeyPlace, KeyState } from './key.ts'
import { Millis, SizeBytes } from './quantities.ts'

const Count = z.number().int().nonnegative()
const Version = z.number().int().positive()

/** Copies of leaked keys outside the keychain: whoever reported the leak has to revoke them. */
export const LeakedCopy = z.object({ place: KeyPlace, where: z.string(), keys: Count })
export type LeakedCopy = z.infer<typeof LeakedCopy>

export const ExposedArtifact = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  /** Numbers of its keys that leaked. */
  leaked: z.array(z.number().int().positive()),
  /** The key that wraps its latest version now, where that one did not leak. */
  now: z.number().int().positive().nullable(),
  payloads: Count,
  ciphertextBytes: SizeBytes,
})
export type ExposedArtifact = z.infer<typeof ExposedArtifact>

const MeantKey = z.object({
  keyId: KeyId,
  alias: z.string(),
  /** What it is before it is revoked. One that is destroyed stays so, and what it ever wrapped is tainted. */
  state: KeyState,
})

/** What revoking would mean; nothing is changed by asking. */
export const CompromisePlan = z.object({
  keys: z.array(MeantKey),
  /** Keys in the inventory. */
  keysInAll: Count,
  /** Keys that were asked for by id and are compromised already. */
  alreadyCompromised: z.array(MeantKey),
  artifacts: z.array(ExposedArtifact),
  payloads: Count,
  ciphertextBytes: SizeBytes,
  /** Payloads whose header a leaked key wraps now, and those where it did so earlier. */
  wrappedNow: Count,
  wrappedEarlier: Count,
  copies: z.array(LeakedCopy),
  /** Artifacts whose active key leaked: they have none until they are encrypted anew. */
  withoutActiveKey: z.array(z.object({ artifactId: ArtifactId, name: z.string() })),
})
export type CompromisePlan = z.infer<typeof CompromisePlan>

/** `to-do`: tainted as it was reported; `done`: another payload took its place; `given-up`, `deleted`, `erased`: nothing
 * is left that would be encrypted anew. */
export const TaintedState = z.enum(['to-do', 'done', 'given-up', 'deleted', 'erased'])
export type TaintedState = z.infer<typeof TaintedState>

export const TaintedVersion = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  version: Version,
  ciphertextBytes: SizeBytes,
  /** A key that leaked in this incident and wrapped it. */
  keyId: KeyId,
  /** The key whose header is on it now; null where the version is gone. */
  wrappedBy: KeyId.nullable(),
  state: TaintedState,
})
export type TaintedVersion = z.infer<typeof TaintedVersion>

export const IncidentRow = z.object({
  incidentId: IncidentId,
  at: Millis,
  who: z.string(),
  reason: z.string(),
  /** Null: the keys were chosen. */
  since: Millis.nullable(),
  keys: Count,
  payloads: Count,
  payloadsToDo: Count,
  copiesToRevoke: Count,
})
export type IncidentRow = z.infer<typeof IncidentRow>

export const Incident = z.object({
  incident: IncidentRow,
  keys: z.array(
    MeantKey.extend({
      artifactName: z.string().nullable(),
      /** Versions that it still opens and that nobody has decided about. */
      stillOpens: Count,
    }),
  ),
  versions: z.array(TaintedVersion),
  copies: z.array(LeakedCopy.extend({ revokedAt: Millis.nullable() })),
})
export type Incident = z.infer<typeof Incident>

/** An object version that a bucket keeps and that a leaked key opens. */
export const OldObjectVersion = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  keyId: KeyId,
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  versionId: z.string(),
  sizeBytes: SizeBytes,
  modifiedAt: Millis,
  isGivenUp: z.boolean(),
})
export type OldObjectVersion = z.infer<typeof OldObjectVersion>

export const OldObjectVersions = z.object({
  versions: z.array(OldObjectVersion),
  /** Stores that could not be asked: what they keep is unknown. */
  unasked: z.array(z.object({ storeId: StoreId, store: z.string(), failure: FailureValue })),
})
export type OldObjectVersions = z.infer<typeof OldObjectVersions>

const ObjectVersionRef = z.object({
  storeId: StoreId,
  objectName: z.string().min(1).max(4096),
  versionId: z.string().min(1).max(1024),
})
export type ObjectVersionRef = z.infer<typeof ObjectVersionRef>

/** What somebody decided about what a leaked key still opens. */
export const IncidentDecision = z.discriminatedUnion('kind', [
  /** For good, and looked for afterwards. */
  z.object({ kind: z.literal('delete'), ...ObjectVersionRef.shape }),
  /** By the artifact's name: it is left to whoever has the leaked key. */
  z.object({
    kind: z.literal('give-up'),
    artifactId: ArtifactId,
    confirmName: z.string(),
    versions: z.array(Version).max(10_000),
    objectVersions: z.array(ObjectVersionRef).max(10_000),
  }),
  /** Somebody's word: Weightlock cannot look. */
  z.object({
    kind: z.literal('copy-revoked'),
    place: KeyPlace,
    where: z.string(),
    revoked: z.boolean(),
  }),
])
export type IncidentDecision = z.infer<typeof IncidentDecision>
