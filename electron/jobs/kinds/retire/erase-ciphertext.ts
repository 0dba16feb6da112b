/** The ciphertext of a retired artifact, and the object versions under its names. Its keys are gone already: what cannot
 * be deleted is named in the certificate, and holds nothing up. */
import { failureText } from '../../../../shared/failure-text.ts'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { ArtifactId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext } from '../../job-kind.ts'
import { findObject } from '../../open-version.ts'
import { requireStillOwner } from '../../require-still-owner.ts'
import type { Services } from '../../services.ts'
import { deleteFromStore } from '../../objects/delete-from-store.ts'
import { deleteObjectVersions } from '../../objects/delete-object-versions.ts'
import type { Erased, KnownObject } from './retire-journal.ts'

/** Each object that is not deleted yet. @returns lines for the report of those that stayed */
export async function eraseCiphertext(
  services: Services,
  context: JobContext,
  { artifactId, name }: { artifactId: ArtifactId; name: string },
  objects: readonly KnownObject[],
  before: readonly Erased[],
): Promise<string[]> {
  const lines: string[] = []
  context.report('deleting', 0, 0)
  for (const object of objects) {
    const known = before.findLast((each) => isSame(each, object))
    if (known !== undefined && known.outcome !== 'not-deleted') continue
    context.signal.throwIfAborted()
    const { version, storeId, objectName } = object
    let outcome: Erased['outcome'] = 'not-deleted'
    try {
      outcome = await eraseObject(services, context, { artifactId, name }, object)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || context.signal.aborted) throw error
      lines.push(`${safeText(object.location)} was not deleted, or not wholly: ${failureText(failure).title}`)
    }
    await context.journal('erased', { version, storeId, objectName, outcome } satisfies Erased)
  }
  return lines
}

export const isSame = (
  one: Pick<KnownObject, 'version' | 'storeId' | 'objectName'>,
  other: Pick<KnownObject, 'version' | 'storeId' | 'objectName'>,
): boolean =>
  one.version === other.version && one.storeId === other.storeId && one.objectName === other.objectName

async function eraseObject(
  services: Services,
  context: JobContext,
  { artifactId, name }: { artifactId: ArtifactId; name: string },
  { version, storeId, store: storeName, objectName }: KnownObject,
): Promise<Erased['outcome']> {
  const { catalog } = services
  const { jobId, by } = context
  const store = await services.openStore(storeId)
  const known = await catalog.versionForOpening(artifactId, version)
  const object = known.objects.find((each) => each.storeId === storeId && each.objectName === objectName)
  let at = objectName
  let wasThere = false
  if (object === undefined) {
    // Gone from the catalog already: what this job saw of it was journaled, and it is looked for again.
    const seen = (await context.steps()).findLast(
      ({ step, facts }) =>
        step === 'deleting' &&
        facts['version'] === version &&
        facts['storeId'] === storeId &&
        facts['meant'] === objectName,
    )
    wasThere = seen?.facts['wasThere'] === true
    at = typeof seen?.facts['objectName'] === 'string' ? seen.facts['objectName'] : objectName
    if ((await store.backend.head(at)) !== null)
      fail({ code: 'store/precondition-failed', store: storeName, objectName: at })
  } else {
    // What lies there must be ours: anything else is somebody's, and refused.
    const found = await findObject(services, known, object)
    await requireStillOwner(services, { artifactId, version, name })
    at = found?.info.name ?? objectName
    wasThere = found !== null
    await context.journal('deleting', { version, storeId, objectName: at, meant: objectName, wasThere })
    if (found) await deleteFromStore(store, found.info)
    await context.checkpoint('removed', () =>
      catalog.objectRemoved({
        jobId,
        artifactId,
        version,
        storeId,
        objectName: at,
        by,
        event: 'object-deleted',
        facts: { wasThere, objectVersions: true, keyDestroyed: true },
      }),
    )
  }
  const versions = await deleteObjectVersions(store, at)
  if (versions === null) return wasThere ? 'deleted' : 'absent'
  await catalog.recordEvent({
    event: 'object-versions-deleted',
    on: name,
    artifactId,
    keyId: null,
    jobId,
    facts: { version, store: storeName, object: at, objectVersions: versions },
    by,
  })
  return 'deleted-with-object-versions'
}
