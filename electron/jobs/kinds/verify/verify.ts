/** Checks what stores hold against what was pinned, without any key. */
import { z } from 'zod'
import { VerifyLevel } from '../../../../shared/domain/artifact.ts'
import { failureOf, type Failure } from '../../../../shared/failure.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { ArtifactId, StoreId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { isRefusal, recordRefusal } from '../../refusal.ts'
import type { Services } from '../../services.ts'
import { checkVersion } from './check-version.ts'

const Spec = z.object({
  /** Empty: all of the store, or of every store. */
  artifactIds: z.array(ArtifactId),
  storeId: StoreId.nullable(),
  level: VerifyLevel,
  /** Of the only one. */
  name: z.string().optional(),
})
type Spec = z.infer<typeof Spec>
type Meant = { artifactId: ArtifactId; version: number; name: string; sizeBytes: number; isErased: boolean }

const words: Record<VerifyLevel, string> = {
  quick: 'sizes and headers',
  sample: 'a sample',
  full: 'every byte',
}

export const verifyKind = (services: Services): JobKindDefinition<Spec> => ({
  kind: 'verify',
  spec: Spec,
  describe: ({ artifactIds, level, name }) => ({
    title:
      artifactIds.length === 0 ? 'All artifacts' : (name ?? formatCounted(artifactIds.length, 'artifact')),
    target: words[level],
    artifactId: artifactIds.length === 1 ? (artifactIds[0] ?? null) : null,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: true,
  canReveal: () => null,
  safe: () => 'Checking changes nothing in the stores, and no key is touched.',
  run: (spec, context) => verify(services, spec, context),
  undo: async () => null,
})

async function verify(services: Services, spec: Spec, context: JobContext): Promise<JobOutcome> {
  const meant = await versionsMeant(services, spec)
  const totalBytes = meant.reduce((total, each) => total + each.sizeBytes, 0)
  const report: string[] = []
  let problems = 0
  let unpinned = 0
  let doneBytes = 0
  for (const each of meant) {
    context.signal.throwIfAborted()
    context.report('verifying', doneBytes, totalBytes)
    const progress = (done: number) => context.report('verifying', doneBytes + done, totalBytes)
    try {
      const { wasPinned } = await checkVersion(services, context, each, spec.level, progress)
      if (!wasPinned) unpinned += 1
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      problems += 1
      report.push(`${safeText(each.name)}, version ${each.version}: ${failureText(failure).title}`)
      await recordProblem(services, context, each, failure)
    }
    doneBytes += each.sizeBytes
  }
  const checked = meant.length
  context.report('verifying', totalBytes, totalBytes)
  if (unpinned > 0)
    report.push(`${unpinned} trusted on first use: their bytes have no pin to be compared with`)
  if (problems === 0) return { outcome: allMatch(checked, words[spec.level]), report }
  const name = spec.artifactIds.length === 1 ? (meant[0]?.name ?? '') : 'the stores'
  return {
    outcome: `${problems} of ${formatCounted(checked, 'version')} did not verify`,
    report,
    failure: { code: 'verify/not-verified', name, checked, problems },
  }
}

function allMatch(checked: number, how: string): string {
  if (checked === 0) return 'There was nothing to check'
  return checked === 1 ? `The only version matches (${how})` : `All ${checked} versions match (${how})`
}

async function recordProblem(
  services: Services,
  context: JobContext,
  each: Meant,
  failure: Failure,
): Promise<void> {
  const { artifactId, version } = each
  const { by } = context
  if (failure.code === 'store/object-not-found') {
    if (!each.isErased) await services.catalog.versionMissing({ artifactId, version, by })
  } else if (isRefusal(failure)) await recordRefusal(services, context, each, failure)
}

async function versionsMeant({ catalog }: Services, { artifactIds, storeId }: Spec): Promise<Meant[]> {
  if (artifactIds.length > 0) {
    const details = await Promise.all(artifactIds.map((artifactId) => catalog.artifactDetails(artifactId)))
    return details.flatMap(({ artifact, versions }) =>
      versions.map((version) => ({
        artifactId: artifact.artifactId,
        version: version.version,
        name: artifact.name,
        sizeBytes: version.ciphertextBytes,
        isErased: version.status === 'erased',
      })),
    )
  }
  const found: Meant[] = []
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const page: Awaited<ReturnType<typeof catalog.versionsInStore>> = await catalog.versionsInStore(
      storeId,
      after,
      1000,
    )
    for (const { artifactId, version, name, sizeBytes, status } of page.versions)
      found.push({ artifactId, version, name, sizeBytes, isErased: status === 'erased' })
    after = page.next
  }
  return found
}
