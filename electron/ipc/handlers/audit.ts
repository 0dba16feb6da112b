import type { keysContract } from '../../../shared/contract/keys.ts'
import { writeUserFile } from '../../keys/write-user-file.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

type AuditContract = Pick<typeof keysContract, 'audit:list' | 'audit:verify' | 'audit:export'>

export const auditHandlers = ({ catalog, audit, files }: HandlerDeps): Handlers<AuditContract> => ({
  'audit:list': (request) => catalog.auditPage(request),
  'audit:verify': () => audit.verify(),
  'audit:export': async ({ target }, context) => {
    const path = context.resolvePath(target)
    let entries = 0
    async function* lines() {
      for await (const line of audit.exportLines()) {
        entries += 1
        yield Buffer.from(`${line}\n`)
      }
    }
    await writeUserFile(files, path, lines())
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
