/** What a page could try if it were taken over: every channel, with what does not belong there. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { contract, type Channel, type Request, type Response } from '../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { newId, PathToken } from '../../shared/ids.ts'
import { dropFiles, expect, test } from '../fixtures/app.ts'
import { settled } from '../pages/window.ts'

type Refused = { item: number; failure: { code: string } }
type Answer = { ok: boolean; value?: { refused?: Refused[] }; failure?: { code: string } }

type Call = { channel: string; request: unknown }

/** Calls past the contract's types, as a hostile script would: one after the other, in one visit to the page.
 * @returns an answer for each */
const invokeAll = (page: Page, calls: readonly Call[]): Promise<Answer[]> =>
  page.evaluate(async (all) => {
    const bridge = window.weightlock as unknown as {
      invoke: (channel: string, request: unknown) => Promise<Answer>
    }
    const answers: Answer[] = []
    for (const { channel, request } of all) answers.push(await bridge.invoke(channel, request))
    return answers
  }, calls)

async function invoke(page: Page, channel: string, request: unknown): Promise<Answer> {
  const [answer] = await invokeAll(page, [{ channel, request }])
  return answer ?? { ok: false }
}

/** Calls as the contract has it. @throws when the answer is not ok */
async function call<C extends Channel>(page: Page, channel: C, request: Request<C>): Promise<Response<C>> {
  const answer = await invoke(page, channel, request)
  expect({ channel, failure: answer.failure }).toEqual({ channel })
  return answer.value as Response<C>
}

/** A token for a path in the home folder that nothing is at, as *Save as* of the in-app picker makes it. */
async function targetIn(page: Page, name: string): Promise<{ token: PathToken }> {
  const { token: folder } = await call(page, 'files:browse', {
    at: null,
    files: false,
    purpose: 'write-into',
  })
  const { token, exists } = await call(page, 'files:name-in', { folder, name })
  expect(exists).toBe(false)
  return { token }
}

/** A token for a file in the home folder that is there, to be read. */
async function sourceIn(page: Page, name: string): Promise<{ token: PathToken }> {
  const { entries } = await call(page, 'files:browse', { at: null, files: true, purpose: 'read' })
  const token = entries.find((entry) => entry.name === name)?.token
  if (token === undefined) throw new Error(`${name} is not there`)
  return { token }
}

const forWindow = Object.entries(contract).filter(([, { audience }]) => audience !== 'terminal')
const wrongTypes = [null, undefined, 42, 'text', true, [], [{}], Number.NaN]

/** Every call is refused with this code. */
async function expectRefused(page: Page, calls: readonly Call[], code: string): Promise<void> {
  const answers = await invokeAll(page, calls)
  expect(answers.map(({ failure }, n) => ({ ...calls[n], code: failure?.code }))).toEqual(
    calls.map((each) => ({ ...each, code })),
  )
}

test('no channel takes what is not its request', async ({ page }) => {
  const calls = forWindow.flatMap(([channel, { request }]) => {
    const wrong = request.safeParse({}).success
      ? wrongTypes
      : [...wrongTypes, {}, { ['__proto__']: { x: 1 } }]
    return wrong.map((each) => ({ channel, request: each }))
  })
  await expectRefused(page, calls, 'call/invalid-request')
})

test('channels of the terminal and channels that do not exist are refused', async ({ page }) => {
  const ofTerminal = Object.entries(contract).filter(([, { audience }]) => audience === 'terminal')
  const calls = (channels: string[]) => channels.map((channel) => ({ channel, request: {} }))
  await expectRefused(page, calls(ofTerminal.map(([channel]) => channel)), 'call/wrong-audience')
  const unknown = ['', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'no:such', 'x'.repeat(1e5)]
  await expectRefused(page, calls(unknown), 'call/unknown-channel')
})

const encrypting = (sources: unknown[], name = 'passwd') => ({
  items: [{ sources, name, separate: false, leaveOutHidden: false }],
  storeId: null,
  algorithm: null,
  original: 'keep',
  opaqueNames: false,
})

test('a page names no path of its own making', async ({ page, app, folder }) => {
  const secret = join(folder, 'secret.txt')
  await writeFile(secret, 'of the user')
  const madeUp = newId(PathToken)
  const sources = [
    { source: { path: secret }, code: 'call/invalid-request' },
    { source: { token: secret }, code: 'call/invalid-request' },
    { source: { token: madeUp, path: secret }, code: 'call/invalid-request' },
    { source: secret, code: 'call/invalid-request' },
    // Fits the contract everywhere, so that nothing but the token is what is refused.
    { source: { token: madeUp }, code: 'file/token-unknown' },
  ]
  for (const { source, code } of sources) {
    for (const [channel, request] of [
      ['encrypt:start', encrypting([source])],
      ['encrypt:inspect', { sources: [source], storeId: null, folder: '', groupShards: false }],
      ['keys:import', { source, passphrase: null, reverseDestroyed: null }],
      ['age-file:show', { source }],
    ] as const) {
      const { failure, value } = await invoke(page, channel, request)
      const found = failure?.code ?? value?.refused?.map((each) => each.failure.code).join()
      expect({ channel, source, code: found }).toEqual({ channel, source, code })
    }
  }
  expect(await readdir(app.storeFolder).catch(() => [])).toEqual([])
})

/** Drops a file on the window. @returns the token that the page is given for it */
async function tokenOfDropped(page: Page, path: string): Promise<string> {
  await page.evaluate(() => {
    const hold = window as unknown as { dropped: Promise<string>[] }
    hold.dropped = []
    window.addEventListener(
      'drop',
      (event) => {
        for (const file of event.dataTransfer?.files ?? [])
          if (window.weightlock !== undefined) hold.dropped.push(window.weightlock.pathForFile(file))
      },
      true,
    )
  })
  await dropFiles(page, [path])
  const dropped = () =>
    page.evaluate(async () => (await (window as unknown as { dropped: Promise<string>[] }).dropped[0]) ?? '')
  await expect.poll(dropped).not.toBe('')
  return PathToken.parse(await dropped())
}

test('a name leads nowhere but into its store', async ({ page, app, folder }) => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(folder, 'model.bin'), 'weights')
  const token = await tokenOfDropped(page, join(folder, 'model.bin'))
  /** Encrypts under that name. @returns how its job ended, where one was made */
  const endOf = async (name: string) => {
    const answer = await invoke(page, 'encrypt:start', encrypting([{ token }], name))
    const { jobIds, refused } = answer.value as Response<'encrypt:start'>
    const [refusal] = refused
    if (refusal) return { name, state: 'refused', code: refusal.failure.code }
    await settled(page)
    const { jobs } = await call(page, 'jobs:snapshot', {})
    const job = jobs.find(({ jobId }) => jobId === jobIds[0])
    return { name, state: job?.state, code: job?.failure?.code }
  }
  const names = [
    '../outside/model.bin',
    '../../outside/model.bin',
    '/etc/cron.d/model',
    'a/../../outside/model.bin',
    '..',
    '.',
    'a//b',
    'a\0b',
  ]
  for (const name of names)
    expect(await endOf(name)).toEqual({ name, state: 'refused', code: 'artifact/name-invalid' })
  expect(await readdir(app.storeFolder).catch(() => [])).toEqual([])

  // The same token under a good name, and one that leads out only where `\` separates folders.
  for (const name of ['model.bin', String.raw`..\outside\model.bin`])
    expect(await endOf(name)).toMatchObject({ name, state: 'done' })
  expect((await readdir(app.storeFolder)).toSorted()).toEqual([
    String.raw`..\outside\model.bin.age`,
    'model.bin.age',
  ])
  await app.close()
  expect(await readdir(outside)).toEqual([])
  expect((await readdir(folder)).toSorted()).toEqual(['data', 'model.bin', 'outside'])
})

/** What only tells, with a request that fits; ids are of the encrypted sample. */
const telling = (ids: Ids): { [C in Channel]?: Request<C> } => ({
  'program:status': {},
  'program:diagnose': {},
  'keychain:test': {},
  'files:browse': { at: null, files: true, purpose: 'read' },
  'stores:kinds': {},
  'stores:list': {},
  'stores:test': { storeId: ids.storeId },
  'stores:scan': { storeId: ids.storeId },
  'encrypt:inspect': { sources: [ids.exported], storeId: null, folder: '', groupShards: true },
  'age-file:show': { source: { storeId: ids.storeId, objectName: ids.objectName } },
  'artifacts:list': {
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
    foreign: true,
  },
  'artifacts:find': { query: ids.name },
  'artifacts:show': { artifactId: ids.artifactId },
  'artifacts:inside': { artifactId: ids.artifactId, version: null },
  'artifacts:copy-as': { artifactId: ids.artifactId, version: null },
  'keys:list': {
    query: '',
    filter: 'all',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
  },
  'keys:picture': {},
  'keys:show': { keyId: ids.keyId },
  'keys:import': { source: ids.exported, passphrase: null, reverseDestroyed: null },
  'audit:list': { query: '', category: 'all', since: null, offset: 0, limit: 200 },
  'audit:verify': {},
  'audit:export': { target: ids.auditTarget },
  'jobs:snapshot': {},
  'jobs:history': { offset: 0, limit: 200 },
})
type Ids = Pick<ArtifactRow, 'storeId' | 'objectName' | 'artifactId' | 'keyId' | 'name'> & {
  exported: { token: PathToken }
  auditTarget: { token: PathToken }
}

test('what the window is told, the log and the data folder hold no identity', async ({ page, app }) => {
  const home = homedir()
  await call(page, 'encrypt:sample', {})
  await settled(page)
  const sample = await call(page, 'artifacts:find', { query: 'digits-mlp.safetensors' })
  const exported = await targetIn(page, 'exported-key.txt')
  const auditTarget = await targetIn(page, 'exported-audit.jsonl')
  try {
    const answers: unknown[] = [
      await call(page, 'keys:export', { keyId: sample.keyId, target: exported, understood: true }),
    ]
    // The identity is really out of the keychain, and looks like what is searched for below.
    expect(await readFile(join(home, 'exported-key.txt'), 'utf8')).toContain('AGE-SECRET-KEY-')
    const source = await sourceIn(page, 'exported-key.txt')
    const requests = Object.entries(telling({ ...sample, exported: source, auditTarget }))
    for (const [channel, request] of requests) answers.push(await call(page, channel as Channel, request))
    answers.push(
      await invoke(page, 'keys:export', { keyId: sample.keyId, target: exported, understood: true }),
    )
    expect(JSON.stringify(answers)).toContain(sample.keyId)
    expect(JSON.stringify(answers)).not.toContain('AGE-SECRET-KEY')
    expect(await readFile(join(home, 'exported-audit.jsonl'), 'utf8')).not.toContain('AGE-SECRET-KEY')
  } finally {
    await rm(join(home, 'exported-key.txt'), { force: true })
    await rm(join(home, 'exported-audit.jsonl'), { force: true })
  }
  await app.close()
  const files = await readdir(app.dataFolder, { recursive: true, withFileTypes: true })
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  expect(paths).toContain(join(app.dataFolder, 'weightlock.log'))
  expect(paths.length).toBeGreaterThan(2)
  for (const path of paths)
    expect([path, (await readFile(path)).includes('AGE-SECRET-KEY')]).toEqual([path, false])
})
