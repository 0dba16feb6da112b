import type { Host } from '../../host/host.ts'
import type { Runner } from '../../jobs/runner.ts'
import type { Services } from '../../jobs/services.ts'
import type { AuditVerdict } from '../../../shared/domain/audit.ts'
import type { CallContext } from '../call-context.ts'
import type { Actor } from '../../catalog/catalog.ts'

/** The audit log beyond its rows: the signed head and the walk over the chain. */
export type AuditLog = {
  verify: () => Promise<AuditVerdict>
  /** JSON lines, the signed head last. */
  exportLines: () => AsyncIterable<string>
}

export type HandlerDeps = Services & {
  runner: Runner
  audit: AuditLog
  /** The window, while there is one. */
  host: () => Host | null
  programVersion: string
  /** What keeps memory out of files and could not be done. */
  unhardened: string[]
  dataFolder: string
  /** Of the bundled sample model. */
  samplePath: string
  /** Whether the folder is this machine's, and what was said about it. */
  machine: { isMine: () => boolean; claim: (as: 'moved' | 'copied', by: Actor) => Promise<void> }
  quit: () => Promise<void>
}

export const actorOf = (context: CallContext): Actor => ({ who: context.who, via: context.audience })
