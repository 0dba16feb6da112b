/** A key that is gone, against a keyring that is locked: the real one, which shows neither. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasKeyring } from '../../scripts/test/keyring.ts'
import { openTerminal, type Terminal } from '../../scripts/test/terminal.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyRow } from '../../shared/domain/key.ts'
import type { Failure } from '../../shared/failure.ts'

type Told<T> = { ok: boolean; failure?: Failure; value: T }
type Failed = { failures?: { failure: Failure }[] }

let terminal: Terminal
const bytes = randomBytes(100_000)

describe.skipIf(!hasKeyring())('a keyring that is locked', () => {
  beforeAll(async () => {
    terminal = await openTerminal()
    writeFileSync(join(terminal.folder, 'model.bin'), bytes)
    const { code, error } = await terminal.run(['encrypt', 'model.bin'])
    if (code !== 0) throw new Error(error)
  })
  afterAll(() => terminal.stop())

  /** @returns the code of its failure, or null once it is the model again */
  async function opening(): Promise<string | null> {
    const path = join(terminal.folder, 'out.bin')
    const ended = await terminal.run(['decrypt', 'model.bin', '--to', path, '--json'])
    const { failure, value } = ended.json<Told<Failed>>()
    if (ended.code !== 0) {
      expect(existsSync(path)).toBe(false)
      return (failure ?? value.failures?.[0]?.failure)?.code ?? 'no failure'
    }
    expect(readFileSync(path).equals(bytes)).toBe(true)
    rmSync(path)
    return null
  }
  async function isLost(): Promise<[boolean | undefined, boolean | undefined]> {
    const known = (await terminal.run(['keys', 'list', '--json'])).json<Told<{ keys: KeyRow[] }>>().value
    const listed = (await terminal.run(['list', '--json'])).json<Told<{ artifacts: ArtifactRow[] }>>().value
    return [known.keys[0]?.isMissing, listed.artifacts[0]?.isKeyMissing]
  }

  it('makes no key a lost one, and shows all as before when it is open again', async () => {
    expect([await opening(), await isLost()]).toEqual([null, [false, false]])
    await terminal.keyring.restartDaemon(false)
    expect(await opening()).toBe('keychain/locked')
    expect(await isLost()).toEqual([false, false])
    await terminal.keyring.unlock()
    expect([await opening(), await isLost()]).toEqual([null, [false, false]])
  })

  it('while the program runs makes no key a lost one either; one that was removed there is', async () => {
    const [key] = (await terminal.run(['keys', 'list', '--json'])).json<Told<{ keys: KeyRow[] }>>().value.keys
    if (key === undefined) throw new Error('there is no key')
    const secretTool = (verb: string, input = '') =>
      execFileSync('secret-tool', [verb, ...(verb === 'store' ? ['--label', 'key'] : []), ...itemOf(key)], {
        env: { ...process.env, ...terminal.keyring.env },
        input,
        stdio: 'pipe',
      })
    const { child, says, ended } = terminal.start([], { script: watchPath })
    await says('1: here')
    const secret = secretTool('lookup').toString()
    secretTool('clear')
    await says('2: lost')
    secretTool('store', secret)
    await says('3: here')
    await terminal.keyring.lock()
    // Asked three times more, it has told nothing.
    await says('unanswered 3')
    await terminal.keyring.unlock()
    await says('answered again')
    child.kill('SIGTERM')
    const told = (await ended).error.split('\n').filter((line) => /^\d: /.test(line))
    expect(told).toEqual(['1: here', '2: lost', '3: here'])
    expect([await opening(), await isLost()]).toEqual([null, [false, false]])
  }, 20_000)
})

const watchPath = fileURLToPath(new URL('../../scripts/test/watch-lost-keys.ts', import.meta.url))
const itemOf = ({ keyId }: KeyRow) => ['service', 'Weightlock', 'account', keyId]
