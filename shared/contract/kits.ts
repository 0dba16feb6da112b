/** Recovery kits. */
import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { KeyRow } from '../domain/key.ts'
import { KitCoverage, KitDrill, KitRow } from '../domain/kit.ts'
import { JobId, KeyId, KitId } from '../ids.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

/** A kit that is known and lies where it was, or any file. */
const KitSource = z.union([PathRef, z.object({ kitId: KitId }).strict()])

export const kitsContract = {
  'kits:list': call('both', z.object({}), z.object({ kits: z.array(KitRow), coverage: KitCoverage })),
  /** Keys that are not destroyed and not in the kit. */
  'kits:lacks': call(
    'both',
    z.object({ kitId: KitId, ...Page }),
    z.object({ total: z.number().int().nonnegative(), rows: z.array(KeyRow) }),
  ),
  /** Job of kind `make-kit`. `keyIds: null` is every key that is not destroyed. A generated passphrase is in this answer
   * and nowhere else. @throws kit/passphrase-weak, kit/nothing-to-hold */
  'kits:create': call(
    'both',
    z.object({
      keyIds: z.array(KeyId).min(1).max(100_000).nullable(),
      passphrase: z.union([
        z.object({ typed: TypedSecret }).strict(),
        z.object({ generate: z.literal(true) }).strict(),
      ]),
      target: PathRef,
    }),
    z.object({ jobId: JobId, kitId: KitId, generated: z.string().nullable() }),
  ),
  /** Opens the kit, and with an identity of it a chunk of an artifact as it lies in its store. Answers only where that
   * worked. @throws age/passphrase-wrong, age/…, kit/opens-nothing */
  'kits:drill': call('both', z.object({ source: KitSource, passphrase: TypedSecret }), KitDrill),
  /** Job of kind `restore`: what is missing here comes back into the keychain. The passphrase is tried before it begins.
   * @throws age/passphrase-wrong, age/… */
  'kits:restore': call(
    'both',
    z.object({
      source: KitSource,
      passphrase: TypedSecret,
      /** Names of artifacts whose destroyed keys are wanted back. */
      reverseDestroyed: z.array(z.string().min(1).max(4096)).max(1000),
    }),
    z.object({ jobId: JobId, identities: z.number().int().nonnegative() }),
  ),
  /** Out of the list; deletes nothing. Its keys remember that a copy is out of reach. */
  'kits:forget': call('both', z.object({ kitId: KitId }), z.object({})),
}
