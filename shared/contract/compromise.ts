/** Compromise: keys that are trusted no more, and the incident until nothing is open in it. */
import { z } from 'zod'
import { PathRef } from '../domain/client-input.ts'
import {
  CompromisePlan,
  Incident,
  IncidentDecision,
  IncidentRow,
  OldObjectVersions,
} from '../domain/compromise.ts'
import { FailureValue } from '../domain/failure-value.ts'
import { Millis } from '../domain/quantities.ts'
import { IncidentId, KeyId } from '../ids.ts'
import { call } from './call.ts'

/** These keys, or all that were made or used since then; both together name both. */
const leak = {
  keyIds: z.array(KeyId).min(1).max(10_000).nullable(),
  since: Millis.nullable(),
}
const namesSome = ({ keyIds, since }: { keyIds: unknown; since: unknown }) =>
  keyIds !== null || since !== null

export const compromiseContract = {
  /** @throws key/not-found */
  'keys:compromise-plan': call('both', z.object(leak).refine(namesSome), CompromisePlan),
  /** At once and in one transaction: no key of these encrypts anything more.
   * @throws key/leak-grew where it would be other than `count` keys by now */
  'keys:revoke': call(
    'both',
    z
      .object({ ...leak, reason: z.string().trim().min(1).max(500), count: z.number().int().positive() })
      .refine(namesSome),
    z.object({ incidentId: IncidentId }),
  ),
  /** Newest first. */
  'incidents:list': call('both', z.object({}), z.object({ incidents: z.array(IncidentRow) })),
  /** @throws incident/not-found */
  'incidents:show': call('both', z.object({ incidentId: IncidentId }), Incident),
  /** Asks each store that keeps object versions for those that a leaked key still opens. @throws incident/not-found */
  'incidents:old-versions': call('both', z.object({ incidentId: IncidentId }), OldObjectVersions),
  /** In this order; what was done before one failed stays done. */
  'incidents:settle': call(
    'both',
    z.object({ incidentId: IncidentId, decisions: z.array(IncidentDecision).min(1).max(10_000) }),
    z.object({
      settled: z.number().int().nonnegative(),
      failures: z.array(z.object({ decision: z.number().int().nonnegative(), failure: FailureValue })),
    }),
  ),
  /** As lines of text. */
  'incidents:save-report': call(
    'both',
    z.object({ incidentId: IncidentId, target: PathRef }),
    z.object({ location: z.string() }),
  ),
}
