/** All that a rotation covers, found and compared with its pins before anything changes. */
import { fail } from '../../../shared/failure.ts'
import type { StoredObject } from '../../catalog/artifact-operations.ts'
import { recordRefusal, auditingRefusals } from '../refusal.ts'
import type { JobContext } from '../job-kind.ts'
import { findObject, openFound, type FoundVersion } from '../open-version.ts'
import { payloadSource } from '../object-reader.ts'
import { requireStillOwner } from '../require-still-owner.ts'
import type { Services } from '../services.ts'
import { asReadFailure } from '../store-path-failure.ts'
import type { RotationSpec } from './rotation-spec.ts'

export type CoveredVersion = {
  version: number
  /** Those that are there. */
  found: FoundVersion[]
  /** Proved absent from where they lay: for the report. */
  missing: StoredObject[]
}

/** @throws WeightlockError `verify/…`, `age/…`, `store/…`, `artifact/unresolved`, `artifact/not-owner`,
 * `rotation/not-pinned` */
export async function findCovered(
  services: Services,
  context: JobContext,
  { artifactId, name }: RotationSpec,
): Promise<CoveredVersion[]> {
  const { versions } = await services.catalog.artifactDetails(artifactId)
  const covered: CoveredVersion[] = []
  for (const { version: number, status } of versions.toReversed()) {
    if (status === 'unresolved') return fail({ code: 'artifact/unresolved', name })
    if (status === 'erased' || status === 'deleted') continue
    context.signal.throwIfAborted()
    const version = await services.catalog.versionForOpening(artifactId, number)
    if (version.leafDigests === null) return fail({ code: 'rotation/not-pinned', name, version: number })
    const all: CoveredVersion = { version: number, found: [], missing: [] }
    for (const object of version.objects) {
      const found = await auditingRefusals(
        (failure) => recordRefusal(services, context, { artifactId, version: number }, failure),
        () => findProved(services, context, version, object),
      )
      if (found === null) all.missing.push(object)
      else all.found.push(found)
      if (found !== null && found.version.nonce !== version.nonce) {
        const { fingerprint } = found.file
        await services.catalog.givenUpPayloadMet({ artifactId, version: number, fingerprint })
      }
    }
    await requireStillOwner(services, { artifactId, version: number, name })
    covered.push(all)
  }
  return covered
}

/** A header that is not ours counts once a key here has opened it and every leaf matched its pin. Its key is one that
 * wrapped the payload from then on, whatever becomes of the header. */
async function findProved(
  services: Services,
  context: JobContext,
  version: Parameters<typeof findObject>[1],
  object: StoredObject,
): Promise<FoundVersion | null> {
  const found = await findObject(services, version, object)
  if (found === null || found.recognised.wrap !== null) return found
  const opened = await openFound(services, found)
  opened.close()
  const { store, info, file, version: of } = found
  await asReadFailure(store, info.name, () =>
    services.payloads.digest({
      source: payloadSource(store.backend, info, file),
      name: version.name,
      signal: context.signal,
      onProgress: (done) => context.report('verifying', done, file.payload.sizeBytes),
      payloadBytes: file.payload.sizeBytes,
      pinnedLeafDigests: of.leafDigests,
    }),
  )
  const { keyId } = opened
  const { artifactId, version: number } = of
  const { fingerprint } = file
  await services.catalog.wrapMet({ artifactId, version: number, fingerprint, keyId })
  return { ...found, version: { ...of, keyIds: [...new Set([...of.keyIds, keyId])] } }
}
