import type { auditContract } from '../../../shared/contract/audit.ts'
import { writeUserFile } from '../../keys/write-user-file.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const auditHandlers = ({ catalog, audit, files }: HandlerDeps): Handlers<typeof auditContract> => ({
  'audit:list': (request) => catalog.auditPage(request),
  'audit:verify': () => audit.verify(),
  'audit:export': async ({ target }, context) => {
    const path = context.resolvePath(target, 'write')
    let lines = 0
    async function* bytes() {
      for await (const line of audit.exportLines()) {
        lines += 1
        yield Buffer.from(line)
      }
    }
    await writeUserFile(files, path, bytes())
    // The last line is the head, not an entry.
    const entries = lines - 1
    await catalog.recordEvent({
      event: 'audit-exported',
      on: path,
      artifactId: null,
      keyId: null,
      jobId: null,
      facts: { entries },
      by: actorOf(context),
    })
    return { location: path, entries }
  },
})
