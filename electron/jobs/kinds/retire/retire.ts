/** Retires an artifact: every key that ever wrapped it destroyed and read back, everything that is left tried, and what
 * was shown by that certified (cryptography.md, sections 5 and 7). Once it has begun to destroy, it finishes. */
import { notProvedLine } from '../../../../shared/destroy-report.ts'
import type { CertificateStatement } from '../../../../shared/domain/certificate.ts'
import { fail } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { inTurn } from '../../../keys/in-turn.ts'
import { destroyOneKey, destructionBegun, requireGone } from '../../destroy-one-key.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import { tryEverythingLeft } from '../../try-everything-left.ts'
import { certify } from './certify.ts'
import { eraseCiphertext } from './erase-ciphertext.ts'
import { type KnownObject, readJournal, ReadBack, Tried } from './retire-journal.ts'
import { RetireSpec, versionsOf } from './retire-spec.ts'

export const retireKind = (services: Services): JobKindDefinition<RetireSpec> => ({
  kind: 'retire',
  spec: RetireSpec,
  describe: ({ artifactId, name, confirmed }) => ({
    title: name,
    target: `${formatCounted(confirmed.keyIds.length, 'key')} destroyed and read back`,
    artifactId,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: false,
  canReveal: () => null,
  safe: () => 'A key is called destroyed only once the keychain has shown that it is gone.',
  run: (spec, context) => inTurn(spec.artifactId, () => retire(services, spec, context), context.signal),
  // Before `retiring` is journaled there is nothing to take back. After it only a retry leads on.
  undo: async ({ confirmed }, context) =>
    (await readJournal(context)).keyIds === null
      ? null
      : {
          outcome: 'Not finished yet',
          failure: { code: 'key/being-destroyed', keyId: confirmed.keyIds[0] ?? '' },
        },
})

async function retire(services: Services, spec: RetireSpec, context: JobContext): Promise<JobOutcome> {
  const { catalog } = services
  const { artifactId, confirmed } = spec
  const { jobId, by } = context
  context.report('destroying', 0, 0)
  await services.secrets.ready()
  const begin = () => catalog.retirementBegun({ jobId, artifactId, confirmed, by })
  await waitForSharing(services, spec, context)
  context.signal.throwIfAborted()
  if ((await readJournal(context)).keyIds === null) await context.checkpoint('retiring', begin)
  const { keyIds } = await readJournal(context)
  if (keyIds === null) throw new Error('a retirement that began has no keys in its journal')
  // A cancel comes too late from here on, and a quit waits for the key at hand.
  const unstopped = { ...context, signal: new AbortController().signal }
  for (const keyId of keyIds) await inTurn(keyId, () => destroyOrReadBack(services, spec, keyId, unstopped))
  const tried = await tryAll(services, spec, keyIds, context)
  for (const keyId of keyIds) await requireGone(services, keyId)
  const { erased: before } = await readJournal(context)
  const left = spec.deleteCiphertext
    ? await eraseCiphertext(services, context, spec, tried.objects, before)
    : []
  context.report('finalising', 0, 0)
  const journal = await readJournal(context)
  const { certificate, statement } = await certify(services, context, spec, keyIds, {
    ...journal,
    tried: { ...tried, at: journal.tried?.at ?? services.now() },
  })
  const outcome = outcomeOf(statement)
  const report = [...reportOf(statement), ...left]
  const triedToOpen = tried.trials.filter(({ objects }) => objects > 0).map(({ version }) => version)
  await context.checkpoint('end', () =>
    catalog.retirementCompleted({ jobId, artifactId, triedToOpen, certificate, outcome, report, by }),
  )
  return { outcome, report }
}

/** Artifacts that have a key in common and are retired together go one after the other: the first destroys the key, the
 * next reads it back. */
async function waitForSharing(
  { catalog }: Services,
  { confirmed }: RetireSpec,
  { jobId, waitFor }: JobContext,
): Promise<void> {
  for (const other of await catalog.openJobs()) {
    if (other.jobId === jobId) return
    const spec = other.kind === 'retire' ? RetireSpec.safeParse(other.spec).data : undefined
    if (spec?.confirmed.keyIds.some((keyId) => confirmed.keyIds.includes(keyId))) await waitFor(other.jobId)
  }
}

/** One that was destroyed earlier is read again: its item may have come back. */
async function destroyOrReadBack(
  services: Services,
  { confirmed }: RetireSpec,
  keyId: KeyId,
  context: JobContext,
): Promise<void> {
  const { catalog, secrets } = services
  const { key, events } = await catalog.keyDetails(keyId)
  if (key.state !== 'destroyed' || (await destructionBegun(context, keyId)) !== null) {
    const reason = 'Its artifact was retired'
    await destroyOneKey(services, { keyId, confirmed: confirmed.versions, reason }, context)
    return
  }
  const { wasPresent } = await secrets.destroy(keyId)
  const destroyedAt = events.findLast(({ to }) => to === 'destroyed')?.at ?? null
  await context.journal('read-back', ReadBack.parse({ keyId, wasThere: wasPresent, destroyedAt }))
}

/** Once ciphertext began to go, what was tried before stands: keys do not come back while this job holds them.
 * @throws WeightlockError `retirement/still-opens` */
async function tryAll(
  services: Services,
  spec: RetireSpec,
  keyIds: readonly KeyId[],
  context: JobContext,
): Promise<Tried> {
  const { artifactId, name } = spec
  context.report('verifying', 0, 0)
  const steps = await context.steps()
  const { tried: before } = await readJournal(context)
  if (before !== null && steps.some(({ step }) => step === 'deleting')) return before
  const objects = await knownObjects(services, spec)
  const { trials, keysTried } = await tryEverythingLeft(services, artifactId, versionsOf(spec), keyIds)
  const open = trials.find(({ opensWith }) => opensWith !== null)
  if (open?.opensWith)
    fail({ code: 'retirement/still-opens', name, version: open.version, keyId: open.opensWith })
  const tried = Tried.parse({ trials, keysTried, objects })
  await context.journal('tried', tried)
  return tried
}

async function knownObjects({ catalog }: Services, spec: RetireSpec): Promise<KnownObject[]> {
  const { versions } = await catalog.artifactDetails(spec.artifactId)
  const meant = versionsOf(spec)
  return versions
    .filter(({ version }) => meant.includes(version))
    .toReversed()
    .flatMap(({ version, objects }) =>
      objects.flatMap(({ state, storeId, store, objectName, location }) =>
        state === 'deleted' ? [] : [{ version, storeId, store, objectName, location }],
      ),
    )
}

/** Of places where a copy is known to be, or may be. */
const copiesElsewhere = ({ notProved }: CertificateStatement): number =>
  notProved.filter(({ why }) => why.endsWith('Out of reach.')).length

function outcomeOf(statement: CertificateStatement): string {
  const keys = formatCounted(statement.keys.length, 'key')
  const elsewhere = copiesElsewhere(statement)
  return elsewhere === 0
    ? `${keys} destroyed and read back; certificate made`
    : `${keys} destroyed here, ${formatCounted(elsewhere, 'copy')} elsewhere; certificate made`
}

const reportOf = ({ checked, notProved }: CertificateStatement): string[] => [
  ...checked.map(({ place, done, readBack }) => `${safeText(place)}: ${safeText(done)}. ${readBack}`),
  ...notProved.map(({ what, detail }) =>
    notProvedLine(detail === '' ? safeText(what) : `${safeText(what)}, ${safeText(detail)}`),
  ),
]
