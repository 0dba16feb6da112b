/** A restore that is stopped: two new keys, one that was lost and one whose destruction is reversed by name. */
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { generateIdentity, identityText } from '../../../electron/age/identity.ts'
import { scryptRecipient } from '../../../electron/age/scrypt.ts'
import { encryptForRecipient } from '../../../electron/age/small-file.ts'
import { KeyId, newId, type JobId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'
import type { valueOrThrow } from './call-app.ts'

type Call = ReturnType<typeof valueOrThrow>
type Settle = (jobIds: string[]) => Promise<void>

const passphrase = 'lantern gravel mango orbit velvet'
/** As a kit's, and a thousand times as fast. */
const workFactor = 8
const doomed = 'doomed.bin'
const keysInKit = 4
const kitIn = (dataFolder: string): string => join(dirname(dataFolder), 'kit.age')

/** The kit, then the losses. */
export async function prepareRestore(
  call: Call,
  settle: Settle,
  { dataFolder, sourcePath }: { dataFolder: string; sourcePath: string },
): Promise<void> {
  const item = (name: string) => ({
    sources: [{ path: sourcePath }],
    name,
    separate: false,
    leaveOutHidden: false,
  })
  const encrypting = await call('encrypt:start', {
    items: [item('model.bin'), item(doomed)],
    storeId: null,
    algorithm: null,
    original: 'keep',
    opaqueNames: false,
  })
  await settle(encrypting.jobIds)
  const lines: string[] = []
  const keyIds: KeyId[] = []
  for (const name of ['model.bin', doomed]) {
    const { keyId } = await call('artifacts:find', { query: name })
    const path = join(dirname(dataFolder), `identity of ${name}`)
    await call('keys:export', { keyId, target: { path }, understood: true })
    lines.push(readFileSync(path, 'utf8'))
    keyIds.push(keyId)
  }
  for (let n = 0; n < 2; n++)
    lines.push(`# weightlock key: ${newId(KeyId)}\n${identityText(generateIdentity('X25519'))}\n`)
  const recipient = scryptRecipient(new TextEncoder().encode(passphrase), workFactor)
  writeFileSync(kitIn(dataFolder), await encryptForRecipient(recipient, Buffer.from(lines.join('\n'))))
  const [lost, destroyed] = keyIds
  if (lost === undefined || destroyed === undefined) throw new Error('a key is missing')
  await settle([(await call('keys:destroy', { keyId: destroyed, confirmName: doomed })).jobId])
  await secretTool('clear', lost)
}

export async function startRestore(call: Call, dataFolder: string): Promise<JobId> {
  const source = { path: kitIn(dataFolder) }
  return (await call('kits:restore', { source, passphrase, reverseDestroyed: [doomed] })).jobId
}

const isPassphraseGone = ({ kind, state, failure }: JobView): boolean =>
  kind === 'restore' && state === 'failed' && failure?.code === 'kit/passphrase-gone'

/** After a restart: the catalog calls no key present that the keychain lacks, and what came back opens what it protects.
 * The passphrase is asked for again, and a second restore brings the rest.
 * @param jobs as they ended
 * @returns those of them that had to end well, and one line for each thing that must not be */
export async function findHalfRestored(
  call: Call,
  dataFolder: string,
  jobs: JobView[],
): Promise<{ others: JobView[]; broken: string[] }> {
  const broken = [...(await findClosed(call, dataFolder)), ...(await findDisagreement(call))]
  const before = await present(call)
  const stopped = jobs.filter(isPassphraseGone)
  if (stopped.length > 0) await call('jobs:dismiss', { jobIds: stopped.map(({ jobId }) => jobId) })
  const { jobs: again } = await call('jobs:wait', { jobIds: [await startRestore(call, dataFolder)] })
  const outcome = again[0]?.outcome ?? again[0]?.failure?.code
  if (again[0]?.state !== 'done' || again[0].report.length > 0)
    broken.push(`the second restore ended as ${again[0]?.state}: ${outcome}, ${again[0]?.report.join()}`)
  broken.push(...(await findDisagreement(call)))
  const after = await present(call)
  if (after.length !== keysInKit) broken.push(`${after.length} of ${keysInKit} keys are here in the end`)
  if (before.some((keyId) => !after.includes(keyId))) broken.push('a key went away')
  return { others: jobs.filter((job) => !isPassphraseGone(job)), broken }
}

const listKeys = async (call: Call) => {
  const sort = { by: 'name', descending: false } as const
  return (await call('keys:list', { query: '', filter: 'all', sort, offset: 0, limit: 200 })).rows
}

/** The keychain as another program sees it. */
const secretTool = (command: 'lookup' | 'clear', keyId: KeyId) =>
  promisify(execFile)('secret-tool', [command, 'service', 'Weightlock', 'account', keyId])

const isInKeychain = (keyId: KeyId): Promise<boolean> =>
  secretTool('lookup', keyId).then(
    ({ stdout }) => stdout !== '',
    () => false,
  )

/** Keys that the catalog calls present in the keychain. */
async function present(call: Call): Promise<KeyId[]> {
  const found: KeyId[] = []
  for (const { keyId } of await listKeys(call)) {
    const { copies } = await call('keys:show', { keyId })
    if (copies.some(({ place, state }) => place === 'keychain' && state === 'present')) found.push(keyId)
  }
  return found
}

/** What is in the keychain and not noted yet may be: a crash came between, and the next restore notes it. */
async function findDisagreement(call: Call): Promise<string[]> {
  const noted = await present(call)
  const broken: string[] = []
  for (const { keyId, alias, state } of await listKeys(call)) {
    const isHere = await isInKeychain(keyId)
    if (isHere && state === 'destroyed') broken.push(`${alias} is destroyed, and in the keychain`)
    if (!isHere && noted.includes(keyId)) broken.push(`${alias} is called present, and is not`)
  }
  return broken
}

/** What is here opens what it protects; what is not is known to be missing once it was asked for. */
async function findClosed(call: Call, dataFolder: string): Promise<string[]> {
  const broken: string[] = []
  for (const name of ['model.bin', doomed]) {
    const { artifactId, keyId } = await call('artifacts:find', { query: name })
    const target = { path: join(dirname(dataFolder), 'out', `before-${name}`) }
    const { jobId } = await call('decrypt:start', { artifactId, version: null, target, unpack: false })
    const isOpened = (await call('jobs:wait', { jobIds: [jobId] })).jobs[0]?.state === 'done'
    rmSync(target.path, { force: true })
    const isHere = await isInKeychain(keyId)
    if (isOpened !== isHere) broken.push(`${name}: opens ${isOpened}, its key is here ${isHere}`)
  }
  return broken
}
