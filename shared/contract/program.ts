import { z } from 'zod'
import { KeychainStatus } from '../domain/keychain.ts'
import { SizeBytes } from '../domain/quantities.ts'
import { InstallationId, JobId } from '../ids.ts'
import { Settings } from '../settings.ts'
import { call } from './call.ts'

/** What shows the window; `headless`: nothing does. */
export const HostKind = z.enum(['electron', 'chromium', 'headless'])
export type HostKind = z.infer<typeof HostKind>

export const ProgramStatus = z.object({
  version: z.string(),
  host: HostKind,
  platform: z.string(),
  locale: z.string(),
  dataFolder: z.string(),
  installationId: InstallationId,
  /** `mine`; `unknown-machine`: this folder was moved or copied here and must say which. */
  dataFolderIs: z.enum(['mine', 'unknown-machine']),
  nativeDialogs: z.boolean(),
  keychain: KeychainStatus,
  counts: z.object({
    artifacts: z.number().int(),
    keys: z.number().int(),
    /** Keys whose rotation is due within a week, or overdue. */
    rotationDue: z.number().int(),
    openJobs: z.number().int(),
    /** Not among `artifacts`: out of the lists. */
    archived: z.number().int(),
  }),
  checklist: z.object({
    encrypted: z.boolean(),
    opened: z.boolean(),
    /** The drill of a recovery kit has passed. */
    backedUp: z.boolean(),
    dismissed: z.boolean(),
  }),
  sample: z.object({ name: z.string(), sizeBytes: SizeBytes }).nullable(),
  settings: Settings,
})
export type ProgramStatus = z.infer<typeof ProgramStatus>

export const programContract = {
  'program:status': call('both', z.object({}), ProgramStatus),
  'program:set': call('both', Settings.partial(), Settings),
  /** Writes, reads back and deletes a throw-away item. */
  'keychain:test': call('both', z.object({}), KeychainStatus),
  /** Makes a new canary in a keychain that works and has none. */
  'keychain:accept-new': call('both', z.object({}), KeychainStatus),
  'program:diagnose': call(
    'both',
    z.object({}),
    z.object({
      checks: z.array(
        z.object({ name: z.string(), state: z.enum(['ok', 'warn', 'failed']), detail: z.string() }),
      ),
    }),
  ),
  'program:claim-data-folder': call('both', z.object({ as: z.enum(['moved', 'copied']) }), z.object({})),
  'program:copy-text': call('window', z.object({ text: z.string().max(65_536) }), z.object({})),
  'program:quit': call(
    'window',
    z.object({ evenWithJobs: z.boolean() }),
    z.object({ openJobs: z.number().int() }),
  ),
  'catalog:rebuild': call('both', z.object({ becomeOwner: z.boolean() }), z.object({ jobId: JobId })),
}
