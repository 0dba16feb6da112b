/** What a page could try if it were taken over: every channel, with what does not belong there. */
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { contract, type Response } from '../../shared/contract/contract.ts'
import { newId, PathToken } from '../../shared/ids.ts'
import { dropFiles, expect, test } from '../fixtures/app.ts'
import { call, type Call, invoke, invokeAll } from '../pages/calls.ts'
import { settled } from '../pages/window.ts'

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
