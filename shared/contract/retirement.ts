/** Retirement, and the certificates that it ends in. */
import { z } from 'zod'
import { Certificate, CertificateRow, CertificateVerdict } from '../domain/certificate.ts'
import { PathRef } from '../domain/client-input.ts'
import { RetirementImpact, ScheduledRetirement, waitingDays } from '../domain/retirement.ts'
import { ArtifactId, JobId } from '../ids.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

const Artifacts = z.array(ArtifactId).min(1).max(1000)
const OneCertificate = z.object({ certificateId: JobId })
const Waiting = z.object({ scheduled: z.array(ScheduledRetirement) })

export const retirementContract = {
  /** What dies; changes nothing. */
  'retirement:impact': call('both', z.object({ artifactIds: Artifacts }), RetirementImpact),
  /** One job, and in the end one certificate, for each artifact. `inDays`: null destroys now; else its keys are
   * suspended until then. */
  'retirement:start': call(
    'both',
    z.object({
      artifactIds: Artifacts,
      confirmName: z.string(),
      inDays: z.number().int().min(waitingDays.min).max(waitingDays.max).nullable(),
      deleteCiphertext: z.boolean(),
    }),
    z.object({ jobIds: z.array(JobId), scheduled: z.array(ScheduledRetirement) }),
  ),
  /** Those that are scheduled, the earliest first. */
  'retirement:scheduled': call('both', z.object({}), Waiting),
  /** Each key returns to the state that it had. */
  'retirement:cancel': call('both', z.object({ artifactIds: Artifacts }), Waiting),
  /** The yes that a destruction which fell due is waiting for. */
  'retirement:confirm-due': call(
    'both',
    z.object({ artifactIds: Artifacts, confirmName: z.string() }),
    z.object({ jobIds: z.array(JobId) }),
  ),
  'certificates:list': call(
    'both',
    z.object({ artifactId: ArtifactId.nullable(), ...Page }),
    z.object({ total: z.number().int().nonnegative(), rows: z.array(CertificateRow) }),
  ),
  'certificates:show': call('both', OneCertificate, Certificate),
  /** Three files: the statement where `target` says, signature and public key beside it. */
  'certificates:save': call(
    'both',
    OneCertificate.extend({ target: PathRef }),
    z.object({ locations: z.array(z.string()) }),
  ),
  /** Looks for signature and public key beside the statement.
   * Fails with `certificate/altered` where the signature does not fit these bytes. */
  'certificates:verify': call('both', z.object({ source: PathRef }), CertificateVerdict),
  /** The page that the window shows now, as a file. */
  'certificates:pdf': call(
    'window',
    OneCertificate.extend({ target: PathRef }),
    z.object({ location: z.string() }),
  ),
}
