import { z } from 'zod'
import { AuditCategory, AuditEntry, AuditVerdict } from '../domain/audit.ts'
import { PathRef } from '../domain/client-input.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

export const auditContract = {
  'audit:list': call(
    'both',
    z.object({
      query: z.string().max(1024),
      category: z.enum(['all', ...AuditCategory.options]),
      since: z.number().int().nonnegative().nullable(),
      ...Page,
    }),
    z.object({ total: z.number().int(), entries: z.number().int(), rows: z.array(AuditEntry) }),
  ),
  'audit:verify': call('both', z.object({}), AuditVerdict),
  /** JSON lines, one entry a line, times in ISO 8601 UTC, the signed head last. */
  'audit:export': call(
    'both',
    z.object({ target: PathRef }),
    z.object({ location: z.string(), entries: z.number().int() }),
  ),
}
