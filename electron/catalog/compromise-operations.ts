import type { ParsedRequest } from '../../shared/contract/contract.ts'
import type {
  CompromisePlan,
  Incident,
  IncidentRow,
  ObjectVersionRef,
} from '../../shared/domain/compromise.ts'
import type { KeyPlace } from '../../shared/domain/key.ts'
import type { ArtifactId, IncidentId, KeyId, StoreId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'

/** An object of an artifact whose key leaked, under whose name a store may keep older object versions. */
export type LeakedObject = {
  artifactId: ArtifactId
  name: string
  storeId: StoreId
  store: string
  objectName: string
}

/** Keys that are trusted no more, and what is left to do about what they opened (cryptography.md, sections 2 and 5). */
export type CompromiseOperations = {
  /** Changes nothing. @throws key/not-found */
  compromisePlan: (request: ParsedRequest<'keys:compromise-plan'>) => CompromisePlan
  /** All in one transaction: state `compromised` from whatever it was (a destroyed key stays destroyed, and what it ever
   * wrapped is tainted), the incident with what it exposes, events, audit.
   * @throws key/not-found, key/leak-grew */
  revokeKeys: (request: ParsedRequest<'keys:revoke'> & { by: Actor }) => IncidentId
  /** Newest first. */
  listIncidents: () => IncidentRow[]
  /** @throws incident/not-found */
  incident: (incidentId: IncidentId) => Incident
  /** Objects of every artifact that the keys belong to, or wrapped; those that were deleted, too. */
  leakedObjects: (keyIds: readonly KeyId[]) => LeakedObject[]
  /** Whose header this is, now or formerly. */
  keyOfFingerprint: (fingerprint: string) => KeyId | null
  /** Those that were given up in an incident of the key. */
  givenUpObjectVersions: (keyId: KeyId) => ObjectVersionRef[]
  /** Left to whoever has the leaked key: a decision that is noted. @throws incident/not-found, artifact/not-found */
  incidentGaveUp: (request: {
    incidentId: IncidentId
    artifactId: ArtifactId
    versions: readonly number[]
    objectVersions: readonly ObjectVersionRef[]
    by: Actor
  }) => void
  /** Somebody's word about a copy that Weightlock cannot reach. @throws incident/not-found */
  incidentCopyRevoked: (request: {
    incidentId: IncidentId
    place: KeyPlace
    where: string
    revoked: boolean
    by: Actor
  }) => void
}
