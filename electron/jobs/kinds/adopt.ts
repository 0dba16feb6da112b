/** Takes ownership of artifacts that another installation made: opened here, read in full, pinned, logged. */
import { z } from 'zod'
import { leafDigestAlgorithm } from '../../age/leaf-digest.ts'
import type { Pin } from '../../catalog/version-operations.ts'
import { failureOf } from '../../../shared/failure.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { ArtifactId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../job-kind.ts'
import { openVersion } from '../open-version.ts'
import type { Services } from '../services.ts'
import { abortMarking, keptChecksum, markOwned, objectsOf, type Marked } from '../mark-owned.ts'
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
  undo: async (_, context) => {
    await abortMarking(services, context)
    return null
  },
})

async function adopt(services: Services, spec: Spec, context: JobContext): Promise<JobOutcome> {
  const { catalog } = services
  await abortMarking(services, context)
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
      report.push(...(await adoptOne(services, context, row)))
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
    failure: { code: 'verify/not-verified', name: null, checked: meant.length, problems },
  }
}

/** @returns what there is to be said of it
 * @throws WeightlockError where a version does not open here, or another took it meanwhile */
async function adoptOne(
  services: Services,
  context: JobContext,
  { artifactId, name }: Pick<ArtifactRow, 'artifactId' | 'name'>,
): Promise<string[]> {
  const { versions } = await services.catalog.artifactDetails(artifactId)
  const pins: Pin[] = []
  const toMark: Marked[] = []
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
      toMark.push(...(await objectsOf(services, opened)))
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
  // The word of the stores first: where one refuses it, ownership stays where it is.
  const said = await markOwned(services, context, toMark)
  const { by } = context
  for (const marked of toMark) {
    const { version, after } = marked
    if (after === null) continue
    const { storeId, info } = after
    const { name: objectName, revision } = info
    const object = { storeId, objectName, revision, checksum: keptChecksum(marked) }
    const at = services.now()
    await services.catalog.setVersionChecked({ artifactId, version, at, how: 'full', object })
  }
  await services.catalog.adopted({ jobId: context.jobId, artifactId, pins, by })
  return said.map((line) => `${safeText(name)}: ${line}`)
}
