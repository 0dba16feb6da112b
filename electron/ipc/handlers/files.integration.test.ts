/** What a page may do with the paths that it was given, and what it may look for. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Channel, Request, Response } from '../../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { Result } from '../../../shared/failure.ts'
import type { PathToken } from '../../../shared/ids.ts'
import { openHouse, settled, stored, type House } from '../../../scripts/test/faults/house.ts'
import { stubHost } from '../../../scripts/test/stub-host.ts'

let house: House
let model: ArtifactRow
beforeAll(async () => {
  house = await openHouse()
  model = await stored(house, house.input('model.bin', 'weights'))
  mkdirSync(house.at('home', 'folder'), { recursive: true })
  house.input('home/secret.txt', 'of the user')
  house.input('home/folder/inner.txt', 'of the user')
  vi.stubEnv('HOME', house.at('home'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await house.stop()
})

/** As the page does. */
const asked = async <C extends Channel>(channel: C, request: Request<C>) =>
  (await house.app().calls.invoke(channel, request)) as Result<Response<C>>
const codeOf = async (answer: Promise<Result<unknown>>): Promise<string> => {
  const result = await answer
  return result.ok ? 'ok' : result.failure.code
}
async function told<C extends Channel>(channel: C, request: Request<C>): Promise<Response<C>> {
  const result = await asked(channel, request)
  if (!result.ok) throw new Error(`${channel}: ${result.failure.code}`)
  return result.value
}

describe('the in-app picker', () => {
  it.each([
    ['where the system has dialogs of its own', stubHost({ kind: 'electron', nativeDialogs: true })],
    ['where there is no window', null],
  ])('is refused %s, whatever it is asked for', async (_, host) => {
    await house.reopen({ host })
    const given = house.app().calls.mintPathToken(house.at('home'))
    for (const at of [null, given])
      for (const purpose of ['read', 'write-into', 'store'] as const)
        expect(await codeOf(asked('files:browse', { at, files: true, purpose }))).toBe('host/unsupported')
  })

  it('is there where the host has no dialogs', async () => {
    await house.reopen({ host: stubHost({}) })
    const home = await told('files:browse', { at: null, files: true, purpose: 'read' })
    expect(home.path).toBe(house.at('home'))
    expect(home.entries.map(({ name }) => name)).toEqual(['folder', 'secret.txt'])
  })
})

/** Everything that takes a path, with that token. @returns how each answered */
async function uses(token: PathToken) {
  const source = { token }
  const settings = { storeId: null, algorithm: null, original: 'keep', opaqueNames: false } as const
  const item = { sources: [source], name: 'stolen', separate: true, leaveOutHidden: false }
  const started = await asked('encrypt:start', { items: [item], ...settings })
  if (started.ok)
    for (const jobId of started.value.jobIds) {
      await settled(house, jobId)
      await house.call('jobs:dismiss', { jobIds: [jobId] })
    }
  const opening = { source, identity: null, passphrase: null, target: source, unpack: false }
  const storeOf = {
    name: 'a store',
    kind: 'local-folder',
    settings: {},
    paths: { path: source },
    secrets: {},
  }
  const exporting = { keyId: model.keyId, target: source, understood: true } as const
  const decrypting = { artifactId: model.artifactId, version: null, target: source, unpack: false }
  return {
    encrypt: started.ok ? (started.value.refused[0]?.failure.code ?? 'ok') : started.failure.code,
    inspect: await codeOf(
      asked('encrypt:inspect', { sources: [source], storeId: null, folder: '', groupShards: false }),
    ),
    show: await codeOf(asked('age-file:show', { source })),
    open: await codeOf(asked('decrypt:age-file', opening)),
    import: await codeOf(asked('keys:import', { source, passphrase: null, reverseDestroyed: null })),
    export: await codeOf(asked('keys:export', exporting)),
    'audit-export': await codeOf(asked('audit:export', { target: source })),
    decrypt: await codeOf(asked('decrypt:start', decrypting)),
    store: await codeOf(asked('stores:add', storeOf)),
    'name-in': await codeOf(asked('files:name-in', { folder: token, name: 'new' })),
  }
}

/** What is possible with a token, by its purpose. Everything else does not know it. */
async function possible(token: PathToken): Promise<string[]> {
  const answers = Object.entries(await uses(token))
  return answers.flatMap(([use, code]) => (code === 'file/token-unknown' ? [] : [use]))
}

/** `open` reads its source before it looks at its target. */
const reading = ['encrypt', 'inspect', 'show', 'open', 'import']
const writing = ['export', 'audit-export', 'decrypt']

describe('a path that the page was given', () => {
  let made = 0
  const fresh = () => join(house.at('home'), `new-${(made += 1)}`)
  beforeEach(async () => {
    const folder = house.at('home', 'folder')
    const host = stubHost({
      nativeDialogs: true,
      kind: 'electron',
      chooseToOpen: async (what) => [what === 'folder' ? folder : house.at('home', 'secret.txt')],
      chooseTarget: async () => fresh(),
    })
    await house.reopen({ host })
  })
  const chosen = async (what: Request<'files:choose'>['what']) => {
    const { chosen: all } = await told('files:choose', { what })
    return possible(all[0]?.token ?? ('' as PathToken))
  }

  it('by a drop, or to be read, is only read', async () => {
    expect(await possible(house.app().calls.mintPathToken(house.at('home', 'secret.txt')))).toEqual(reading)
    for (const what of ['files', 'folder', 'age-file', 'identity'] as const)
      expect([what, await chosen(what)]).toEqual([what, reading])
    expect(readdirSync(house.at('home')).toSorted()).toEqual(['folder', 'secret.txt'])
  })

  it('to be read is no target, also of what was read from it', async () => {
    const source = { token: house.app().calls.mintPathToken(model.location) }
    const opening = { source, identity: null, passphrase: null, target: source, unpack: false }
    expect(await codeOf(asked('decrypt:age-file', opening))).toBe('file/token-unknown')
  })

  it('to be written is only written', async () => {
    const { chosen: target } = await told('files:choose-target', { suggestedName: 'x', what: 'file' })
    if (target === null) throw new Error('nothing was chosen')
    expect(await possible(target.token)).toEqual(writing)
    expect(existsSync(target.path)).toBe(true)
  })

  it('as a folder to write into gives names in it, which are only written', async () => {
    expect(await chosen('target-folder')).toEqual(['name-in'])
    const { chosen: folders } = await told('files:choose', { what: 'target-folder' })
    const [folder] = folders
    if (folder === undefined) throw new Error('nothing was chosen')
    const { token } = await told('files:name-in', { folder: folder.token, name: 'named' })
    expect(await possible(token)).toEqual(writing)
  })

  it('as the folder of a store is that', async () => {
    expect(await chosen('store-folder')).toEqual(['store'])
    const { storeId } =
      (await house.call('stores:list', {})).stores.find(({ name }) => name === 'a store') ?? {}
    if (storeId !== undefined) await house.call('stores:remove', { storeId })
  })

  it('in the in-app picker serves what was looked for, and leads on to that alone', async () => {
    await house.reopen({ host: stubHost({}) })
    const expected = { read: reading, 'write-into': ['name-in'], store: ['store'] }
    for (const purpose of ['read', 'write-into', 'store'] as const) {
      const home = await told('files:browse', { at: null, files: true, purpose })
      const tokens = [home.token, home.parent, ...home.entries.map(({ token }) => token)]
      for (const token of tokens) {
        if (token === null) throw new Error('the home folder has a parent')
        const others = (['read', 'write-into', 'store'] as const).filter((other) => other !== purpose)
        for (const other of others)
          expect(await codeOf(asked('files:browse', { at: token, files: true, purpose: other }))).toBe(
            'file/token-unknown',
          )
      }
      const folder = home.entries.find(({ isFolder }) => isFolder)
      expect([purpose, await possible(folder?.token ?? home.token)]).toEqual([purpose, expected[purpose]])
    }
  })
})
