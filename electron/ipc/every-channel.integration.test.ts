/** Every channel of the contract with a request that fits it, as the window and as a terminal: no answer, no event and
 * no line of the log holds an identity. A new channel does not compile before it stands here. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract, type Channel, type Request } from '../../shared/contract/contract.ts'
import type { PathRef } from '../../shared/domain/client-input.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { Result } from '../../shared/failure.ts'
import { JobId, KitId, newId } from '../../shared/ids.ts'
import { settled, startEncrypt, stored, openHouse, type House } from '../../scripts/test/faults/house.ts'
import { expectNothingTold } from '../../scripts/test/faults/soundness.ts'
import { stubHost } from '../../scripts/test/stub-host.ts'
import type { Host } from '../host/host.ts'

let house: House
let model: ArtifactRow
/** An identity file that was encrypted like any other: what is inside it must not be shown. */
let identityFile: ArtifactRow
let doomed: ArtifactRow
let exported: string
/** What the system's dialogs answer next. */
let chosen = ''
let made = 0

const host = (): Host =>
  stubHost({
    chooseToOpen: async () => [chosen],
    chooseTarget: async () => chosen,
    emit: (event, payload) => void house.said.push(JSON.stringify([event, payload])),
  })

beforeAll(async () => {
  house = await openHouse()
  house.input('assets/sample/digits-mlp.safetensors', 'sample')
  await house.reopen({ host: host() })
  model = await stored(house, house.input('model.bin', 'weights'))
  doomed = await stored(house, house.input('doomed.bin', 'weights'))
  exported = house.at('exported.txt')
  const target = { path: exported }
  await house.call('keys:export', { keyId: model.keyId, target, understood: true })
  identityFile = await stored(house, exported)
})
afterAll(() => house.stop())

type Caller = {
  audience: 'window' | 'terminal'
  invoke: (channel: Channel, request: unknown) => Promise<Result<unknown>>
  read: (path: string) => Promise<PathRef>
  write: () => Promise<PathRef>
  folder: (what: 'store-folder' | 'target-folder') => Promise<PathRef>
}

const fresh = (): string => house.at(`written-${(made += 1)}`)

/** No store has it, and it has none. */
function freshFolder(): string {
  const path = fresh()
  mkdirSync(path)
  return path
}

const terminal = (): Caller => ({
  audience: 'terminal',
  invoke: (channel, request) => house.app().terminal().invoke(channel, request),
  read: async (path) => ({ path }),
  write: async () => ({ path: fresh() }),
  folder: async () => ({ path: freshFolder() }),
})

function page(): Caller {
  const invoke: Caller['invoke'] = async (channel, request) =>
    (await house.app().calls.invoke(channel, request)) as Result<unknown>
  const tokenOf = async (channel: Channel, request: unknown, path: string): Promise<PathRef> => {
    chosen = path
    const answer = await invoke(channel, request)
    const given = answer.ok ? (answer.value as { chosen: PathRef | PathRef[] }).chosen : []
    const [first] = [given].flat()
    if (first === undefined || !('token' in first)) throw new Error('nothing was chosen')
    return { token: first.token }
  }
  return {
    audience: 'window',
    invoke,
    read: (path) => tokenOf('files:choose', { what: 'files' }, path),
    write: () => tokenOf('files:choose-target', { suggestedName: 'x', what: 'file' }, fresh()),
    folder: (what) => tokenOf('files:choose', { what }, freshFolder()),
  }
}

const list = { query: '', offset: 0, limit: 200 }
const noJobs = { jobIds: [] }
const tokenIn = (ref: PathRef) => ('token' in ref ? ref.token : ('' as never))

/** A job that is there: of a small encryption. */
async function oneJob() {
  const started = await startEncrypt(house, house.input(`job-${(made += 1)}.bin`, 'x'))
  if (!('jobId' in started)) throw new Error('refused')
  await settled(house, started.jobId)
  return started.jobId
}

const kitPassphrase = 'lantern gravel mango orbit velvet'

/** A recovery kit of one key. @returns its file */
async function oneKit(): Promise<string> {
  const path = fresh()
  const { jobId } = await house.call('kits:create', {
    keyIds: [model.keyId],
    passphrase: { typed: kitPassphrase },
    target: { path },
  })
  await settled(house, jobId)
  return path
}

async function oneKitId() {
  const where = await oneKit()
  const { kits } = await house.call('kits:list', {})
  return kits.find((kit) => kit.where === where)?.kitId ?? newId(KitId)
}

/** In use, of an artifact of its own. */
async function oneKey() {
  const { keyId } = await stored(house, house.input(`rests-${(made += 1)}.bin`, 'x'))
  return keyId
}

async function oneCheck() {
  const { jobId } = await house.call('artifacts:verify', {
    artifactIds: [model.artifactId],
    storeId: null,
    level: 'quick',
  })
  await settled(house, jobId)
  return jobId
}

/** Of an artifact whose file went after its head was rewritten. */
async function oneGoneRotation() {
  const artifact = await stored(house, house.input(`went-${(made += 1)}.bin`, 'x'))
  house.onStep = (step, when) => {
    if (step === 'switched' && when === 'before') throw new Error('stopped here')
  }
  const asked = { method: 'rewrap', reason: 'policy', note: '' } as const
  const [jobId = newId(JobId)] = (await house.call('keys:rotate', { keyIds: [artifact.keyId], ...asked }))
    .jobIds
  await settled(house, jobId)
  house.onStep = () => undefined
  rmSync(artifact.location)
  return { jobId, name: artifact.name }
}

async function oneIncident() {
  const { incidents } = await house.call('incidents:list', {})
  if (incidents[0] === undefined) throw new Error('nothing was reported')
  return incidents[0].incidentId
}

async function oneScheduled(): Promise<ArtifactRow> {
  const artifact = await stored(house, house.input(`scheduled-${(made += 1)}.bin`, 'x'))
  const { artifactId, name } = artifact
  const request = { artifactIds: [artifactId], confirmName: name, inDays: 7, deleteCiphertext: false }
  await house.call('retirement:start', request)
  return artifact
}

/** As if its days had passed while nobody looked. */
function pretendDue(artifactId: ArtifactRow['artifactId']): void {
  const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
  db.prepare(
    'UPDATE retirements SET destroy_at = 1 WHERE artifact_no = (SELECT artifact_no FROM artifacts WHERE artifact_id = ?)',
  ).run(artifactId)
  db.close()
}

let certified: Promise<JobId> | null = null
/** One will do for whoever asks. */
const oneCertificate = (): Promise<JobId> => (certified ??= makeCertificate())

async function makeCertificate(): Promise<JobId> {
  const { artifactId, name } = await stored(house, house.input(`certified-${(made += 1)}.bin`, 'x'))
  const request = { artifactIds: [artifactId], confirmName: name, inDays: null, deleteCiphertext: false }
  const { jobIds } = await house.call('retirement:start', request)
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error('not begun')
  await settled(house, jobId)
  return jobId
}

type Requests = { [C in Channel]: (caller: Caller) => Promise<Request<C>> }

const requests: Requests = {
  'program:status': async () => ({}),
  'program:set': async () => ({ density: 'compact' }),
  'program:diagnose': async () => ({}),
  'program:claim-data-folder': async () => ({ as: 'moved' }),
  'program:copy-text': async () => ({ text: 'text' }),
  'keychain:test': async () => ({}),
  'keychain:accept-new': async () => ({}),
  'files:choose': async () => ({ what: 'identity' }),
  'files:choose-target': async () => ({ suggestedName: 'x', what: 'file' }),
  'files:browse': async () => ({ at: null, files: true, purpose: 'read' }),
  'files:name-in': async (caller) => ({ folder: tokenIn(await caller.folder('target-folder')), name: 'x' }),
  'stores:kinds': async () => ({}),
  'stores:list': async () => ({}),
  'stores:add': async (caller) => ({
    name: `store of the ${caller.audience}`,
    kind: 'local-folder',
    settings: {},
    paths: { path: await caller.folder('store-folder') },
    secrets: {},
  }),
  'stores:test': async () => ({ storeId: model.storeId }),
  'stores:try': async (caller) => ({
    kind: 'local-folder',
    storeId: null,
    name: '',
    settings: {},
    paths: { path: await caller.folder('store-folder') },
    secrets: {},
  }),
  'stores:set': async ({ audience }) => ({
    storeId: model.storeId,
    name: `named by the ${audience}`,
    settings: {},
    paths: {},
    secrets: {},
  }),
  'stores:scan': async () => ({ storeId: null }),
  'stores:uploads': async () => ({ storeId: model.storeId }),
  'stores:abort-uploads': async () => ({ storeId: model.storeId, uploadIds: null, ofOthers: false }),
  'stores:make-default': async () => ({ storeId: model.storeId }),
  'stores:remove': async ({ audience }) => {
    const { stores } = await house.call('stores:list', {})
    const added = stores.find(({ name }) => name === `store of the ${audience}`)
    return { storeId: added?.storeId ?? model.storeId }
  },
  'encrypt:inspect': async (caller) => ({
    sources: [await caller.read(exported)],
    storeId: null,
    folder: '',
    groupShards: true,
  }),
  'encrypt:start': async (caller) => ({
    items: [
      { sources: [await caller.read(exported)], name: 'key.txt', separate: true, leaveOutHidden: false },
    ],
    storeId: null,
    algorithm: null,
    original: 'keep',
    opaqueNames: true,
  }),
  'encrypt:sample': async () => ({}),
  'decrypt:start': async (caller) => ({
    artifactId: identityFile.artifactId,
    version: null,
    target: await caller.write(),
    unpack: false,
  }),
  'decrypt:age-file': async (caller) => ({
    source: { storeId: model.storeId, objectName: model.objectName },
    identity: await caller.read(exported),
    passphrase: null,
    target: await caller.write(),
    unpack: false,
  }),
  'age-file:show': async (caller) => ({ source: await caller.read(model.location) }),
  'artifacts:list': async () => ({
    ...list,
    storeId: null,
    folder: '',
    deep: true,
    sort: { by: 'name', descending: false },
    foreign: true,
  }),
  'artifacts:find': async () => ({ query: identityFile.name }),
  'artifacts:show': async () => ({ artifactId: identityFile.artifactId }),
  'artifacts:inside': async () => ({ artifactId: identityFile.artifactId, version: null }),
  'artifacts:object-versions': async () => ({ artifactId: identityFile.artifactId }),
  'artifacts:copy-as': async () => ({ artifactId: identityFile.artifactId, version: null }),
  'artifacts:verify': async () => ({ artifactIds: [], storeId: null, level: 'full' }),
  'artifacts:verify-report': async () => ({ jobId: await oneCheck(), offset: 0, limit: 200 }),
  'artifacts:save-verify-report': async (caller) => ({
    jobId: await oneCheck(),
    target: await caller.write(),
  }),
  'artifacts:adopt': async () => ({ artifactIds: [], all: true }),
  'artifacts:copy': async () => ({
    items: [{ artifactId: model.artifactId, fromStoreId: null }],
    storeId: model.storeId,
    version: null,
    move: false,
  }),
  'artifacts:deletion': async () => ({
    artifactId: model.artifactId,
    storeId: model.storeId,
    version: null,
  }),
  'artifacts:delete': async () => {
    const { artifactId, storeId, name } = await stored(house, house.input(`gone-${(made += 1)}.bin`, 'x'))
    return { items: [{ artifactId, storeId }], version: null, objectVersions: true, confirmName: name }
  },
  'artifacts:reveal': async () => ({ artifactId: model.artifactId }),
  'keys:list': async () => ({ ...list, filter: 'all', sort: { by: 'name', descending: false } }),
  'keys:picture': async () => ({}),
  'keys:show': async () => ({ keyId: model.keyId }),
  'keys:export': async (caller) => ({ keyId: model.keyId, target: await caller.write(), understood: true }),
  'keys:import': async (caller) => ({
    source: await caller.read(exported),
    passphrase: null,
    reverseDestroyed: null,
  }),
  'jobs:snapshot': async () => ({}),
  'jobs:history': async () => ({ offset: 0, limit: 200 }),
  'jobs:pause': async () => noJobs,
  'jobs:resume': async () => noJobs,
  'jobs:cancel': async () => noJobs,
  'jobs:dismiss': async () => noJobs,
  'jobs:wait': async () => ({ jobIds: [await oneJob()] }),
  'jobs:save-report': async (caller) => ({
    jobIds: [await oneJob()],
    target: await caller.write(),
    notes: ['by hand'],
  }),
  'jobs:reveal': async () => ({ jobId: await oneJob() }),
  'jobs:gone': async () => ({ jobId: (await oneGoneRotation()).jobId }),
  'jobs:give-up': async () => {
    const { jobId, name } = await oneGoneRotation()
    const { objects } = await house.call('jobs:gone', { jobId })
    return { jobId, confirmName: name, objects }
  },
  'catalog:rebuild': async () => ({ becomeOwner: false }),
  'keys:rotation-plan': async () => ({ keyIds: [identityFile.keyId] }),
  'keys:suspend': async () => ({ keyId: await oneKey(), reason: 'rest' }),
  'keys:resume': async () => {
    const keyId = await oneKey()
    await house.call('keys:suspend', { keyId, reason: 'rest' })
    return { keyId, reason: 'work' }
  },
  'keys:rotate': async () => ({ keyIds: null, method: 'rewrap', reason: 'policy', note: '' }),
  'keys:destroy': async ({ audience }) => {
    const { rows } = await house.call('artifacts:list', await requests['artifacts:list'](terminal()))
    const other = rows.flatMap((row) => (row.type === 'artifact' && row.name === 'key.txt' ? [row] : []))[0]
    const { keyId, name } = audience === 'window' ? doomed : (other ?? doomed)
    return { keyId, confirmName: name }
  },
  'retirement:impact': async () => ({ artifactIds: [model.artifactId] }),
  'retirement:start': async ({ audience }) => {
    const { artifactId, name } = await stored(house, house.input(`retired-${(made += 1)}.bin`, 'x'))
    const inDays = audience === 'window' ? 10 : null
    return { artifactIds: [artifactId], confirmName: name, inDays, deleteCiphertext: true }
  },
  'retirement:scheduled': async () => ({}),
  'retirement:cancel': async () => ({ artifactIds: [(await oneScheduled()).artifactId] }),
  'retirement:confirm-due': async () => {
    const { artifactId, name } = await oneScheduled()
    pretendDue(artifactId)
    return { artifactIds: [artifactId], confirmName: name }
  },
  'certificates:list': async () => ({ artifactId: null, offset: 0, limit: 200 }),
  'certificates:show': async () => ({ certificateId: await oneCertificate() }),
  'certificates:save': async (caller) => ({
    certificateId: await oneCertificate(),
    target: await caller.write(),
  }),
  'certificates:verify': async (caller) => {
    const path = `${fresh()}.json`
    await house.call('certificates:save', { certificateId: await oneCertificate(), target: { path } })
    return { source: await caller.read(path) }
  },
  'certificates:pdf': async (caller) => ({
    certificateId: await oneCertificate(),
    target: await caller.write(),
  }),
  'keys:compromise-plan': async () => ({ keyIds: [model.keyId], since: 0 }),
  'keys:revoke': async () => {
    const { keyId } = await stored(house, house.input(`leaked-${(made += 1)}.bin`, 'x'))
    return { keyIds: [keyId], since: null, reason: 'a test', count: 1 }
  },
  'incidents:list': async () => ({}),
  'incidents:show': async () => ({ incidentId: await oneIncident() }),
  'incidents:old-versions': async () => ({ incidentId: await oneIncident() }),
  'incidents:settle': async () => ({
    incidentId: await oneIncident(),
    decisions: [{ kind: 'copy-revoked', place: 'export', where: exported, revoked: true }],
  }),
  'incidents:save-report': async (caller) => ({
    incidentId: await oneIncident(),
    target: await caller.write(),
  }),
  'kits:list': async () => ({}),
  'kits:create': async (caller) => ({
    keyIds: [model.keyId],
    passphrase: caller.audience === 'window' ? { generate: true } : { typed: kitPassphrase },
    target: await caller.write(),
  }),
  'kits:lacks': async () => ({ kitId: await oneKitId(), offset: 0, limit: 10 }),
  'kits:drill': async (caller) => ({ source: await caller.read(await oneKit()), passphrase: kitPassphrase }),
  'kits:restore': async (caller) => ({
    source: await caller.read(await oneKit()),
    passphrase: kitPassphrase,
    reverseDestroyed: [],
  }),
  'kits:forget': async () => ({ kitId: await oneKitId() }),
  'artifacts:archive': async ({ audience }) => ({
    artifactIds: [identityFile.artifactId],
    isArchived: audience === 'window',
  }),
  'audit:list': async () => ({ ...list, category: 'all', since: null }),
  'audit:verify': async () => ({}),
  'audit:export': async (caller) => ({ target: await caller.write() }),
  'program:quit': async () => ({ evenWithJobs: true }),
}

const callersOf = (channel: Channel): Caller[] => {
  const { audience } = contract[channel]
  return [page(), terminal()].filter((caller) => audience === 'both' || audience === caller.audience)
}

async function allSettled(): Promise<void> {
  const { jobs } = await house.call('jobs:snapshot', {})
  await house.call('jobs:wait', { jobIds: jobs.map(({ jobId }) => jobId) })
}

describe('an answer', () => {
  it('holds no identity, whichever channel it comes from and whoever asked', async () => {
    // One is really out of the keychain, and looks like what is searched for below.
    expect(readFileSync(exported, 'utf8')).toContain('AGE-SECRET-KEY-1')
    for (const channel of Object.keys(requests) as Channel[])
      for (const caller of callersOf(channel)) {
        const request: unknown = await requests[channel](caller)
        const answer = await caller.invoke(channel, request)
        house.said.push(JSON.stringify(answer))
        const code = answer.ok ? 'ok' : answer.failure.code
        expect({ channel, audience: caller.audience, code }).toMatchObject({ code: 'ok' })
        await allSettled()
      }
    expect(house.said.length).toBeGreaterThan(2 * Object.keys(contract).length)
    expect(house.said.filter((text) => text.includes('AGE-SECRET-KEY'))).toEqual([])
    expectNothingTold(house)
  })
})
