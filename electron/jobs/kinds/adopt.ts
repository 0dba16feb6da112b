/** Takes ownership of artifacts that another installation made: opened here, read in full, pinned, logged. */
import { z } from 'zod'
import { leafDigestAlgorithm } from '../../age/leaf-digest.ts'
import type { Pin } from '../../catalog/version-operations.ts'
import { failureOf } from '../../../shared/failure.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { formatCounted } from '../../../shared/format.ts'
import { ArtifactId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../job-kind.ts'
import { openVersion } from '../open-version.ts'
import type { Services } from '../services.ts'
import { asReadFailure } from '../store-path-failure.ts'

const Spec = z.object({
  artifactIds: z.array(ArtifactId),
  all: z.boolean(),
  /** Of the only one. */
  name: z.string().optional(),
})
type Spec = z.infer<typeof Spec>

export const adoptKind = (services: Services): JobKindDefinition<Spec> => ({
  kind: 'adopt',
  spec: Spec,
  describe: ({ artifactIds, all, name }) => ({
    title: all ? 'All artifacts of others' : (name ?? formatCounted(artifactIds.length, 'artifact')),
    target: 'adopted by this installation',
    artifactId: artifactIds.length === 1 ? (artifactIds[0] ?? null) : null,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: true,
  canReveal: () => null,
  safe: () => 'Artifacts that were not adopted stay readable, as they were.',
  run: (spec, context) => adopt(services, spec, context),
  undo: async () => null,
})

async function adopt(services: Services, spec: Spec, context: JobContext): Promise<JobOutcome> {
  const { catalog } = services
  const wide = { storeId: null, folder: '', deep: true, query: '' }
  const ids = spec.all ? await catalog.listArtifactIds(wide) : spec.artifactIds
  const rows = await catalog.artifactRows(ids)
  const meant = rows.filter((row) => row.ownership === 'reader' || row.status === 'unpinned')
  const totalBytes = meant.reduce((total, { ciphertextBytes }) => total + ciphertextBytes, 0)
  const report: string[] = []
  let adopted = 0
  let doneBytes = 0
  for (const row of meant) {
    context.signal.throwIfAborted()
    context.report('verifying', doneBytes, totalBytes)
    try {
      await adoptOne(services, context, row.artifactId)
      adopted += 1
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      report.push(`${safeText(row.name)}: ${failureText(failure).title}`)
    }
    doneBytes += row.ciphertextBytes
  }
  context.report('verifying', totalBytes, totalBytes)
  const problems = meant.length - adopted
  if (meant.length === 0)
    return { outcome: 'Nothing to adopt: this installation owns all of it already', report }
  if (problems === 0) return { outcome: `${formatCounted(adopted, 'artifact')} adopted`, report }
  return {
    outcome: `${adopted} of ${formatCounted(meant.length, 'artifact')} adopted`,
    report,
    failure: { code: 'verify/not-verified', name: 'the artifacts', checked: meant.length, problems },
  }
}

async function adoptOne(services: Services, context: JobContext, artifactId: ArtifactId): Promise<void> {
  const { versions } = await services.catalog.artifactDetails(artifactId)
  const pins: Pin[] = []
  for (const { version } of versions) {
    const opened = await openVersion(services, artifactId, version)
    try {
      const { file, fileKey, source, keyId, store, info } = opened
      const { leafDigests, rootDigest } = await asReadFailure(store, info.name, () =>
        services.payloads.decrypt({
          source,
          name: opened.version.name,
          signal: context.signal,
          fileKey,
          payloadNonce: file.payloadNonce,
          payloadBytes: file.payload.sizeBytes,
          pinnedLeafDigests: opened.version.leafDigests,
          sink: { kind: 'nowhere' },
        }),
      )
      if (leafDigests === null || rootDigest === null) throw new Error('the payload has no digests')
      const nonce = Buffer.from(file.payloadNonce).toString('hex')
      pins.push({
        version,
        fingerprint: file.fingerprint,
        keyId,
        nonce,
        leafDigests,
        root: rootDigest,
        algorithm: leafDigestAlgorithm,
      })
    } finally {
      opened.close()
    }
  }
  const { by } = context
  await services.catalog.adopted({ jobId: context.jobId, artifactId, pins, by })
}
