import { lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Target } from '../../shared/contract/decrypt.ts'
import { type Failure, fail, failureOf } from '../../shared/failure.ts'
import { formatBytes, formatCount } from '../../shared/format.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Input, Outcome } from './command.ts'
import { findArtifact } from './find.ts'
import { waitForJob } from './wait-for-jobs.ts'

const usage = (detail: string): never => fail({ code: 'usage/invalid', detail })

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )

/** A path that ends in a slash means a folder, which is made where only itself is missing.
 * @throws file/not-found for a folder in a folder that is not there, file/exists for one that is something else */
async function makeFolder(path: string): Promise<void> {
  if (!(await isFolder(dirname(path)))) fail({ code: 'file/not-found', path: dirname(path) })
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'EEXIST' ? 'file/exists' : 'file/permission-denied'
    fail({ code, path }, error)
  })
}

/** Into a folder it goes under its own name, as with `cp`. What this answers is free, so that the owner, who
 * resolves folders as well, writes exactly there.
 * @throws file/exists, file/not-found */
async function pathIn(to: string, ownName: string, context: Context): Promise<string> {
  const path = context.path(to)
  const own = ownName.split('/').at(-1) ?? ''
  const isInto = own !== '' && ((await isFolder(path)) || /[/\\]$/.test(to))
  const target = isInto ? join(path, own) : path
  const taken = await lstat(target).catch(() => null)
  if (taken !== null) fail({ code: 'file/exists', path: target })
  if (isInto && !(await isFolder(path))) await makeFolder(path)
  return target
}

async function targetOf(to: string, ownName: string, context: Context): Promise<Target> {
  if (to !== '-') return { path: await pathIn(to, ownName, context) }
  if (context.json) return usage('--json and plaintext cannot share standard output, give --to a file')
  if (context.outputIsTerminal)
    return usage('plaintext is not written to a terminal, use --to FILE or a pipe')
  return { stdout: true }
}

type Start = (target: Target, output: Context['output']) => Promise<{ jobId: JobId }>

/** Starts, follows, and says how much had left when it failed half-way to standard output. */
async function follow(context: Context, target: Target, start: Start): Promise<JobView> {
  let outBytes = 0
  const output = async (bytes: Uint8Array) => {
    await context.output(bytes)
    outBytes += bytes.byteLength
  }
  const toOutput = 'stdout' in target
  let jobId: JobId | null = null
  try {
    ;({ jobId } = await start(target, output))
    return await waitForJob(context, jobId, toOutput ? 'cancel' : 'pause')
  } catch (error) {
    const failure = failureOf(error)
    // Without its terminal it can never go on: what it failed with is said here, and kept in the history.
    if (toOutput && jobId !== null) await context.bridge.invoke('jobs:dismiss', { jobIds: [jobId] })
    if (outBytes > 0 && failure && !isReaderGone(failure))
      context.note(
        `${formatCount(outBytes, context.locale)} bytes were written before it failed: do not use them.`,
      )
    throw error
  }
}

/** Whoever read our output has gone away; that is theirs to explain. */
export const isReaderGone = (failure: Failure | null): boolean =>
  failure?.code === 'file/io' && failure.path === '-' && failure.errno === 'EPIPE'

function outcome(
  target: Target,
  facts: { name: string; plaintextBytes: number | null },
  context: Context,
  more: object,
): Outcome {
  if (!('path' in target)) return { value: {}, lines: [] }
  const size = facts.plaintextBytes === null ? '' : ` · ${formatBytes(facts.plaintextBytes, context.locale)}`
  return {
    value: { ...more, ...facts, location: target.path },
    lines: [`${safeText(facts.name)} → ${safeText(target.path)}${size} · verified`],
  }
}

async function decryptArtifact(input: Input, query: string, to: string, context: Context): Promise<Outcome> {
  const typed = input.text('artifact-version')
  if (typed !== undefined && !/^[1-9]\d{0,8}$/.test(typed))
    usage('--artifact-version is a number, 1 or higher')
  const artifact = await findArtifact(context, query)
  const version = typed === undefined ? null : Number(typed)
  if (version !== null && version > artifact.version)
    fail({ code: 'artifact/no-such-version', name: artifact.name, version, latest: artifact.version })
  const target = await targetOf(to, input.isSet('tar') ? `${artifact.name}.tar` : artifact.name, context)
  const unpack = artifact.isFolder && 'path' in target && !input.isSet('tar')
  const { artifactId, name } = artifact
  await follow(context, target, (where, output) =>
    tell(context, 'decrypt:start', { artifactId, version, target: where, unpack }, output),
  )
  const isLatest = version === null || version === artifact.version
  const plaintextBytes = isLatest ? artifact.plaintextBytes : null
  return outcome(target, { name, plaintextBytes }, context, {
    artifactId,
    version: version ?? artifact.version,
  })
}

async function decryptFile(input: Input, file: string, to: string, context: Context): Promise<Outcome> {
  const source = { path: context.path(file) }
  const identity = input.text('identity')
  const descriptor = input.text('passphrase-fd')
  const header = await ask(context, 'age-file:show', { source })
  const target = await targetOf(to, header.name.replace(/\.age$/, ''), context)
  const readPassphrase = () => context.readSecret('Passphrase', descriptor)
  const open = (passphrase: string | null) =>
    follow(context, target, (where, output) =>
      tell(
        context,
        'decrypt:age-file',
        {
          source,
          identity: identity === undefined ? null : { path: context.path(identity) },
          passphrase,
          target: where,
          unpack: input.isSet('unpack'),
        },
        output,
      ),
    )
  const asked = header.needsPassphrase || descriptor !== undefined
  try {
    await open(asked ? await readPassphrase() : null)
  } catch (error) {
    // The identity file itself may be one that a passphrase protects.
    if (asked || failureOf(error)?.code !== 'age/passphrase-needed') throw error
    await open(await readPassphrase())
  }
  return outcome(target, { name: header.name, plaintextBytes: header.plaintextBytes }, context, {
    keyId: header.keyId,
    artifactId: header.artifactId,
  })
}

export const decrypt: Command = {
  words: 'decrypt',
  operands: 'ARTIFACT',
  operandCount: { min: 0, max: 1 },
  summary: 'write the verified plaintext to a path or to standard output, or nothing at all',
  details: [
    'ARTIFACT is a name or an id. A folder is written as a folder; to standard output it is a tar stream.',
    'Into a folder it goes under its own name; PATH with a slash at its end is a folder, made if it is missing.',
    '--file opens any age file, with --identity, with a passphrase on standard input, or with the keys held here.',
  ],
  examples: [
    'decrypt model.safetensors --to out/',
    'decrypt checkpoints --to - | tar x',
    'decrypt --file model.safetensors.age --identity key.txt --to model.safetensors',
  ],
  options: {
    to: { value: 'PATH|-', help: 'where the plaintext goes' },
    'artifact-version': { value: 'N', help: 'an older version; default: the latest' },
    tar: { help: 'write a folder as one tar file' },
    file: { value: 'F.age', help: 'an age file instead of an artifact' },
    identity: { value: 'FILE', help: 'with --file: a file with age identities' },
    unpack: { help: 'with --file: what is inside is a tar archive, write its folder' },
    'passphrase-fd': { value: 'N', help: 'with --file: read the passphrase from this file descriptor' },
  },
  needs: ['to'],
  run: (input, context) => {
    const to = input.text('to') ?? ''
    const file = input.text('file')
    const [artifact] = input.operands
    const fileOnly = ['identity', 'passphrase-fd'].find((option) => input.text(option) !== undefined)
    if (file !== undefined && artifact !== undefined) return usage('name an artifact or --file, not both')
    if (file !== undefined) {
      if (input.isSet('unpack') && to === '-')
        return usage('--unpack needs a folder to write, not standard output')
      if (input.isSet('tar') || input.text('artifact-version') !== undefined)
        return usage('--tar and --artifact-version belong to an artifact, not to --file')
      return decryptFile(input, file, to, context)
    }
    if (artifact === undefined) return usage('decrypt needs ARTIFACT or --file F.age')
    if (fileOnly !== undefined || input.isSet('unpack'))
      return usage(`--${fileOnly ?? 'unpack'} belongs to --file F.age`)
    return decryptArtifact(input, artifact, to, context)
  },
}
