/** A rotation that began to write, and whose objects are gone: it ends once each of them was given up by name. */
import { z } from 'zod'
import type { GoneObject } from '../../../shared/domain/rotation.ts'
import { fail } from '../../../shared/failure.ts'
import { type JobId, StoreId } from '../../../shared/ids.ts'
import type { Actor } from '../../catalog/catalog.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { JobContext, JobOutcome } from '../job-kind.ts'
import { plannedKeyId } from '../new-key.ts'
import { findObject } from '../open-version.ts'
import type { Runner } from '../runner-contract.ts'
import type { Services } from '../services.ts'
import type { CoveredVersion } from './found-objects.ts'
import { isAnythingSwitched } from './is-anything-switched.ts'
import { RotationSpec } from './rotation-spec.ts'

const GivenUp = z.object({
  objects: z.array(
    z.object({ version: z.number().int().positive(), storeId: StoreId, objectName: z.string() }),
  ),
  who: z.string(),
  via: z.enum(['window', 'terminal', 'automatic']),
})

type Place = z.infer<typeof GivenUp>['objects'][number]
const subjectOf = ({ version, storeId, objectName }: Place): string =>
  JSON.stringify([version, storeId, objectName])

/** @param covered nothing of it is there, as every store has just said
 * @throws WeightlockError `rotation/nothing-stored` where nothing was begun; `rotation/object-gone` until it is given up */
export async function endWithNothing(
  services: Services,
  spec: RotationSpec,
  context: JobContext,
  covered: CoveredVersion[],
): Promise<JobOutcome> {
  const { artifactId, name, alias } = spec
  const keyId = await plannedKeyId(context)
  const isBegun = keyId !== null && (await isAnythingSwitched(services, { artifactId }, context))
  if (!isBegun) return fail({ code: 'rotation/nothing-stored', name })
  const gone = covered.flatMap(({ version, missing }) =>
    missing.map(({ storeId, objectName }) => ({ version, storeId, objectName })),
  )
  const decision = (await context.steps()).findLast(({ step }) => step === 'given-up')
  const given = decision === undefined ? null : GivenUp.parse(decision.facts)
  const isNamed = (each: Place) => given?.objects.some((object) => subjectOf(object) === subjectOf(each))
  if (given === null || !gone.every(isNamed))
    return fail({ code: 'rotation/object-gone', name, objects: gone.length })
  const outcome = 'Given up: nothing was rotated'
  const report = [
    ...gone.map(
      ({ version, objectName }) =>
        `Version ${version}, ${safeText(objectName)}: gone from its store, and given up by ${safeText(given.who)}`,
    ),
    `${safeText(alias)} was not destroyed and stays as it is. The new key is kept, deactivated: what may turn up again opens with one of the two`,
  ]
  const by: Actor = { who: given.who, via: given.via }
  const { jobId } = context
  await context.checkpoint('end', () =>
    services.catalog.rotationGivenUp({ jobId, artifactId, keyId, objects: gone, outcome, report, by }),
  )
  return { outcome, report }
}

/** What a rotation that stands still has lost. A store that does not answer, or that is not mounted, has lost nothing.
 * @throws WeightlockError `job/not-resumable`, `rotation/not-gone`, `rotation/nothing-stored`, `store/…`, `verify/…` */
export async function goneObjects(
  services: Services,
  jobId: JobId,
): Promise<{ spec: RotationSpec; objects: GoneObject[] }> {
  const { catalog } = services
  const job = await catalog.getJob(jobId)
  const isRotation = job.kind === 'rewrap' || job.kind === 're-encrypt'
  const standsStill = job.state === 'failed' || job.state === 'paused' || job.state === 'unresolved'
  if (!isRotation || !standsStill) return fail({ code: 'job/not-resumable', jobId, state: job.state })
  const spec = RotationSpec.parse(job.spec)
  const { artifactId, name } = spec
  const objects: GoneObject[] = []
  const { versions } = await catalog.artifactDetails(artifactId)
  for (const { version: number, status } of versions.toReversed()) {
    if (status === 'erased' || status === 'deleted') continue
    const version = await catalog.versionForOpening(artifactId, number)
    for (const object of version.objects) {
      const { storeId, objectName } = object
      if ((await findObject(services, version, object)) !== null)
        return fail({ code: 'rotation/not-gone', name, objectName })
      const { name: store } = await catalog.getStore(storeId)
      objects.push({ version: number, storeId, store, objectName })
    }
  }
  if (objects.length === 0) return fail({ code: 'rotation/nothing-stored', name })
  return { spec, objects }
}

/** Journals the decision, and lets the job end by it: a store that has an object after all goes on instead.
 * @throws as `goneObjects`; `confirm/name-mismatch`, `rotation/object-gone` where others than these are gone */
export async function giveUpGone(
  services: Services & { runner: Pick<Runner, 'resume' | 'journal'> },
  { jobId, confirmName, objects }: { jobId: JobId; confirmName: string; objects: Place[] },
  { who, via }: Actor,
): Promise<void> {
  const { spec, objects: gone } = await goneObjects(services, jobId)
  if (confirmName !== spec.name) fail({ code: 'confirm/name-mismatch', expected: spec.name })
  const named = new Set(objects.map(subjectOf))
  const isSame = gone.length === named.size && gone.every((each) => named.has(subjectOf(each)))
  if (!isSame) fail({ code: 'rotation/object-gone', name: spec.name, objects: gone.length })
  const facts: z.infer<typeof GivenUp> = {
    objects: gone.map(({ version, storeId, objectName }) => ({ version, storeId, objectName })),
    who,
    via,
  }
  await services.runner.journal(jobId, 'given-up', facts)
  await services.runner.resume([jobId])
}
