/** Destroys a key: every copy that can be reached, read back, and then the proof that what it protected is closed. */
import { z } from 'zod'
import { failureText } from '../../../shared/failure-text.ts'
import { failureOf } from '../../../shared/failure.ts'
import { notProvedLine } from '../../../shared/destroy-report.ts'
import type { KeyImpact } from '../../../shared/domain/key.ts'
import { ArtifactId, KeyId } from '../../../shared/ids.ts'
import { formatCounted } from '../../../shared/format.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { inTurn } from '../../keys/in-turn.ts'
import { destroyOneKey, destructionBegun, requireGone } from '../destroy-one-key.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../job-kind.ts'
import { keptAndOpenedBy } from '../old-object-versions.ts'
import type { Services } from '../services.ts'
import { tryWhatIsLeft } from '../try-what-is-left.ts'

/** `confirmed`: the versions whose loss was shown when the name was typed. */
const Spec = z.object({
  keyId: KeyId,
  alias: z.string(),
  reason: z.string(),
  confirmed: z.array(z.object({ artifactId: ArtifactId, version: z.number() })),
})
export type DestroyKeySpec = z.infer<typeof Spec>

export const destroyKeyKind = (services: Services): JobKindDefinition<DestroyKeySpec> => ({
  kind: 'destroy-key',
  spec: Spec,
  describe: ({ keyId, alias }) => ({
    title: alias,
    target: 'Destroyed and read back',
    artifactId: null,
    keyId,
    totalBytes: 0,
  }),
  canPause: false,
  canReveal: () => null,
  safe: () => 'A key is called destroyed only once the keychain has shown that it is gone.',
  run: (spec, context) => inTurn(spec.keyId, () => destroyKey(services, spec, context)),
  // Before `destroying` is journaled there is nothing to take back. After it nobody knows what the keychain did: the
  // job stays, failed, and only a retry destroys.
  undo: async ({ keyId }, context) =>
    (await destructionBegun(context, keyId)) === null
      ? null
      : { outcome: 'Not destroyed yet', failure: { code: 'key/being-destroyed', keyId } },
})

async function destroyKey(
  services: Services,
  spec: DestroyKeySpec,
  context: JobContext,
): Promise<JobOutcome> {
  const { catalog } = services
  const { keyId, reason, confirmed } = spec
  const { jobId, by } = context
  context.report('destroying', 0, 0)
  const kept = async () =>
    (await catalog.keyRecord(keyId))?.state === 'compromised'
      ? keptAndOpenedBy(services, keyId, context.signal)
      : []
  const { wasPresent, before } = await destroyOneKey(services, { keyId, reason, confirmed, kept }, context)
  context.report('verifying', 0, 0)
  const { triedToOpen, stillOpen, report: tried } = await tryToOpen(services, before)
  await requireGone(services, keyId)
  const report = [
    wasPresent ? 'Keychain: deleted, then read: empty' : 'Keychain: found missing, then read: empty',
    ...tried,
    ...notProved(before),
  ]
  const copies = before.copiesElsewhere
  const end =
    copies > 0
      ? `Destroyed here, ${copies} ${copies === 1 ? 'copy' : 'copies'} elsewhere`
      : wasPresent
        ? 'Destroyed and read back'
        : 'Found missing, and read back'
  const outcome = stillOpen === 0 ? end : `${end}; ${opensStill(stillOpen)} with another key`
  await context.checkpoint('end', () =>
    catalog.keyDestroyCompleted({ jobId, keyId, triedToOpen, outcome, report, by }),
  )
  return { outcome, report }
}

/** The copies that nobody here can destroy, by name, and the backups, which nobody can list. */
const notProved = ({ copies }: Pick<KeyImpact, 'copies'>): string[] => [
  ...copies
    .filter(({ place, state }) => place !== 'keychain' && (state === 'out-of-reach' || state === 'present'))
    .map(({ place, where }) => notProvedLine(`${keyPlaces[place].name}, ${safeText(where)}`)),
  notProvedLine('backups of this keychain and of this system'),
]

const opensStill = (versions: number): string =>
  `${formatCounted(versions, 'version')} still ${versions === 1 ? 'opens' : 'open'}`

/** Tries to open with everything that is left: what only this key opened must not, the rest is told. */
async function tryToOpen(services: Services, impact: Pick<KeyImpact, 'goneForGood' | 'stillOpen'>) {
  const triedToOpen: { artifactId: ArtifactId; version: number }[] = []
  const report: string[] = []
  let stillOpen = 0
  for (const each of [...impact.goneForGood, ...impact.stillOpen]) {
    const { artifactId, name, version, stores } = each
    const stays = stores.length > 1 ? `; its ciphertext stays in ${stores.map(safeText).join(', ')}` : ''
    const shown = `${safeText(name)}, version ${version}`
    try {
      const left = await tryWhatIsLeft(services, artifactId, version)
      if (left !== null) {
        stillOpen += 1
        report.push(`${shown} still opens with key ${left}`)
        continue
      }
      report.push(`${shown} does not open with what is left${stays}`)
      if (impact.goneForGood.includes(each)) triedToOpen.push({ artifactId, version })
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      report.push(`${shown} could not be tried: ${failureText(failure).title}`)
    }
  }
  return { triedToOpen, stillOpen, report }
}
