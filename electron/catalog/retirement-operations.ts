import type { CertificateRow } from '../../shared/domain/certificate.ts'
import type { RetirementImpact, RetirementWait, ScheduledRetirement } from '../../shared/domain/retirement.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'

/** What was shown when the name was typed: nothing else is destroyed. */
export type ConfirmedLoss = {
  keyIds: KeyId[]
  versions: { artifactId: ArtifactId; version: number }[]
}

/** A certificate as it is kept: the statement is the signed file, byte for byte. */
export type StoredCertificate = CertificateRow & {
  statement: string
  /** Base64. */
  signature: string
  publicKeyPem: string
}

/** Hard links that a rotation left as they were: nobody knows where they are. */
export type OtherNames = { version: number; location: string; names: number; at: number }

/** The end of an artifact: shown, scheduled or begun, and certified. */
export type RetirementOperations = {
  /** What dies, but for what only the stores know. @throws artifact/not-found */
  retirementImpact: (artifactIds: ArtifactId[]) => Omit<RetirementImpact, 'confirmName' | 'stores'>
  /** Those that are scheduled, the earliest first.
   * `aheadMs`: by how much the clock jumped since, together; negative where it was set back. */
  retirements: () => (ScheduledRetirement & { confirmed: ConfirmedLoss; by: Actor; aheadMs: number })[]
  /** One transaction: active keys suspended, all of them to be destroyed then, audit.
   * @throws retirement/scheduled where one is; as `retirementBegun` */
  retirementScheduled: (request: {
    artifactId: ArtifactId
    destroyAt: number
    deleteCiphertext: boolean
    confirmed: ConfirmedLoss
    by: Actor
  }) => void
  /** Each key returns to the state that it had, where it still is in the one that it was given.
   * @throws retirement/not-scheduled */
  retirementCancelled: (request: { artifactId: ArtifactId; by: Actor }) => void
  /** The wall clock jumped by so much, ahead or back, as the count beside it tells. */
  clockJumped: (byMs: number) => void
  /** From now on it needs a yes. Of one that needs it already, the first reason stays. */
  retirementWaits: (request: { artifactId: ArtifactId; why: RetirementWait; by: Actor }) => void
  /** Before the first key is touched: journal step `retiring` with every key, active ones suspended, the schedule gone.
   * From here on it finishes. Asked again by the same job, it changes nothing.
   * @throws retirement/more-than-confirmed; retirement/key-shared where another artifact would be lost;
   * key/still-protects; artifact/not-owner; artifact/unresolved */
  retirementBegun: (request: {
    jobId: JobId
    artifactId: ArtifactId
    confirmed: ConfirmedLoss
    by: Actor
  }) => void
  /** The end: the certificate is kept, inspection data and inner names leave the catalog, journal step `end`, job done. */
  retirementCompleted: (request: {
    jobId: JobId
    artifactId: ArtifactId
    /** Versions that were tried and did not open, as they must. */
    triedToOpen: number[]
    certificate: Omit<StoredCertificate, 'certificateId' | 'artifactId'>
    outcome: string
    report: string[]
    by: Actor
  }) => void
  /** The newest date that the audit log has seen: a clock behind it is wrong, or was. */
  newestSeenAt: () => number
  /** What was written of it in the clear, by this program. */
  decryptionsOf: (artifactId: ArtifactId) => { count: number; lastAt: number | null }
  /** Files that a rotation replaced under one of their names, and that have others. */
  otherNames: (artifactId: ArtifactId) => OtherNames[]
  /** Newest first; of one artifact, or all. */
  certificates: (request: { artifactId: ArtifactId | null; offset: number; limit: number }) => {
    total: number
    rows: CertificateRow[]
  }
  /** @throws certificate/not-found */
  certificate: (certificateId: JobId) => StoredCertificate
  /** Public keys that ever signed a certificate here. */
  certificateKeys: () => string[]
}
