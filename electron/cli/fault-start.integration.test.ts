/** The command line where it cannot go on: each with its own failure and number, in three parts, and nothing lost. */
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { failureText } from '../../shared/failure-text.ts'
import type { Failure } from '../../shared/failure.ts'
import { strayTemporaries } from '../../scripts/test/faults/soundness.ts'
import { hasKeyring } from '../../scripts/test/keyring.ts'
import { openTerminal, type Ended, type RunOptions, type Terminal } from '../../scripts/test/terminal.ts'

type Answer = { ok: boolean; failure?: Failure; value: { failures?: { failure: Failure }[] } }

describe.skipIf(!hasKeyring())('a command that cannot go on', () => {
  let terminal: Terminal
  let bytes: Buffer
  let catalogPath: string
  const said: string[] = []

  const run = async (args: string[], options?: RunOptions): Promise<Ended> => {
    const ended = await terminal.run(args, options)
    said.push(ended.out.toString('latin1'), ended.error)
    return ended
  }
  /** The first command tells people in three parts, the second tells scripts by one object. */
  const refusal = async ([shown, scripted]: [string[], string[]], options?: RunOptions) => {
    const told = await run(shown, options)
    expect(told.code).toBe(1)
    for (const part of ['What happened', 'What is safe', 'What to do']) expect(told.error).toContain(part)
    expect(told.error).not.toMatch(/\bat .*:\d+:\d+/)
    const ended = await run([...scripted, '--json'], options)
    expect(ended.code).toBe(1)
    const { ok, failure, value } = ended.json<Answer>()
    expect(ok).toBe(false)
    expect(strayTemporaries(terminal.folder)).toEqual([])
    const named = failure ?? value.failures?.[0]?.failure
    if (named) expect(told.error).toContain(failureText(named).title)
    return named
  }

  beforeAll(async () => {
    terminal = await openTerminal()
    catalogPath = join(terminal.dataFolder, 'catalog.sqlite')
    bytes = randomBytes(200_000)
    writeFileSync(join(terminal.folder, 'model.bin'), bytes)
    const { code, error } = await run(['encrypt', 'model.bin'])
    if (code !== 0) throw new Error(error)
  })
  afterAll(() => terminal?.stop())
  const both: [string[], string[]] = [
    ['decrypt', 'model.bin', '--to', 'out'],
    ['encrypt', 'new.bin'],
  ]
  const opens = async () => {
    const { code, out } = await run(['decrypt', 'model.bin', '--to', '-'])
    return code === 0 && out.equals(bytes)
  }

  it('because there is no keychain', async () => {
    const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(terminal.folder, 'no-bus')}` }
    writeFileSync(join(terminal.folder, 'new.bin'), 'new')
    expect(await refusal(both, { env })).toMatchObject({ code: 'keychain/unavailable' })
    expect(existsSync(join(terminal.folder, 'out'))).toBe(false)
    expect((await run(['list'], { env })).code).toBe(0)
    expect(await opens()).toBe(true)
  })

  it('because the keychain is locked', async () => {
    await terminal.keyring.lock()
    expect(await refusal(both)).toEqual({ code: 'keychain/locked' })
    await terminal.keyring.unlock()
    expect(readdirSync(terminal.storeFolder)).toEqual(['model.bin.age'])
    expect(await opens()).toBe(true)
  })

  it('because the catalog is of a newer program, also for a rebuild', async () => {
    const good = readFileSync(catalogPath)
    const db = new DatabaseSync(catalogPath)
    db.exec('PRAGMA user_version = 999')
    db.close()
    const either: [string[], string[]] = [['list'], ['rebuild', '--become-owner']]
    expect(await refusal(either)).toMatchObject({ code: 'catalog/newer', found: 999 })
    writeFileSync(catalogPath, good)
    expect(await opens()).toBe(true)
  })

  it('because the catalog is damaged: left as it is, until a rebuild puts it aside and restores what opens', async () => {
    const damaged = randomBytes(30_000)
    writeFileSync(catalogPath, damaged)
    expect(await refusal([['list'], ['encrypt', 'new.bin']])).toMatchObject({ code: 'catalog/damaged' })
    expect(readFileSync(catalogPath).equals(damaged)).toBe(true)
    const rebuilt = await run(['rebuild', '--become-owner', '--json'])
    expect(rebuilt.json()).toMatchObject({ ok: true, value: { outcome: '1 restored, 0 not' } })
    const aside = readdirSync(terminal.dataFolder).filter((name) => name.includes('.set-aside-'))
    expect(aside.map((name) => readFileSync(join(terminal.dataFolder, name)).equals(damaged))).toEqual([true])
    const listed = (await run(['list', '--json'])).json<{ value: { artifacts: ArtifactRow[] } }>()
    expect(listed.value.artifacts).toMatchObject([{ name: 'model.bin', keyState: 'suspended' }])
    expect(await opens()).toBe(true)
  })

  it('tells nobody an identity', () => {
    expect(said.length).toBeGreaterThan(20)
    expect(said.filter((text) => text.includes('AGE-SECRET-KEY-'))).toEqual([])
  })
})
