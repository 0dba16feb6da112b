import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type EncryptItem, type EncryptProposal, OriginalFate } from '../../shared/contract/encrypt.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { type Failure, fail } from '../../shared/failure.ts'
import { formatCounted } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { artifactSum, storedTable } from './artifact-lines.ts'
import { tell } from './calls.ts'
import type { Command, Context, Input } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { findStoreIfNamed, sayWhich } from './find.ts'
import { failureOfJob, waitForJobs } from './wait-for-jobs.ts'

/** One call starts at most this many. */
const itemsAtOnce = 10_000
/** Warnings are read from the files themselves: for so many, nobody reads them. */
const inspectedAtMost = 200

type Given = { path: string; item: EncryptItem }
type Batch = {
  artifacts: ArtifactRow[]
  failures: { path: string; failure: Failure }[]
  /** What became of the originals, for people. */
  originals: string[]
}

const longestName = 4096

/** @throws usage/invalid, artifact/name-invalid */
function nameOf(input: Input): string | undefined {
  const name = input.text('name')
  if (name === '') fail({ code: 'usage/invalid', detail: '--name needs a name' })
  if (name !== undefined && name.length > longestName)
    fail({
      code: 'artifact/name-invalid',
      name: `${name.slice(0, 60)}…`,
      reason: `it is longer than ${longestName} characters`,
    })
  return name
}

/** Several paths become one artifact only where each is a file: a folder is one by itself.
 * @throws usage/invalid */
async function refuseFolderAmong(given: readonly string[], context: Context): Promise<void> {
  if (given.length < 2) return
  for (const path of given) {
    const found = await stat(context.path(path)).catch(() => null)
    if (found?.isDirectory())
      fail({
        code: 'usage/invalid',
        detail: `${path} is a folder: a full --name makes one artifact of several files, or of one folder`,
      })
  }
}

/** One artifact for each path, once; with a full `--name`, all paths are one artifact. A name that ends in `/` is a
 * folder. */
async function itemsOf(input: Input, context: Context): Promise<Given[]> {
  const name = nameOf(input)
  const separate = input.isSet('separate')
  const folder = name === undefined || name.endsWith('/') ? (name ?? '') : null
  if (folder === null) {
    await refuseFolderAmong(input.operands, context)
    const [first = ''] = input.operands
    const sources = input.operands.map((given) => ({ path: context.path(given) }))
    return [{ path: first, item: { sources, name: name ?? '', separate, leaveOutHidden: false } }]
  }
  const once = new Map(input.operands.map((given) => [context.path(given), given]))
  if (once.size < input.operands.length) context.note('What was named more than once is stored once.')
  return [...once.values()].map((given) => {
    const path = context.path(given)
    const own = basename(path)
    if (own === '')
      fail({ code: 'usage/invalid', detail: `${given} has no name of its own, give it one with --name` })
    return { path: given, item: { sources: [{ path }], name: folder + own, separate, leaveOutHidden: false } }
  })
}

function notesOn(proposal: EncryptProposal, isSeparate: boolean): string[] {
  const { warning } = proposal.summary
  const name = safeText(proposal.name)
  const notes: string[] = []
  if (warning?.severity === 'runs-code')
    notes.push(
      `${name}: loading this pickle runs code: ${warning.flagged.slice(0, 5).map(safeText).join(', ')}`,
    )
  if (proposal.links.outside.length > 0)
    notes.push(
      `${name}: ${formatCounted(proposal.links.outside.length, 'link')} to outside the folder, what is there is stored as well: ${proposal.links.outside.slice(0, 5).map(safeText).join(', ')}`,
    )
  if (proposal.links.leftOut.length > 0)
    notes.push(`${name}: ${formatCounted(proposal.links.leftOut.length, 'link')} to folders left out`)
  if (proposal.existing && !isSeparate)
    notes.push(`${name} exists: this becomes version ${proposal.existing.nextVersion}`)
  if (proposal.offer === 'open') notes.push(`${name} is an age file already, and is encrypted once more`)
  if (proposal.offer === 'import')
    notes.push(`${name} holds an age identity: weightlock keys import takes it into the keychain`)
  return notes
}

/** What the encrypt sheet would show before the button. Never in the way: what cannot be read is refused at the start. */
async function sayWhatIsThere(context: Context, given: readonly Given[], storeId: EncryptRequest['storeId']) {
  const sources = given.flatMap(({ item }) => item.sources)
  if (context.json || sources.length > inspectedAtMost) return
  const inspected = await context.bridge.invoke('encrypt:inspect', {
    sources,
    storeId,
    folder: '',
    groupShards: false,
  })
  if (!inspected.ok) return
  const isRenamed = given.length === 1 && sources.length > 1
  for (const proposal of inspected.value.proposals) {
    // What is refused is said once, as a failure.
    if (proposal.refusal !== null) continue
    const item = given.find((each) => each.item.sources[0] === sources[proposal.sources[0] ?? 0])?.item
    const named = item === undefined || item.name === proposal.name
    const shown = named ? proposal : { ...proposal, existing: null }
    for (const note of notesOn(isRenamed ? { ...shown, existing: null } : shown, item?.separate ?? false))
      context.note(note)
  }
}

type EncryptRequest = Parameters<typeof tell<'encrypt:start'>>[2]
type EncryptOptions = Omit<EncryptRequest, 'items'>

async function encryptAll(
  context: Context,
  given: readonly Given[],
  options: EncryptOptions,
): Promise<Batch> {
  const started = await tell(context, 'encrypt:start', { ...options, items: given.map(({ item }) => item) })
  const refused = new Map(started.refused.map(({ item, failure }) => [item, failure]))
  const pathOf = given.filter((_, index) => !refused.has(index)).map(({ path }) => path)
  const { jobs, artifacts } = await waitForJobs(context, started.jobIds)
  const failures = [...refused].map(([index, failure]) => ({ path: given[index]?.path ?? '', failure }))
  for (const job of jobs) {
    const failure = failureOfJob(job)
    const path = pathOf[started.jobIds.indexOf(job.jobId)] ?? job.title
    if (failure) failures.push({ path, failure })
  }
  const ended = jobs.filter((job) => failureOfJob(job) === null)
  const originals = ended.flatMap(({ title, outcome, report }) => {
    const said = report.map((line) => `${title}: ${line}`)
    return options.original === 'trash' && outcome !== null ? [`${title}: ${outcome}`, ...said] : said
  })
  const done = new Set(ended.map(({ artifactId }) => artifactId))
  const order = [...done]
  return {
    artifacts: artifacts
      .filter(({ artifactId }) => done.has(artifactId))
      .toSorted((one, other) => order.indexOf(one.artifactId) - order.indexOf(other.artifactId)),
    failures,
    originals,
  }
}

export const encrypt: Command = {
  words: 'encrypt',
  operands: 'PATH…',
  operandCount: { min: 1, max: Number.POSITIVE_INFINITY },
  summary: 'encrypt files and folders into a store, each with its own key in the keychain',
  details: [
    'A folder becomes one artifact. A name that exists gets a new version, unless --separate.',
    '--name fraud/ stores into a folder; a full --name makes one artifact of several files.',
  ],
  examples: [
    'encrypt model.safetensors checkpoints/',
    'encrypt shard-1.bin shard-2.bin --name fraud/llm --store prod',
  ],
  options: {
    store: { value: 'S', help: 'a store by name or id; default: the default store' },
    name: { value: 'N', help: 'its name in the store, with its folder' },
    separate: { help: 'a separate artifact where the name exists, instead of a new version' },
    original: {
      value: 'WHAT',
      choices: OriginalFate.options,
      help: 'what becomes of the original once the stored copy is verified; default: keep',
    },
    'post-quantum': { help: 'a hybrid post-quantum key: opens with age 1.3 or newer and typage only' },
  },
  run: async (input, context) => {
    if (input.operands.includes('-'))
      fail({ code: 'usage/invalid', detail: 'standard input cannot be encrypted, name a file or folder' })
    const given = await itemsOf(input, context)
    const storeId = await findStoreIfNamed(context, input.text('store'))
    await sayWhatIsThere(context, given, storeId)
    const options: EncryptOptions = {
      storeId,
      algorithm: input.isSet('post-quantum') ? 'mlkem768x25519' : null,
      original: OriginalFate.options.find((fate) => fate === input.text('original')) ?? 'keep',
      opaqueNames: false,
    }
    const batch: Batch = { artifacts: [], failures: [], originals: [] }
    for (let from = 0; from < given.length && !context.interrupted.aborted; from += itemsAtOnce) {
      const { artifacts, failures, originals } = await encryptAll(
        context,
        given.slice(from, from + itemsAtOnce),
        options,
      )
      batch.artifacts.push(...artifacts)
      batch.failures.push(...failures)
      batch.originals.push(...originals)
    }
    for (const each of batch.failures) await sayWhich(context, each.failure)
    const failure = gravestFailure(batch.failures.map((each) => each.failure))
    const lines = storedTable(batch.artifacts, context.locale)
    if (batch.artifacts.length > 1) lines.push('', artifactSum(batch.artifacts, context.locale))
    if (batch.originals.length > 0) lines.push('', ...batch.originals.map(safeText))
    const { artifacts, failures } = batch
    return { value: { artifacts, failures }, lines, failures, ...(failure ? { failure } : {}) }
  },
}
