import type { keysContract } from '../../../shared/contract/keys.ts'
import { fail } from '../../../shared/failure.ts'
import { exportIdentity } from '../../keys/export-identity.ts'
import { identityFileLimitBytes } from '../../keys/identity-file.ts'
import { importIdentities } from '../../keys/import-identities.ts'
import { openDestruction } from '../../keys/open-destruction.ts'
import type { DestroyKeySpec } from '../../jobs/kinds/destroy-key.ts'
import { readSmallFile } from '../../storage/regular-file.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const keysHandlers = (deps: HandlerDeps): Handlers<typeof keysContract> => {
  const { catalog, runner } = deps
  return {
    'keys:list': (request) => catalog.listKeys(request),
    'keys:picture': () => catalog.keysPicture(),
    'keys:show': ({ keyId }) => catalog.keyDetails(keyId),
    'keys:export': async ({ keyId, target }, context) => {
      const path = context.resolvePath(target, 'write')
      await exportIdentity(deps, { keyId, path, by: actorOf(context) })
      return { location: path }
    },
    'keys:import': async ({ source, passphrase, reverseDestroyed }, context) => {
      const path = context.resolvePath(source, 'read')
      const bytes = await readSmallFile(path, identityFileLimitBytes, () =>
        fail({ code: 'age/identity-malformed' }),
      )
      try {
        return await importIdentities(deps, {
          bytes,
          passphrase,
          importedFrom: path,
          reverseDestroyed,
          by: actorOf(context),
        })
      } finally {
        bytes.fill(0)
      }
    },
    'keys:destroy': async ({ keyId, confirmName }, context) => {
      const impact = await catalog.keyImpact(keyId)
      const key = await catalog.keyRow(keyId)
      if (key.state === 'destroyed') return fail({ code: 'key/destroyed', keyId })
      if (confirmName !== impact.confirmName)
        return fail({ code: 'confirm/name-mismatch', expected: impact.confirmName })
      const spec: DestroyKeySpec = {
        keyId,
        alias: key.alias,
        reason: 'Destroyed by its owner',
        confirmed: impact.goneForGood.map(({ artifactId, version }) => ({ artifactId, version })),
      }
      const stuck = await openDestruction(catalog, keyId)
      if (stuck?.state === 'failed' || stuck?.state === 'unresolved') {
        // Typed anew: the same job goes on, with what was confirmed now.
        await catalog.setJobState(stuck.jobId, stuck.state, { spec })
        await runner.resume([stuck.jobId])
        return { jobId: stuck.jobId }
      }
      const jobs = await catalog.openJobsOfKey(keyId)
      if (jobs.length > 0) return fail({ code: 'key/still-protects', keyId, jobs })
      return {
        jobId: await runner.start('destroy-key', spec, { by: actorOf(context), output: null }),
      }
    },
  }
}
