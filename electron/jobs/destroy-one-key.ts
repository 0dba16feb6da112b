/** One key goes: announced, deleted, read back, each step journaled (cryptography.md, section 5, "Order of writes").
 * For the destruction of a single key and for every key of an artifact that is retired. */
import { fail } from '../../shared/failure.ts'
import type { KeyImpact } from '../../shared/domain/key.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { ObjectVersionRef } from '../../shared/domain/compromise.ts'
import type { KeyOperations } from '../catalog/key-operations.ts'
import type { JobContext } from './job-kind.ts'
import type { Services } from './services.ts'

type Announced = Parameters<KeyOperations['keyDestroying']>[0]

export type OneKey = Pick<Announced, 'keyId' | 'confirmed' | 'reason'> & {
  /** Object versions that wait for the key, asked for before it is announced. */
  kept?: () => Promise<readonly ObjectVersionRef[]>
}

/** What the journal says of the key's destruction by this job: whether its secret was there; null before it began. */
export async function destructionBegun(context: JobContext, keyId: KeyId): Promise<boolean | null> {
  const step = (await context.steps()).find(
    (each) => each.step === 'destroying' && each.facts['keyId'] === keyId,
  )
  return step ? step.facts['wasPresent'] === true : null
}

/** May be repeated: whatever came back since is deleted again. The caller holds the key's turn.
 * @returns whether its secret was there before, and what the key protected
 * @throws WeightlockError as `keyDestroying`; keychain/…: it is not called destroyed then, and a repetition goes on */
export async function destroyOneKey(
  { catalog, secrets }: Pick<Services, 'catalog' | 'secrets'>,
  { keyId, confirmed, reason, kept }: OneKey,
  context: JobContext,
): Promise<{ wasPresent: boolean; before: KeyImpact }> {
  const { jobId, by } = context
  await secrets.ready()
  const record = await catalog.keyRecord(keyId)
  const isPresent = (await secrets.presence(keyId)) === 'present'
  const earlier = await destructionBegun(context, keyId)
  const waiting = earlier === null && kept ? await kept() : []
  const announce = () =>
    catalog.keyDestroying({
      jobId,
      keyId,
      wasPresent: isPresent,
      ...(confirmed ? { confirmed } : {}),
      // An artifact that is retired takes its leaked keys with it, whatever they still open.
      ...(kept ? { kept: waiting } : {}),
      reason,
      by,
    })
  const wasPresent = earlier ?? isPresent
  if (earlier === null) {
    context.signal.throwIfAborted()
    await context.checkpoint('destroying', announce)
  } else await announce()
  const before = await catalog.keyImpact(keyId)
  await secrets.destroy(keyId)
  if (record?.state !== 'destroyed') {
    const facts = { readBack: 'item empty, canary readable' }
    await context.checkpoint('destroyed', () =>
      catalog.keyDestroyed({ jobId, keyId, wasPresent, reason, facts, by }),
    )
  }
  return { wasPresent, before }
}

/** Once more, when all is done. @throws keychain/delete-not-confirmed, keychain/… */
export async function requireGone({ secrets }: Pick<Services, 'secrets'>, keyId: KeyId): Promise<void> {
  if ((await secrets.presence(keyId)) !== 'absent') fail({ code: 'keychain/delete-not-confirmed', keyId })
}
