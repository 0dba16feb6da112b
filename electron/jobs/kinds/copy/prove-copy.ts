/** Before a source goes: what lies in the target is read, unless the store attested every byte as it took it. */
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import { payloadSource } from '../../object-reader.ts'
import type { FoundVersion } from '../../open-version.ts'
import type { OpenStore, Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import type { StoredFile } from '../../objects/settle-object.ts'

/** A copy that this job has just made; it goes where it is not what was sent.
 * @throws WeightlockError `store/corrupted-on-the-way`, `store/…`; the signal's reason */
export async function proveNew(
  services: Services,
  context: JobContext,
  source: FoundVersion,
  target: OpenStore,
  stored: StoredFile,
): Promise<void> {
  const { backend, row } = target
  if ((await backend.capabilities()).checksums !== 'none') return
  try {
    await proveStored(services, context, source, target, stored)
  } catch (error) {
    if (failureOf(error)?.code !== 'verify/altered') throw error
    await backend.delete(stored.info.name, { revision: stored.info.revision })
    fail({ code: 'store/corrupted-on-the-way', store: row.name, objectName: stored.info.name }, error)
  }
}

/** Every leaf of an object in the target, against the pin; where nothing is pinned, against the source.
 * @throws WeightlockError `verify/altered`, `store/…`; the signal's reason */
export async function proveStored(
  services: Services,
  context: JobContext,
  source: FoundVersion,
  target: OpenStore,
  { info, file }: Pick<StoredFile, 'info' | 'file'>,
): Promise<void> {
  const pinnedLeafDigests =
    source.version.leafDigests ?? (await digestsOf(services, context, source, source.store, source, null))
  await digestsOf(services, context, source, target, { info, file }, pinnedLeafDigests)
}

async function digestsOf(
  { payloads }: Services,
  { signal, report }: JobContext,
  { version }: FoundVersion,
  { backend, row }: OpenStore,
  { info, file }: Pick<StoredFile, 'info' | 'file'>,
  pinnedLeafDigests: Uint8Array | null,
): Promise<Uint8Array | null> {
  const payloadBytes = file.payload.sizeBytes
  const { leafDigests } = await asReadFailure({ backend, row }, info.name, () =>
    payloads.digest({
      source: payloadSource(backend, info, file),
      name: version.name,
      signal,
      onProgress: (done) => report('verifying', done, payloadBytes),
      payloadBytes,
      pinnedLeafDigests,
    }),
  )
  return leafDigests
}
