/** Makes a recovery kit: identities out of the keychain, under a passphrase, in one file of their owner alone. The copy is
 * recorded before the file appears, so that no crash leaves one that nobody knows of. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { z } from 'zod'
import { fail, failureOf } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { KeyId, KitId } from '../../../../shared/ids.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { identityText } from '../../../age/identity.ts'
import { scryptRecipient } from '../../../age/scrypt.ts'
import { encryptForRecipient } from '../../../age/small-file.ts'
import { identityFileLimitBytes, identityFileText, kitHeadText } from '../../../keys/identity-file.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import { writeUserFile } from '../../../keys/write-user-file.ts'
import { abandonPendingFile } from '../../../storage/pending-file.ts'
import { readSmallFile } from '../../../storage/regular-file.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { KitSecrets } from './kit-secrets.ts'

const Spec = z.object({
  kitId: KitId,
  /** Null: every key that is not destroyed. */
  keyIds: z.array(KeyId).nullable(),
  path: z.string(),
})
export type MakeKitSpec = z.infer<typeof Spec>

export const makeKitKind = (services: Services, secrets: KitSecrets): JobKindDefinition<MakeKitSpec> => ({
  kind: 'make-kit',
  spec: Spec,
  describe: ({ path }) => ({
    title: basename(path),
    target: `to ${safeText(path)}`,
    artifactId: null,
    keyId: null,
    totalBytes: 0,
  }),
  canPause: false,
  canRunAgain: () => false,
  canReveal: ({ path }) => path,
  safe: () => 'No kit has appeared. The keys are unchanged, and stay in the keychain.',
  run: (spec, context) => makeKit(services, secrets, spec, context),
  undo: (spec, context) => settled(services, spec, context),
  settle: async (spec, context) => void (await settled(services, spec, context)),
})

/** What a run before left: the kit, if it appeared, or nothing.
 * @returns the outcome where the kit is there */
async function settled(
  { catalog, files }: Services,
  { kitId, path }: MakeKitSpec,
  { jobId, by, steps }: JobContext,
): Promise<JobOutcome | null> {
  await abandonPendingFile(files, path, { jobId, reserve: true })
  if (!(await steps()).some(({ step }) => step === 'written')) return null
  const kit = (await catalog.listKits()).kits.find((each) => each.kitId === kitId)
  if (kit === undefined) return null
  if ((await digestAt(path)) === kit.digest) return { outcome: kitLine(kit.identities) }
  await catalog.kitTakenBack({ jobId, kitId, by })
  return null
}

async function digestAt(path: string): Promise<string | null> {
  try {
    return digestOf(
      await readSmallFile(path, identityFileLimitBytes, () => fail({ code: 'file/not-found', path })),
    )
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const kitLine = (keys: number): string => `${formatCounted(keys, 'key')} in it; counts after a drill`
/** Of a line that holds an identity: what progress counts. */
const lineBytes = 75

type Gathered = { keyIds: KeyId[]; needsNewAge: boolean; texts: Buffer[]; report: string[] }

async function makeKit(
  services: Services,
  kept: KitSecrets,
  spec: MakeKitSpec,
  context: JobContext,
): Promise<JobOutcome> {
  const { catalog, files, now } = services
  const { jobId, by } = context
  const { kitId, path } = spec
  const earlier = await settled(services, spec, context)
  if (earlier !== null) return earlier
  const passphrase = kept.passphrases.find(jobId) ?? fail({ code: 'kit/passphrase-gone' })
  const meant = spec.keyIds ?? (await everyKey(services))
  const gathered: Gathered = { keyIds: [], needsNewAge: false, texts: [], report: [] }
  let plaintext = Buffer.alloc(0)
  try {
    await gather(services, context, meant, gathered)
    if (gathered.keyIds.length === 0) fail({ code: 'kit/nothing-to-hold' })
    const madeAt = now()
    const { length: keys } = gathered.keyIds
    const head = kitHeadText({ madeAt: new Date(madeAt), keys, fileName: basename(path) })
    plaintext = Buffer.concat([Buffer.from(head), ...gathered.texts])
    context.report('encrypting', meant.length * lineBytes, meant.length * lineBytes)
    const file = await encryptForRecipient(scryptRecipient(passphrase), plaintext)
    context.signal.throwIfAborted()
    const { keyIds, needsNewAge } = gathered
    const facts = { where: path, sizeBytes: file.length, digest: digestOf(file), madeAt, identities: keys }
    const kit = { ...facts, needsNewAge, keyIds }
    await writeUserFile(
      files,
      path,
      [file],
      () => context.checkpoint('written', () => catalog.kitWritten({ jobId, kitId, kit, by })),
      jobId,
    )
    return { outcome: kitLine(keys), report: gathered.report }
  } finally {
    plaintext.fill(0)
    for (const text of gathered.texts) text.fill(0)
  }
}

async function everyKey({ catalog }: Services): Promise<KeyId[]> {
  const found: KeyId[] = []
  for (let after: KeyId | null = null; ;) {
    const page: Awaited<ReturnType<typeof catalog.usableKeys>> = await catalog.usableKeys(after, 1000)
    for (const { keyId, state } of page) if (state !== 'pre-activation') found.push(keyId)
    after = page.at(-1)?.keyId ?? null
    if (after === null) return found
  }
}

/** Reads each identity as the export of one is written. What is gone from the keychain is told, and left out. */
async function gather(
  { catalog, secrets, now }: Services,
  { signal, report }: JobContext,
  meant: readonly KeyId[],
  gathered: Gathered,
): Promise<void> {
  await secrets.ready()
  const exportedAt = new Date(now())
  for (const [n, keyId] of meant.entries()) {
    signal.throwIfAborted()
    report('reading', n * lineBytes, meant.length * lineBytes)
    const { alias, artifactId, artifactName } = await catalog.keyRow(keyId)
    try {
      await withIdentity(secrets, keyId, (identity) => {
        const recipient = identity.recipient().text
        const secret = identityText(identity)
        const facts = { keyId, artifactId, artifactName, alias, recipient, exportedAt, secret }
        gathered.texts.push(Buffer.from(`${identityFileText(facts)}\n`))
        gathered.keyIds.push(keyId)
        gathered.needsNewAge ||= identity.algorithm === 'mlkem768x25519'
      })
    } catch (error) {
      const code = failureOf(error)?.code
      if (code === 'key/missing-from-keychain')
        gathered.report.push(`${safeText(alias)}: not in the keychain`)
      else if (code === 'key/damaged-in-keychain')
        gathered.report.push(`${safeText(alias)}: damaged in the keychain`)
      else throw error
    }
  }
}
