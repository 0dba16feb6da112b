import type { kitsContract } from '../../../shared/contract/kits.ts'
import type { ParsedRequest } from '../../../shared/contract/contract.ts'
import { fail } from '../../../shared/failure.ts'
import { JobId, KitId, newId } from '../../../shared/ids.ts'
import { weaknessOf } from '../../../shared/passphrase-words.ts'
import { drillKit } from '../../jobs/drill-kit.ts'
import type { KitSecrets } from '../../jobs/kinds/kit/kit-secrets.ts'
import type { MakeKitSpec } from '../../jobs/kinds/kit/make-kit.ts'
import type { RestoreSpec } from '../../jobs/kinds/kit/restore.ts'
import { readKit, readKitBytes } from '../../jobs/read-kit.ts'
import { generatePassphrase } from '../../keys/generate-passphrase.ts'
import { readKitFile } from '../../keys/identity-file.ts'
import type { CallContext } from '../call-context.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const kitsHandlers = (
  deps: HandlerDeps & { kitSecrets: KitSecrets },
): Handlers<typeof kitsContract> => {
  const { catalog, runner, kitSecrets } = deps

  const pathOf = async (source: ParsedRequest<'kits:drill'>['source'], context: CallContext) =>
    'kitId' in source ? (await catalog.kitRow(source.kitId)).where : context.resolvePath(source, 'read')

  const passphraseOf = (asked: ParsedRequest<'kits:create'>['passphrase']) => {
    if ('generate' in asked) return { passphrase: generatePassphrase(), isGenerated: true }
    const weakness = weaknessOf(asked.typed)
    if (weakness !== null) fail(weakness)
    return { passphrase: asked.typed, isGenerated: false }
  }

  return {
    'kits:list': () => catalog.listKits(),
    'kits:lacks': ({ kitId, offset, limit }) => catalog.kitLacks(kitId, offset, limit),
    'kits:create': async ({ keyIds, passphrase: asked, target }, context) => {
      const path = context.resolvePath(target, 'write')
      for (const keyId of keyIds ?? [])
        if ((await catalog.keyRow(keyId)).state === 'destroyed') fail({ code: 'key/destroyed', keyId })
      const { passphrase, isGenerated } = passphraseOf(asked)
      const [jobId, kitId] = [newId(JobId), newId(KitId)]
      kitSecrets.passphrases.keep(jobId, new TextEncoder().encode(passphrase))
      try {
        const spec: MakeKitSpec = { kitId, keyIds, path }
        await runner.start('make-kit', spec, { by: actorOf(context), output: null }, jobId)
      } catch (error) {
        kitSecrets.drop(jobId)
        throw error
      }
      return { jobId, kitId, generated: isGenerated ? passphrase : null }
    },
    'kits:drill': async ({ source, passphrase }, context) =>
      drillKit(deps, { path: await pathOf(source, context), passphrase, by: actorOf(context) }),
    'kits:restore': async ({ source, passphrase, reverseDestroyed }, context) => {
      const path = await pathOf(source, context)
      const bytes = await readKitBytes(path)
      const { identities, madeAt } = await readKitFile(bytes, passphrase)
      const jobId = newId(JobId)
      kitSecrets.identities.keep(jobId, identities)
      try {
        const by = actorOf(context)
        const { kitId } = await catalog.kitMet({
          kit: await readKit(deps, { path, bytes }, identities, madeAt),
          by,
        })
        const spec: RestoreSpec = { kitId, path, identities: identities.length, reverseDestroyed }
        await runner.start('restore', spec, { by, output: null }, jobId)
        return { jobId, identities: identities.length }
      } catch (error) {
        kitSecrets.drop(jobId)
        throw error
      }
    },
    'kits:forget': async ({ kitId }, context) => {
      await catalog.kitForgotten({ kitId, by: actorOf(context) })
      return {}
    },
  }
}
