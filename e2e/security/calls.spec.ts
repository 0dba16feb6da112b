/** What a page could try if it were taken over: every channel, with what does not belong there. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { contract } from '../../shared/contract/contract.ts'
import { newId, PathToken } from '../../shared/ids.ts'
import { dropFiles, expect, test } from '../fixtures/app.ts'

type Answer = { ok: boolean; value?: unknown; failure?: { code: string } }

/** Calls past the contract's types, as a hostile script would. */
const invoke = (page: Page, channel: string, request: unknown): Promise<Answer> =>
  page.evaluate(
    ([to, what]) => {
      const bridge = window.weightlock as unknown as {
        invoke: (to: string, what: unknown) => Promise<Answer>
      }
      return bridge.invoke(to, what)
    },
    [channel, request] as const,
  )

const forWindow = Object.entries(contract).filter(([, { audience }]) => audience !== 'terminal')
const wrongTypes = [null, undefined, 42, 'text', true, [], [{}], Number.NaN]

test('no channel takes what is not its request', async ({ page }) => {
  for (const [channel, { request }] of forWindow) {
    const hostile = request.safeParse({}).success
      ? wrongTypes
      : [...wrongTypes, {}, { ['__proto__']: { x: 1 } }]
    for (const wrong of hostile) {
      const answer = await invoke(page, channel, wrong)
      expect({ channel, wrong, code: answer.failure?.code }).toEqual({
        channel,
        wrong,
        code: 'call/invalid-request',
      })
    }
  }
})

test('channels of the terminal and channels that do not exist are refused', async ({ page }) => {
  for (const [channel, { audience }] of Object.entries(contract)) {
    if (audience !== 'terminal') continue
    expect((await invoke(page, channel, {})).failure?.code).toBe('call/wrong-audience')
  }
  for (const channel of [
    '',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'no:such',
    'x'.repeat(1e5),
  ])
    expect((await invoke(page, channel, {})).failure?.code).toBe('call/unknown-channel')
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
  for (const source of [{ path: secret }, { token: secret }, { token: madeUp, path: secret }, secret]) {
    for (const [channel, request] of [
      ['encrypt:start', encrypting([source])],
      ['encrypt:inspect', { sources: [source], storeId: null, folder: '', groupShards: false }],
      ['keys:import', { source, passphrase: null }],
      ['age-file:show', { source }],
    ] as const)
      expect([channel, JSON.stringify(await invoke(page, channel, request))]).toEqual([
        channel,
        expect.stringMatching(/call\/invalid-request|file\/token-unknown/),
      ])
  }
  const inspected = await invoke(page, 'encrypt:inspect', {
    sources: [{ token: madeUp }],
    storeId: null,
    folder: '',
    groupShards: false,
  })
  expect(JSON.stringify(inspected)).toContain('file/token-unknown')
  const started = await invoke(page, 'encrypt:start', encrypting([{ token: madeUp }]))
  expect(JSON.stringify(started)).toContain('file/token-unknown')
  expect(await readdir(app.storeFolder).catch(() => [])).toEqual([])
})

test('a name leads nowhere but into its store', async ({ page, app, folder }) => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(folder, 'model.bin'), 'weights')
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
  await dropFiles(page, [join(folder, 'model.bin')])
  const token = await page.evaluate(
    async () => (await (window as unknown as { dropped: Promise<string>[] }).dropped[0]) ?? '',
  )
  const names = [
    '../outside/model.bin',
    '../../outside/model.bin',
    '/etc/cron.d/model',
    'a/../../outside/model.bin',
    '..',
    '.',
    'a//b',
    'a\0b',
    String.raw`..\outside\model.bin`,
  ]
  for (const name of names) await invoke(page, 'encrypt:start', encrypting([{ token }], name))
  await expect
    .poll(async () => {
      const { value } = await invoke(page, 'jobs:snapshot', {})
      return (value as { jobs: { state: string }[] }).jobs.filter(({ state }) => /queued|running/.test(state))
    })
    .toEqual([])
  expect(await readdir(outside)).toEqual([])
  expect((await readdir(folder)).toSorted()).toEqual(['data', 'model.bin', 'outside'])
  await app.close()
  expect(await readdir(outside)).toEqual([])
})

test('what the window is told, the log and the data folder hold no identity', async ({ page, app }) => {
  const answers: Answer[] = [await invoke(page, 'encrypt:sample', {})]
  await expect(page.getByText('digits-mlp.safetensors').first()).toBeVisible()
  const list = {
    query: '',
    sort: { by: 'alias', descending: false },
    filter: null,
    offset: 0,
    limit: 200,
  }
  for (const [channel, { request }] of forWindow) {
    const fitting = [{}, list, { offset: 0, limit: 200 }].find((each) => request.safeParse(each).success)
    if (fitting !== undefined && channel !== 'program:quit')
      answers.push(await invoke(page, channel, fitting))
  }
  expect(answers.filter((answer) => answer.ok).length).toBeGreaterThan(8)
  expect(JSON.stringify(answers)).not.toContain('AGE-SECRET-KEY')
  await app.close()
  for (const entry of await readdir(app.dataFolder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    expect([path, (await readFile(path)).includes('AGE-SECRET-KEY')]).toEqual([path, false])
  }
})
