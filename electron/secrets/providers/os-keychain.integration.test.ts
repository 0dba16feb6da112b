/** The provider on a real gnome-keyring: unlocked, locked, gone, replaced, killed, stopped; and with no bus at all. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { TestKeyring } from '../../../scripts/test/keyring.ts'
import { hasKeyring, startTestKeyring } from '../../../scripts/test/keyring.ts'
import { KeyId, newId } from '../../../shared/ids.ts'

const secret = `AGE-SECRET-KEY-${'Q'.repeat(59)}`
const program = fileURLToPath(new URL('../testing/keychain-process.ts', import.meta.url))

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-keyring-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

async function keyringOfTest(): Promise<TestKeyring> {
  const keyring = await startTestKeyring({ folder: folderOfTest() })
  onTestFinished(() => keyring.stop())
  return keyring
}

type Answer = { value?: unknown; failure?: string }

/** The provider, in a process with this environment. */
function providerIn(env: Record<string, string>, service: string, canaryKnown = false, timeoutMs = 20_000) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(DBUS_|XDG_|DISPLAY|WAYLAND)/.test(name),
  )
  const child = spawn(process.execPath, [program, service, String(canaryKnown), String(timeoutMs)], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  return async (...call: string[]): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(call)}\n`)
    const [line] = (await once(lines, 'line')) as [string]
    return JSON.parse(line) as Answer
  }
}

const serviceOfTest = () => `Weightlock test ${newId(KeyId)}`

describe.runIf(hasKeyring())('on a real keyring', () => {
  it('writes, reads back, destroys, and another program sees the same', async () => {
    const [keyring, service, keyId] = [await keyringOfTest(), serviceOfTest(), newId(KeyId)]
    const ask = providerIn(keyring.env, service)
    expect(await ask('ready')).toEqual({ value: null })
    expect(await ask('canaryMade')).toEqual({ value: true })
    expect(await ask('backend')).toEqual({ value: 'GNOME Keyring' })
    expect(await ask('presence', keyId)).toEqual({ value: 'absent' })
    expect(await ask('write', keyId, secret)).toEqual({ value: null })
    expect(await keyring.secretToolLookup(service, keyId)).toBe(secret)
    expect(await ask('write', keyId, 'another')).toEqual({ failure: 'key/already-known' })
    expect(await ask('read', keyId)).toEqual({ value: secret })
    expect(await ask('destroy', keyId)).toEqual({ value: { wasPresent: true } })
    expect(await keyring.secretToolLookup(service, keyId)).toBeNull()
    expect(await ask('destroy', keyId)).toEqual({ value: { wasPresent: false } })
    expect(await ask('read', keyId)).toEqual({ failure: 'key/missing-from-keychain' })
    expect((await ask('selfTest')).value).toMatchObject({ state: 'works', backend: 'GNOME Keyring' })
  })

  it('that is locked loses nothing, and nothing is called missing or destroyed', async () => {
    const [keyring, service, keyId] = [await keyringOfTest(), serviceOfTest(), newId(KeyId)]
    const ask = providerIn(keyring.env, service)
    await ask('write', keyId, secret)
    await keyring.lock()
    for (const provider of [ask, providerIn(keyring.env, service), providerIn(keyring.env, service, true)]) {
      expect(await provider('read', keyId)).toEqual({ failure: 'keychain/locked' })
      expect(await provider('presence', keyId)).toEqual({ failure: 'keychain/locked' })
      expect(await provider('destroy', keyId)).toEqual({ failure: 'keychain/locked' })
      expect(await provider('write', newId(KeyId), secret)).toEqual({ failure: 'keychain/locked' })
      expect(await provider('acceptNew')).toEqual({ failure: 'keychain/locked' })
      expect((await provider('selfTest')).value).toMatchObject({ state: 'locked' })
    }
    await keyring.unlock()
    expect(await ask('read', keyId)).toEqual({ value: secret })
    expect(await keyring.secretToolLookup(service, keyId)).toBe(secret)
    expect((await ask('status')).value).toMatchObject({ state: 'works' })
  })

  it('whose daemon is killed is out of reach; a new one is locked, then has everything', async () => {
    const [keyring, service, keyId] = [await keyringOfTest(), serviceOfTest(), newId(KeyId)]
    const ask = providerIn(keyring.env, service)
    await ask('write', keyId, secret)
    await keyring.killDaemon()
    const outOfReach = async () => {
      for (const method of ['read', 'presence', 'destroy'])
        expect(await ask(method, keyId)).toEqual({ failure: 'keychain/unavailable' })
      expect(await ask('write', newId(KeyId), secret)).toEqual({ failure: 'keychain/unavailable' })
    }
    await outOfReach()
    await keyring.restartDaemon(false)
    // libsecret does not find the new daemon in this process; nothing is taken for missing meanwhile.
    await outOfReach()
    const again = providerIn(keyring.env, service, true)
    expect(await again('read', keyId)).toEqual({ failure: 'keychain/locked' })
    expect(await again('destroy', keyId)).toEqual({ failure: 'keychain/locked' })
    await keyring.unlock()
    expect(await again('read', keyId)).toEqual({ value: secret })
  })

  it('that does not answer is given up, and nothing is called missing', async () => {
    const [keyring, service, keyId] = [await keyringOfTest(), serviceOfTest(), newId(KeyId)]
    const ask = providerIn(keyring.env, service, false, 3000)
    await ask('write', keyId, secret)
    keyring.freezeDaemon(true)
    expect(await ask('read', keyId)).toEqual({ failure: 'keychain/unavailable' })
    expect(await ask('presence', keyId)).toEqual({ failure: 'keychain/unavailable' })
    keyring.freezeDaemon(false)
    const again = providerIn(keyring.env, service, true)
    expect(await again('read', keyId)).toEqual({ value: secret })
  })

  it('that is another one than before has no key of ours, and says so', async () => {
    const [service, keyId] = [serviceOfTest(), newId(KeyId)]
    const ask = providerIn((await keyringOfTest()).env, service, true)
    expect(await ask('ready')).toEqual({ failure: 'keychain/no-canary' })
    expect(await ask('presence', keyId)).toEqual({ value: 'not-here' })
    expect(await ask('destroy', keyId)).toEqual({ failure: 'keychain/no-canary' })
    expect((await ask('selfTest')).value).toMatchObject({ state: 'new-keychain' })
    expect(await ask('acceptNew')).toEqual({ value: null })
    expect(await ask('write', keyId, secret)).toEqual({ value: null })
    expect((await ask('selfTest')).value).toMatchObject({ state: 'works' })
  })

  it('keeps many keys apart from each other', async () => {
    const [keyring, service] = [await keyringOfTest(), serviceOfTest()]
    const ask = providerIn(keyring.env, service)
    const ids = Array.from({ length: 30 }, () => newId(KeyId))
    for (const keyId of ids) await ask('write', keyId, `${secret} ${keyId}`)
    expect(await ask('destroy', ids[0] ?? '')).toEqual({ value: { wasPresent: true } })
    for (const keyId of ids.slice(1))
      expect(await ask('read', keyId)).toEqual({ value: `${secret} ${keyId}` })
  })
})

describe.runIf(process.platform === 'linux')('without a bus', () => {
  it('says that the keychain is out of reach, for every operation', async () => {
    const nowhere = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folderOfTest(), 'none')}` }
    for (const env of [nowhere, { XDG_RUNTIME_DIR: folderOfTest() }]) {
      const ask = providerIn(env, serviceOfTest(), true)
      const keyId = newId(KeyId)
      expect(await ask('ready')).toEqual({ failure: 'keychain/unavailable' })
      expect(await ask('write', keyId, secret)).toEqual({ failure: 'keychain/unavailable' })
      expect(await ask('read', keyId)).toEqual({ failure: 'keychain/unavailable' })
      expect(await ask('presence', keyId)).toEqual({ failure: 'keychain/unavailable' })
      expect(await ask('destroy', keyId)).toEqual({ failure: 'keychain/unavailable' })
      expect((await ask('selfTest')).value).toMatchObject({ state: 'unavailable', backend: 'Secret Service' })
    }
  })
})
