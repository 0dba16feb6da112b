/** Checks what stores hold against what was pinned, without any key. */
import { z } from 'zod'
import { VerifyLevel } from '../../../../shared/domain/artifact.ts'
import type { VerifiedStore, VerifyResult } from '../../../../shared/domain/verify-report.ts'
import { failureOf, type Failure } from '../../../../shared/failure.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { ArtifactId, StoreId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { leafCiphertextBytes } from '../../../age/payload-size.ts'
import { isRemoteKind } from '../../../storage/registry.ts'
import { withAtMost } from '../../at-most.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { pausesJob } from '../../pausing-failures.ts'
import { scanStore } from '../../scan-store.ts'
import type { Services } from '../../services.ts'
import { sampledLeaves } from './check-object.ts'
import { createChecker } from './checker.ts'
import { objectsMeant, type MeantObject } from './objects-meant.ts'
import { isProblem, reportLines } from './report-lines.ts'
import { keepResults, readRecorded, sortedResults } from './verify-journal.ts'

const Spec = z.object({
  /** Empty: all of the store, or of every store. */
  artifactIds: z.array(ArtifactId),
  storeId: StoreId.nullable(),
  level: VerifyLevel,
  /** Of the only one. */
  name: z.string().optional(),
})
type Spec = z.infer<typeof Spec>

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
  stores: async ({ storeId }) =>
    storeId === null ? (await services.catalog.listStores()).map((store) => store.storeId) : [storeId],
  canReveal: () => null,
  safe: () => 'Checking changes nothing in the stores, and no key is touched.',
  run: (spec, context) => verify(services, spec, context),
  undo: async () => null,
})

/** Objects looked at at once: a network has to be waited for, a disk has to be read. */
const atOnce: Record<'remote' | 'local', Record<VerifyLevel, number>> = {
  remote: { quick: 16, sample: 4, full: 2 },
  local: { quick: 4, sample: 2, full: 1 },
}

async function verify(services: Services, spec: Spec, context: JobContext): Promise<JobOutcome> {
  const before = readRecorded(await context.steps(), { open: true })
  const looked = new Set(before.results.map(keyOf))
  const all = await objectsMeant(services, spec)
  const meant = all.filter((each) => !looked.has(keyOf(each)))
  const results = [...before.results]
  const listed = await listStores(services, spec, context, before.stores)
  const weights = new Map(all.map((each) => [keyOf(each), weightOf(each, spec.level)]))
  const totalBytes = [...weights.values()].reduce((total, weight) => total + weight, 0)
  let doneBytes = before.results.reduce((total, result) => total + (weights.get(keyOf(result)) ?? 0), 0)
  const underWay = new Map<MeantObject, number>()
  const progress = () => {
    const now = [...underWay.values()].reduce((total, bytes) => total + bytes, doneBytes)
    context.report('verifying', Math.min(now, totalBytes), totalBytes)
  }
  progress()
  const keeper = keepResults(context)
  const look = createChecker(services, context, spec.level)
  const stores = new Map((await services.catalog.listStores()).map((store) => [store.storeId, store]))
  const isRemote = all.some(({ storeId }) => isRemoteKind(stores.get(storeId)?.kind ?? ''))
  try {
    await withAtMost(atOnce[isRemote ? 'remote' : 'local'][spec.level], meant, async (each) => {
      context.signal.throwIfAborted()
      const result = await look(each, stores.get(each.storeId)?.name ?? '', (done) => {
        underWay.set(each, Math.min(done, weights.get(keyOf(each)) ?? 0))
        progress()
      })
      underWay.delete(each)
      doneBytes += weights.get(keyOf(each)) ?? 0
      progress()
      results.push(result)
      await keeper.add(result)
    })
  } finally {
    await keeper.flush()
  }
  await context.journal('reported')
  const store = spec.storeId === null ? null : (stores.get(spec.storeId)?.name ?? null)
  return outcomeOf({ ...spec, store }, sortedResults(results), listed, all)
}

function outcomeOf(
  { level, artifactIds, store }: Pick<Spec, 'level' | 'artifactIds'> & { store: string | null },
  results: VerifyResult[],
  listed: Listed,
  meant: MeantObject[],
): JobOutcome {
  const report = [...listed.problems, ...reportLines({ results, stores: listed.stores })]
  const versionOf = ({ artifactId, version }: VerifyResult) => `${artifactId} ${version}`
  const checked = new Set(results.map(versionOf)).size
  const problems = new Set(results.filter(isProblem).map(versionOf)).size
  if (problems === 0) return { outcome: allMatch(checked, words[level]), report }
  const name = artifactIds.length === 1 ? (meant[0]?.name ?? null) : store
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

const keyOf = (one: Pick<VerifyResult, 'artifactId' | 'version' | 'storeId' | 'objectName'>): string =>
  `${one.artifactId} ${one.version} ${one.storeId} ${one.objectName}`

const headBytes = 4096

/** About so many bytes are read of it. */
const weightOf = ({ sizeBytes }: MeantObject, level: VerifyLevel): number =>
  level === 'full'
    ? sizeBytes
    : Math.min(sizeBytes, level === 'quick' ? headBytes : sampledLeaves * leafCiphertextBytes)

type Listed = { stores: VerifiedStore[]; problems: string[] }

/** Where a store is meant as a whole, what else lies in it is counted.
 * @throws WeightlockError what pauses the job */
async function listStores(
  services: Services,
  { artifactIds, storeId }: Spec,
  context: JobContext,
  before: VerifiedStore[],
): Promise<Listed> {
  if (artifactIds.length > 0) return { stores: [], problems: [] }
  const problems: string[] = []
  const stores = [...before]
  for (const row of await services.catalog.listStores()) {
    const isMeant = storeId === null || storeId === row.storeId
    if (!isMeant || stores.some((each) => each.storeId === row.storeId)) continue
    context.signal.throwIfAborted()
    try {
      const { backend } = await services.openStore(row.storeId)
      const { objects, foreign } = await scanStore(services.catalog, row.storeId, backend, context.signal)
      const listed = { storeId: row.storeId, store: row.name, objects, foreign }
      await context.journal('stores-listed', { stores: [listed] })
      stores.push(listed)
    } catch (error) {
      const failure: Failure | null = failureOf(error)
      // A store that nothing was put in yet need not be there.
      if (failure === null || (pausesJob(failure) && row.artifacts > 0)) throw error
      problems.push(`${safeText(row.name)}: not listed. ${failureText(failure).title}`)
    }
  }
  return { stores, problems }
}
