/** Deletes an artifact's ciphertext from one store. Its key is not destroyed, and other copies remain: both are said. */
import { z } from 'zod'
import { fail } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { ArtifactId, StoreId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { inTurn } from '../../../keys/in-turn.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { findObject } from '../../open-version.ts'
import { auditingRefusals, recordRefusal } from '../../refusal.ts'
import { requireStillOwner } from '../../require-still-owner.ts'
import type { OpenStore, Services } from '../../services.ts'
import { deleteFromStore } from '../../objects/delete-from-store.ts'
import { deleteObjectVersions, objectVersionsStay } from '../../objects/delete-object-versions.ts'

const DeleteObjectSpec = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  /** Null: every version that lies in the store. */
  version: z.number().int().positive().nullable(),
  storeId: StoreId,
  /** The store's name, for people. */
  store: z.string(),
  /** Object versions under the same name go too. */
  objectVersions: z.boolean(),
})
export type DeleteObjectSpec = z.infer<typeof DeleteObjectSpec>

export const deleteObjectKind = (services: Services): JobKindDefinition<DeleteObjectSpec> => ({
  kind: 'delete-object',
  spec: DeleteObjectSpec,
  describe: ({ artifactId, name, store, version }) => ({
    title: name,
    target: `from ${store}${version === null ? '' : ` · v${version}`}`,
    artifactId,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: false,
  stores: async ({ storeId }) => [storeId],
  canReveal: () => null,
  safe: () =>
    'No key was touched. What was not deleted lies where it lay, and copies in other stores remain.',
  run: (spec, context) =>
    inTurn(spec.artifactId, () => deleteArtifact(services, spec, context), context.signal),
  // What is deleted stays deleted.
  undo: async (_, context) => {
    const { announced } = await readJournal(context)
    return announced.length === 0 ? null : { outcome: 'Stopped; what was deleted stays deleted' }
  },
})

const Announced = z.object({ version: z.number(), objectName: z.string() })

async function readJournal(context: JobContext) {
  const steps = await context.steps()
  const factsOf = (name: string) =>
    steps.flatMap(({ step, facts }) => (step === name ? [Announced.parse(facts)] : []))
  return { announced: factsOf('deleting'), withVersions: factsOf('versions-deleted') }
}

async function deleteArtifact(
  services: Services,
  spec: DeleteObjectSpec,
  context: JobContext,
): Promise<JobOutcome> {
  const { catalog } = services
  const { artifactId, storeId } = spec
  const store = await services.openStore(storeId)
  context.report('deleting', 0, 0)
  const { versions } = await catalog.artifactDetails(artifactId)
  for (const { version, objects } of versions.toReversed()) {
    if (spec.version !== null && version !== spec.version) continue
    if (!objects.some((each) => each.storeId === storeId && each.state !== 'deleted')) continue
    context.signal.throwIfAborted()
    await auditingRefusals(
      (failure) => recordRefusal(services, context, { artifactId, version }, failure),
      () => deleteVersion(services, spec, context, store, version),
    )
  }
  const { announced, withVersions } = await readJournal(context)
  if (announced.length === 0) fail({ code: 'artifact/not-in-store', name: spec.name, store: store.row.name })
  const unique = [...new Map(announced.map((each) => [each.objectName, each])).values()]
  const report = unique.map(({ objectName }) => `Deleted, then looked for: ${safeText(objectName)} is gone`)
  if (spec.objectVersions) {
    const left = unique.filter((each) => !withVersions.some((done) => done.objectName === each.objectName))
    for (const each of left) await deleteVersionsOf(services, spec, context, store, each)
  }
  report.push(...(await objectVersionLines(store, spec, unique.length)))
  report.push(...(await whatRemains(services, spec, unique)))
  return { outcome: outcomeOf(unique.length), report }
}

const outcomeOf = (objects: number): string =>
  objects === 1
    ? 'Ciphertext deleted; its key is not destroyed'
    : `${objects} objects deleted; the key is not destroyed`

async function deleteVersion(
  services: Services,
  spec: DeleteObjectSpec,
  context: JobContext,
  store: OpenStore,
  number: number,
): Promise<void> {
  const { artifactId, storeId } = spec
  const version = await services.catalog.versionForOpening(artifactId, number)
  if (version.status === 'unresolved') fail({ code: 'artifact/unresolved', name: spec.name })
  for (const object of version.objects.filter((each) => each.storeId === storeId)) {
    // What lies there must be ours: anything else is somebody's, and refused.
    const found = await findObject(services, version, object)
    await requireStillOwner(services, { artifactId, version: number, name: spec.name })
    const objectName = found?.info.name ?? object.objectName
    const where = { version: number, storeId, objectName }
    await context.journal('deleting', where)
    if (found !== null) await deleteFromStore(store, found.info)
    const { jobId, by } = context
    const facts = { wasThere: found !== null, objectVersions: spec.objectVersions, keyDestroyed: false }
    await context.checkpoint('removed', () =>
      services.catalog.objectRemoved({ ...where, jobId, artifactId, event: 'object-deleted', facts, by }),
    )
  }
}

async function deleteVersionsOf(
  services: Services,
  { artifactId, name }: DeleteObjectSpec,
  { jobId, by, journal }: JobContext,
  store: OpenStore,
  { version, objectName }: { version: number; objectName: string },
): Promise<void> {
  const deleted = await deleteObjectVersions(store, objectName)
  await journal('versions-deleted', { version, objectName })
  if (deleted === null) return
  await services.catalog.recordEvent({
    event: 'object-versions-deleted',
    on: name,
    artifactId,
    keyId: null,
    jobId,
    facts: { version, store: store.row.name, object: objectName, objectVersions: deleted },
    by,
  })
}

async function objectVersionLines(
  { row, backend }: OpenStore,
  { objectVersions }: DeleteObjectSpec,
  objects: number,
): Promise<string[]> {
  const keeps = (await backend.capabilities()).objectVersions
  if (!keeps) return objectVersions ? [`${safeText(row.name)} keeps no object versions`] : []
  return objectVersions
    ? [`Object versions of ${objects === 1 ? 'it' : 'them'} are gone from ${safeText(row.name)} as well`]
    : [objectVersionsStay(row.name)]
}

/** Where else its versions lie, and that the key opens them. */
async function whatRemains(
  { catalog }: Services,
  { artifactId }: DeleteObjectSpec,
  deleted: readonly { version: number }[],
): Promise<string[]> {
  const lines: string[] = []
  const known = await Promise.all(
    [...new Set(deleted.map(({ version }) => version))].map((version) =>
      catalog.versionForOpening(artifactId, version),
    ),
  )
  const stores = new Map((await catalog.listStores()).map(({ storeId, name }) => [storeId, name]))
  for (const { version, objects } of known.toSorted((one, other) => one.version - other.version)) {
    const places = [...new Set(objects.map(({ storeId }) => safeText(stores.get(storeId) ?? '')))]
    lines.push(
      places.length === 0
        ? `Version ${version}: no other copy is known here`
        : `Version ${version}: ${formatCounted(places.length, 'copy')} left, in ${places.join(', ')}`,
    )
  }
  return [...lines, 'The key is not destroyed: it opens every copy that is left, and every backup of one']
}
