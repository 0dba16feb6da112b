import { basename } from 'node:path'
import type { AgeFileRef, decryptContract, Target } from '../../../shared/contract/decrypt.ts'
import { fail } from '../../../shared/failure.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { scryptIdentity } from '../../age/scrypt.ts'
import { readKeyHint } from '../../age/weightlock-stanza.ts'
import { identityFileLimitBytes, readIdentityFile } from '../../keys/identity-file.ts'
import type { AgeFileKeys, SuppliedKeys } from '../../jobs/kinds/decrypt/age-file-keys.ts'
import type { DecryptSpec, DecryptTarget } from '../../jobs/kinds/decrypt/decrypt-spec.ts'
import { readForeign } from '../../jobs/kinds/decrypt/open-foreign.ts'
import { readSmallFile } from '../../storage/regular-file.ts'
import type { CallContext } from '../call-context.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

/** A reference of a client as jobs keep it. */
const sourceOf = (ref: AgeFileRef, context: CallContext) =>
  'storeId' in ref ? ref : { path: context.resolvePath(ref, 'read') }

export const decryptHandlers = (
  deps: HandlerDeps & { ageFileKeys: AgeFileKeys },
): Handlers<typeof decryptContract> => {
  const { catalog, runner, ageFileKeys } = deps

  const targetOf = (target: Target, unpack: boolean, context: CallContext): DecryptTarget => {
    if (!('stdout' in target)) return { path: context.resolvePath(target, 'write'), unpack }
    if (context.output === null) return fail({ code: 'host/unsupported', action: 'Standard output' })
    return { stdout: true }
  }
  const start = (spec: DecryptSpec, context: CallContext, jobId = newId(JobId)) =>
    runner.start('decrypt', spec, { by: actorOf(context), output: context.output }, jobId)

  return {
    'decrypt:start': async ({ artifactId, version, target, unpack }, context) => {
      const { artifact: row, versions } = await catalog.artifactDetails(artifactId)
      const meant = versions.find((each) => each.version === (version ?? row.version))
      if (meant?.status === 'deleted')
        fail({ code: 'artifact/ciphertext-deleted', name: row.name, version: meant.version })
      const spec: DecryptSpec = {
        what: 'artifact',
        artifactId,
        version,
        name: row.name,
        target: targetOf(target, unpack && row.isFolder, context),
        sizeBytes: row.plaintextBytes,
      }
      return { jobId: await start(spec, context) }
    },
    'decrypt:age-file': async ({ source, identity, passphrase, target, unpack }, context) => {
      const ref = sourceOf(source, context)
      const { file, close } = await readForeign(deps, ref)
      await close()
      const spec: DecryptSpec = {
        what: 'age-file',
        source: ref,
        name: basename('path' in ref ? ref.path : ref.objectName).replace(/\.age$/i, ''),
        target: targetOf(target, unpack, context),
        sizeBytes: file.plaintextBytes,
      }
      const jobId = newId(JobId)
      ageFileKeys.keep(
        jobId,
        await suppliedKeys(identity === null ? null : context.resolvePath(identity, 'read'), passphrase),
      )
      try {
        return { jobId: await start(spec, context, jobId) }
      } catch (error) {
        ageFileKeys.drop(jobId)
        throw error
      }
    },
    'age-file:show': async ({ source }, context) => {
      const ref = sourceOf(source, context)
      const { file, sizeBytes, close } = await readForeign(deps, ref)
      try {
        const stanzaTypes = file.header.stanzas.map(({ type }) => type)
        const hint = readKeyHint(file.header.stanzas)
        const known = hint === null ? null : await catalog.keyRecord(hint.keyId)
        return {
          name: basename('path' in ref ? ref.path : ref.objectName),
          sizeBytes,
          headerBytes: file.header.bytes.length,
          plaintextBytes: file.plaintextBytes,
          armored: file.isArmored,
          stanzaTypes,
          needsPassphrase: stanzaTypes.includes('scrypt'),
          keyId: hint?.keyId ?? null,
          artifactId: hint?.artifactId ?? null,
          keyHere: known !== null && known.state !== 'destroyed',
        }
      } finally {
        await close()
      }
    },
  }
}

/** A passphrase opens the identity file where both are given and it is encrypted; else it opens the file itself. */
async function suppliedKeys(identityPath: string | null, passphrase: string | null): Promise<SuppliedKeys> {
  if (identityPath === null) {
    if (passphrase === null) return { identities: [], wipe: () => undefined }
    const secret = new TextEncoder().encode(passphrase)
    return { identities: [scryptIdentity(secret)], wipe: () => void secret.fill(0) }
  }
  const bytes = await readSmallFile(identityPath, identityFileLimitBytes, () =>
    fail({ code: 'age/identity-malformed' }),
  )
  try {
    const identities = (await readIdentityFile(bytes, passphrase)).map(({ identity }) => identity)
    return {
      identities,
      wipe: () => {
        for (const identity of identities) identity.wipe()
      },
    }
  } finally {
    bytes.fill(0)
  }
}
