/** What main tells its clients without being asked. */
import { z } from 'zod'
import { JobId, PathToken, ArtifactId } from '../ids.ts'
import { JobView } from '../job.ts'

export const events = {
  /** At most ten a second for each job; `removed` left the list of open jobs. */
  'jobs:changed': z.object({ jobs: z.array(JobView), removed: z.array(JobId) }),
  /** What to fetch again. */
  'catalog:changed': z.object({
    what: z.array(z.enum(['artifacts', 'keys', 'stores', 'audit', 'settings', 'keychain'])),
  }),
  /** A link, a second start or a double click asks to show something. Links navigate, never act. */
  'program:navigate': z.object({
    artifactId: ArtifactId.nullable(),
    files: z.array(z.object({ token: PathToken, name: z.string() })),
  }),
  /** The window is being closed while jobs run: ask, then call `program:quit`. */
  'program:quit-requested': z.object({ openJobs: z.number().int() }),
} as const

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.infer<Events[E]>
