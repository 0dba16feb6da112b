import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { InventoryState, KeyDetails, KeyRow } from '../domain/key.ts'
import { JobId, KeyId } from '../ids.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

export const KeyFilter = z.enum(['all', 'rotation-due', 'compromised', 'scheduled', 'protects-nothing'])
export type KeyFilter = z.infer<typeof KeyFilter>

export const keysContract = {
  'keys:list': call(
    'both',
    z.object({
      query: z.string().max(1024),
      filter: KeyFilter,
      sort: z.object({ by: z.enum(['name', 'state', 'age', 'size']), descending: z.boolean() }),
      ...Page,
    }),
    z.object({
      total: z.number().int().nonnegative(),
      rows: z.array(KeyRow),
      counts: z.record(KeyFilter, z.number().int().nonnegative()),
    }),
  ),
  /** For the picture: how many keys of each state in each twentieth of the crypto-period, the last one open-ended. */
  'keys:picture': call(
    'window',
    z.object({}),
    z.object({
      lanes: z.array(
        z.object({ state: InventoryState, count: z.number().int(), bins: z.array(z.number().int()) }),
      ),
    }),
  ),
  'keys:show': call('both', z.object({ keyId: KeyId }), KeyDetails),
  /** Writes the identity to a file that only its owner may read; recorded with the key and in the audit log. */
  'keys:export': call(
    'both',
    z.object({ keyId: KeyId, target: PathRef, understood: z.literal(true) }),
    z.object({ location: z.string() }),
  ),
  'keys:import': call(
    'both',
    z.object({
      source: PathRef,
      passphrase: TypedSecret.nullable(),
      reverseDestroyed: z.string().nullable(),
    }),
    z.object({ imported: z.array(KeyRow), alreadyKnown: z.number().int() }),
  ),
  'keys:destroy': call(
    'both',
    z.object({ keyId: KeyId, confirmName: z.string() }),
    z.object({ jobId: JobId }),
  ),
}
