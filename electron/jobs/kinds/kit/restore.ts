/** Brings the identities of a recovery kit into this keychain, one by one: stopped anywhere, those that came back stay,
 * and the next restore goes on with the rest. */
import { basename } from 'node:path'
import { z } from 'zod'
import { failureText } from '../../../../shared/failure-text.ts'
import { fail, failureOf, type FailureCode } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { KitId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { FoundIdentity } from '../../../keys/identity-file.ts'
import { importOne, noteTogether } from '../../../keys/import-identities.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { keyIdsIn } from '../../read-kit.ts'
import type { Services } from '../../services.ts'
import type { KitSecrets } from './kit-secrets.ts'

const Spec = z.object({
  kitId: KitId,
  path: z.string(),
  identities: z.number(),
  reverseDestroyed: z.array(z.string()),
})
export type RestoreSpec = z.infer<typeof Spec>

/** Of one key alone: the others come back. */
const refusals: readonly FailureCode[] = [
  'key/destroyed',
  'key/being-destroyed',
  'key/already-known',
  'confirm/name-mismatch',
]
const lineBytes = 75

export const restoreKind = (services: Services, secrets: KitSecrets): JobKindDefinition<RestoreSpec> => ({
  kind: 'restore',
  spec: Spec,
  describe: ({ path, identities }) => ({
    title: basename(path),
    target: `${formatCounted(identities, 'key')} to the keychain`,
    artifactId: null,
    keyId: null,
    totalBytes: identities * lineBytes,
  }),
  canPause: false,
  canRunAgain: () => false,
  canReveal: () => null,
  safe: () => 'Keys that have come back stay in the keychain. The kit is only read.',
  run: (spec, context) => restore(services, secrets, spec, context),
  undo: async () => null,
})

async function restore(
  services: Services,
  kept: KitSecrets,
  spec: RestoreSpec,
  context: JobContext,
): Promise<JobOutcome> {
  const { jobId, by, signal } = context
  const { catalog } = services
  const { kitId } = spec
  const found = kept.identities.find(jobId) ?? fail({ code: 'kit/passphrase-gone' })
  const report: string[] = []
  let restored = 0
  const totalBytes = found.length * lineBytes
  for (const [n, each] of found.entries()) {
    signal.throwIfAborted()
    context.report('reading', n * lineBytes, totalBytes)
    const one = await restoreOne(services, each, spec, context)
    if (one.ended === 'restored') restored += 1
    if (one.ended === 'refused') report.push(one.why)
  }
  const refused = report.length
  await noteTogether(catalog, found)
  // Keys that are new here belong to the kit as well from now on.
  const { where, sizeBytes, digest, madeAt, identities, needsNewAge } = await catalog.kitRow(kitId)
  const facts = { where, sizeBytes, digest, madeAt, identities, needsNewAge }
  await catalog.kitMet({ kit: { ...facts, keyIds: await keyIdsIn(services, found) }, by })
  await context.checkpoint('end', () => catalog.kitRestored({ jobId, kitId, restored, refused, by }))
  const known = found.length - restored - refused
  const parts = [
    `${formatCounted(restored, 'key')} restored`,
    ...(known > 0 ? [`${known} here already`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ]
  return { outcome: parts.join(', '), report }
}

async function restoreOne(
  services: Services,
  found: FoundIdentity,
  { path, reverseDestroyed }: RestoreSpec,
  { by, checkpoint: between }: JobContext,
): Promise<{ ended: 'restored' | 'known' } | { ended: 'refused'; why: string }> {
  try {
    const origin = { importedFrom: path, isKit: true, reverseDestroyed, by, between }
    const row = await importOne(services, found, origin)
    return { ended: row === null ? 'known' : 'restored' }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null || !refusals.includes(failure.code)) throw error
    const known = await services.catalog.keyByRecipient(found.identity.recipient().text)
    const name =
      known === null ? (found.keyId ?? 'a key') : (await services.catalog.keyRow(known.keyId)).alias
    const { title } = failureText(
      failure.code === 'confirm/name-mismatch' ? { code: 'key/destroyed', keyId: '' } : failure,
    )
    return { ended: 'refused', why: `${safeText(name)}: ${title}` }
  }
}
