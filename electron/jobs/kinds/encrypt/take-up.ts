/** What an earlier attempt of an encryption left: finished where its object is there. */
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { JobContext, JobOutcome } from '../../job-kind.ts'
import type { OpenStore, Services } from '../../services.ts'
import { readAttempts, readEncryptJournal, type EncryptJournal } from './encrypt-journal.ts'
import type { EncryptSpec } from './encrypt-spec.ts'
import { publish, stored } from './publish-version.ts'
import { findOwnAnywhere, mayBeOurs, removeTruncated, verifyOrRemove } from '../../objects/settle-object.ts'

/** Finishes what an earlier attempt left, where its object is there.
 * @returns the outcome where it is finished; null leaves writes that may be open */
export async function takeUp(
  services: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
): Promise<JobOutcome | null> {
  const journal = await readEncryptJournal(context)
  if (journal.verified) return { outcome: spec.original === 'keep' ? stored : `${stored}; original kept` }
  const { header, payload, completeAttempted } = journal
  if (header !== null && payload !== null && completeAttempted) {
    const finished = await finishAttempt(services, store, spec, context, { header, payload })
    if (finished) return finished
  }
  return null
}

/** Reading the store proved that nothing of this job lies there: a version that was shown as unresolved goes. */
export async function giveUp({ catalog }: Services, { jobId, by }: JobContext): Promise<void> {
  const reservation = await catalog.reservationOf(jobId)
  if (reservation === null) return
  const { artifactId, version } = reservation
  await catalog.encryptGivenUp({ jobId, artifactId, version, by })
}

/** No key goes while ciphertext under it may lie in the store, of this attempt or an earlier one, renamed or damaged.
 * @throws WeightlockError `artifact/unresolved`; `store/…` where that cannot be known */
export async function requireNothingStored(
  services: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
): Promise<void> {
  for (const { header, payload, completeAttempted } of await readAttempts(context)) {
    if (header === null || payload === null || !completeAttempted) continue
    const { fingerprint } = payload
    await removeTruncated(store, header)
    const mayLie =
      (await findOwnAnywhere(services, store, { ...header, fingerprint })) !== null ||
      (await mayBeOurs(store, header.objectName, header.nonce))
    if (mayLie) fail({ code: 'artifact/unresolved', name: spec.name })
  }
}

type Attempt = {
  header: NonNullable<EncryptJournal['header']>
  payload: NonNullable<EncryptJournal['payload']>
}

/** The object was to appear when the program ended: if it did, all that is missing is the catalog's transaction. */
async function finishAttempt(
  services: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
  { header, payload }: Attempt,
): Promise<JobOutcome | null> {
  const { fingerprint } = payload
  const found = await findOwnAnywhere(services, store, { ...header, fingerprint })
  if (found === null) {
    await removeTruncated(store, header)
    return null
  }
  const reservation = await services.catalog.reservationOf(context.jobId)
  if (reservation === null) return fail({ code: 'artifact/unresolved', name: spec.name })
  const { keyId } = header
  try {
    await verifyOrRemove(services, store, found, keyId)
  } catch (error) {
    // It was damaged and is gone now: the job starts over, or is taken back.
    if (failureOf(error)?.code.startsWith('age/payload-')) return null
    throw error
  }
  const written = {
    nonce: header.nonce,
    leafDigests: Uint8Array.from(Buffer.from(payload.leafDigests, 'base64')),
    root: payload.root,
    fingerprint,
    objectName: found.info.name,
    objectBytes: header.objectBytes,
  }
  const { described } = payload
  await publish(
    services,
    context,
    { ...spec, original: 'keep' },
    { described, reservation, keyId, written },
    found,
  )
  return { outcome: stored }
}
