import type { retirementContract } from '../../../shared/contract/retirement.ts'
import { confirmNameOf } from '../../../shared/confirm-name.ts'
import { CertificateStatement, type Certificate } from '../../../shared/domain/certificate.ts'
import type { RetirementImpact, ScheduledRetirement } from '../../../shared/domain/retirement.ts'
import { fail } from '../../../shared/failure.ts'
import type { ArtifactId, JobId } from '../../../shared/ids.ts'
import { publicKeyName } from '../../audit/head.ts'
import type { ConfirmedLoss, StoredCertificate } from '../../catalog/retirement-operations.ts'
import { retirementStores } from '../../jobs/retirement-stores.ts'
import { startRetirement } from '../../jobs/start-retirement.ts'
import { publicKeySha256 } from '../../keys/certificate.ts'
import { saveCertificate, suggestedFileNames, verifyCertificateFiles } from '../../keys/certificate-files.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

const dayMs = 86_400_000

type Impact = Omit<RetirementImpact, 'confirmName' | 'stores'>

export const retirementHandlers = (deps: HandlerDeps): Handlers<typeof retirementContract> => {
  const { catalog, files, host, now } = deps
  const scheduled = async () => ({ scheduled: (await catalog.retirements()).map(withoutConfirmed) })

  /** @throws confirm/name-mismatch, artifact/not-owner, retirement/key-shared */
  const confirmedImpact = async (artifactIds: ArtifactId[], confirmName: string): Promise<Impact> => {
    const impact = await catalog.retirementImpact([...new Set(artifactIds)])
    const reader = impact.artifacts.find(({ ownership }) => ownership === 'reader')
    if (reader) fail({ code: 'artifact/not-owner', name: reader.name })
    const expected = confirmNameOf(impact.artifacts.map(({ name }) => name))
    if (confirmName !== expected) fail({ code: 'confirm/name-mismatch', expected })
    const lost = impact.shared.find(({ staysOpen }) => !staysOpen)
    const [first] = impact.artifacts
    if (lost && first)
      fail({ code: 'retirement/key-shared', name: first.name, keyId: lost.keyId, otherName: lost.name })
    return impact
  }

  const start = async (
    impact: Impact,
    deleteCiphertext: (artifact: Impact['artifacts'][number]) => boolean,
    by: ReturnType<typeof actorOf>,
  ): Promise<JobId[]> => {
    const jobIds: JobId[] = []
    for (const artifact of impact.artifacts) {
      const { artifactId, name } = artifact
      const confirmed = lossOf(await catalog.retirementImpact([artifactId]), impact)
      const request = { artifactId, name, deleteCiphertext: deleteCiphertext(artifact), confirmed }
      jobIds.push(await startRetirement(deps, request, by))
    }
    return jobIds
  }

  return {
    'retirement:impact': async ({ artifactIds }) => {
      const impact = await catalog.retirementImpact([...new Set(artifactIds)])
      return {
        ...impact,
        confirmName: confirmNameOf(impact.artifacts.map(({ name }) => name)),
        stores: await retirementStores(deps, artifactIds),
      }
    },
    'retirement:start': async ({ artifactIds, confirmName, inDays, deleteCiphertext }, context) => {
      const impact = await confirmedImpact(artifactIds, confirmName)
      const by = actorOf(context)
      if (inDays === null) {
        const jobIds = await start(impact, () => deleteCiphertext, by)
        return { jobIds, ...(await scheduled()) }
      }
      const destroyAt = now() + inDays * dayMs
      for (const { artifactId } of impact.artifacts)
        await catalog.retirementScheduled({
          artifactId,
          destroyAt,
          deleteCiphertext,
          confirmed: lossOf(await catalog.retirementImpact([artifactId]), impact),
          by,
        })
      return { jobIds: [], ...(await scheduled()) }
    },
    'retirement:scheduled': scheduled,
    'retirement:cancel': async ({ artifactIds }, context) => {
      for (const artifactId of artifactIds)
        await catalog.retirementCancelled({ artifactId, by: actorOf(context) })
      return scheduled()
    },
    'retirement:confirm-due': async ({ artifactIds, confirmName }, context) => {
      const impact = await confirmedImpact(artifactIds, confirmName)
      for (const { name, scheduled: waiting } of impact.artifacts) {
        if (waiting === null) fail({ code: 'retirement/not-scheduled', name })
        if (!waiting.isDue) fail({ code: 'retirement/not-due', name, destroyAt: waiting.destroyAt })
      }
      const asScheduled = (artifact: Impact['artifacts'][number]) =>
        artifact.scheduled?.deleteCiphertext ?? false
      return { jobIds: await start(impact, asScheduled, actorOf(context)) }
    },
    'certificates:list': (request) => catalog.certificates(request),
    'certificates:show': async ({ certificateId }) => shown(await catalog.certificate(certificateId)),
    'certificates:save': async ({ certificateId, target }, context) => {
      const certificate = await catalog.certificate(certificateId)
      const path = context.resolvePath(target, 'write')
      const locations = await saveCertificate(files, path, certificate)
      await catalog.recordEvent({
        event: 'certificate-saved',
        on: certificate.artifactName,
        artifactId: certificate.artifactId,
        keyId: null,
        jobId: certificateId,
        facts: { to: path },
        by: actorOf(context),
      })
      return { locations }
    },
    'certificates:verify': async ({ source }, context) => {
      const verified = await verifyCertificateFiles(context.resolvePath(source, 'read'))
      const current = await catalog.getValue(publicKeyName)
      const isSigner = (pem: unknown) =>
        typeof pem === 'string' && publicKeySha256(pem) === verified.publicKeySha256
      const earlier = await catalog.certificateKeys()
      const signedBy = isSigner(current)
        ? 'this-installation'
        : earlier.some(isSigner)
          ? 'earlier-key-of-this-installation'
          : 'another-key'
      return { ...verified, signedBy }
    },
    'certificates:pdf': async ({ certificateId, target }, context) => {
      await catalog.certificate(certificateId)
      const location = context.resolvePath(target, 'write')
      const window = host()
      if (window === null) return fail({ code: 'host/unsupported', action: 'print to PDF' })
      await window.printToPdf(location)
      return { location }
    },
  }
}

const withoutConfirmed = ({
  confirmed: _confirmed,
  by: _by,
  aheadMs: _ahead,
  ...row
}: ScheduledRetirement & { confirmed: unknown; by: unknown; aheadMs: number }): ScheduledRetirement => row

/** What the person who typed the name was shown: of one artifact its keys, of all of them the versions. */
const lossOf = (impact: Impact, all: Impact = impact): ConfirmedLoss => ({
  keyIds: impact.keys.map(({ key }) => key.keyId),
  versions: all.artifacts.flatMap(({ artifactId, versions }) =>
    versions.map(({ version }) => ({ artifactId, version })),
  ),
})

function shown(stored: StoredCertificate): Certificate {
  const { certificateId, artifactId, artifactName, at, statement, signature, publicKeyPem } = stored
  return {
    row: { certificateId, artifactId, artifactName, at },
    statement: CertificateStatement.parse(JSON.parse(statement)),
    signature,
    publicKeyPem,
    publicKeySha256: publicKeySha256(publicKeyPem) ?? '',
    fileNames: suggestedFileNames(artifactName),
  }
}
