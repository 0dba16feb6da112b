import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { KeyId, newId } from '../../../shared/ids.ts'
import { silentKeychain } from '../testing/silent-keychain.ts'
import type { OsKeychainOptions } from './os-keychain.ts'
import { osKeychain } from './os-keychain.ts'

const secret = `AGE-SECRET-KEY-${'Q'.repeat(59)}`
const service = 'Weightlock test'

function start(more: Partial<OsKeychainOptions> = {}) {
  const keychain = silentKeychain()
  const made: string[] = []
  const provider = osKeychain({
    serviceName: service,
    canaryKnown: false,
    onCanaryMade: () => void made.push('canary'),
    platform: 'linux',
    load: async () => keychain.keytar,
    timeoutMs: 10_000,
    backendName: async () => 'GNOME Keyring',
    isLocked: async () => null,
    ...more,
  })
  return { keychain, provider, made, keyId: newId(KeyId) }
}

const codeOf = async (running: Promise<unknown>): Promise<string> => {
  try {
    await running
    return 'no failure'
  } catch (error) {
    return failureOf(error)?.code ?? String(error)
  }
}

describe('the canary', () => {
  it('is made at first start and told once', async () => {
    const { provider, keychain, made } = start()
    await provider.ready()
    await provider.ready()
    expect(keychain.items.has(`${service}/canary`)).toBe(true)
    expect(made).toEqual(['canary'])
    expect(await provider.status()).toMatchObject({ state: 'works', backend: 'GNOME Keyring', remedy: '' })
  })

  it('is not made in a locked keychain', async () => {
    const { provider, keychain, made } = start()
    keychain.lock()
    expect(await codeOf(provider.ready())).toBe('keychain/locked')
    expect(made).toEqual([])
    expect((await provider.status()).state).toBe('locked')
  })

  it('that was made and is gone from a keychain that works means another keychain', async () => {
    const { provider, keychain, keyId } = start({ canaryKnown: true })
    expect(await codeOf(provider.ready())).toBe('keychain/no-canary')
    expect(await codeOf(provider.read(keyId))).toBe('keychain/no-canary')
    expect(await provider.presence(keyId)).toBe('not-here')
    expect(await codeOf(provider.destroy(keyId))).toBe('keychain/no-canary')
    expect(await codeOf(provider.write(keyId, secret))).toBe('keychain/no-canary')
    expect([...keychain.items]).toEqual([])
    await provider.acceptNew()
    expect(await codeOf(provider.read(keyId))).toBe('key/missing-from-keychain')
    await provider.write(keyId, secret)
    expect(await provider.read(keyId)).toBe(secret)
  })

  it('is met, not made again, by a second installation', async () => {
    const { provider, keychain, made } = start()
    keychain.items.set(`${service}/canary`, 'of another')
    await provider.ready()
    expect(keychain.items.get(`${service}/canary`)).toBe('of another')
    expect(made).toEqual(['canary'])
  })
})

describe('an item', () => {
  const isWhole = (held: string) => held.startsWith('AGE-SECRET-KEY-')

  it('is mended where it is missing or damaged, and left where it is whole', async () => {
    const { provider, keychain, keyId } = start()
    const place = `${service}/${keyId}`
    expect(await provider.mend(keyId, secret, isWhole)).toBe(true)
    keychain.items.set(place, 'damaged')
    expect(await provider.mend(keyId, secret, isWhole)).toBe(true)
    expect(keychain.items.get(place)).toBe(secret)
    const { set } = keychain.counts
    expect(await provider.mend(keyId, secret, isWhole)).toBe(false)
    const another = `${secret}Q`
    expect(await codeOf(provider.mend(keyId, another, isWhole))).toBe('key/already-known')
    expect(keychain.counts.set).toBe(set)
    keychain.lock()
    expect(await codeOf(provider.mend(keyId, another, () => false))).toMatch(/^keychain\//)
    keychain.unlock()
    expect(keychain.items.get(place)).toBe(secret)
  })
})

describe('a keychain that is locked', () => {
  it('loses and destroys nothing, and is never taken for an empty one', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    keychain.lock()
    expect(await codeOf(provider.read(keyId))).toBe('keychain/locked')
    expect(await codeOf(provider.presence(keyId))).toBe('keychain/locked')
    expect(await codeOf(provider.destroy(keyId))).toBe('keychain/locked')
    expect(await codeOf(provider.write(keyId, secret))).toBe('keychain/locked')
    expect(await codeOf(provider.readValue('audit head'))).toBe('keychain/locked')
    expect(await codeOf(provider.writeValue('audit head', 'x'))).toBe('keychain/locked')
    expect(await codeOf(provider.deleteValue('audit head'))).toBe('keychain/locked')
    expect(await codeOf(provider.acceptNew())).toBe('keychain/locked')
    expect(keychain.counts.delete).toBe(0)
    keychain.unlock()
    expect(await provider.read(keyId)).toBe(secret)
  })

  it('is not asked to write when the bus says that it is locked: nobody is prompted twice', async () => {
    const { provider, keychain, keyId } = start({ isLocked: async () => true, canaryKnown: true })
    keychain.lock()
    expect(await codeOf(provider.read(keyId))).toBe('keychain/locked')
    expect(keychain.counts.set).toBe(0)
  })

  it('in the middle of a destruction confirms nothing', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    keychain.onCall((call) => call === 'delete' && keychain.lock())
    expect(await codeOf(provider.destroy(keyId))).toBe('keychain/locked')
    keychain.unlock()
    keychain.onCall(() => undefined)
    expect(await provider.read(keyId)).toBe(secret)
    expect(await provider.destroy(keyId)).toEqual({ wasPresent: true })
  })
})

describe('a key', () => {
  it('is written and read back, and written again without harm', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    await provider.write(keyId, secret)
    expect(keychain.items.get(`${service}/${keyId}`)).toBe(secret)
    expect(await provider.presence(keyId)).toBe('present')
  })

  it('never overwrites another secret', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    expect(await codeOf(provider.write(keyId, `${secret}X`))).toBe('key/already-known')
    expect(keychain.items.get(`${service}/${keyId}`)).toBe(secret)
  })

  it('that reads back differently was not stored', async () => {
    const { provider, keychain, keyId } = start()
    await provider.ready()
    const set = keychain.keytar.setPassword
    keychain.keytar.setPassword = (name, account, value) => set(name, account, value.slice(1))
    expect(await codeOf(provider.write(keyId, secret))).toBe('keychain/read-back-mismatch')
  })

  it('is destroyed once, and afterwards found missing', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    expect(await provider.destroy(keyId)).toEqual({ wasPresent: true })
    expect(keychain.items.has(`${service}/${keyId}`)).toBe(false)
    expect(await provider.destroy(keyId)).toEqual({ wasPresent: false })
    expect(await provider.presence(keyId)).toBe('absent')
    expect(await codeOf(provider.read(keyId))).toBe('key/missing-from-keychain')
    expect((await provider.status()).state).toBe('works')
  })

  it('is not called destroyed where the keychain kept it', async () => {
    const { provider, keychain, keyId } = start()
    await provider.write(keyId, secret)
    keychain.keepDeleted(true)
    expect(await codeOf(provider.destroy(keyId))).toBe('keychain/delete-not-confirmed')
  })
})

describe('values of the program', () => {
  it('are replaced, and never mistaken for keys', async () => {
    const { provider } = start()
    expect(await provider.readValue('audit head')).toBeNull()
    await provider.writeValue('audit head', '1')
    await provider.writeValue('audit head', '2')
    expect(await provider.readValue('audit head')).toBe('2')
  })

  it('are deleted, and may be again', async () => {
    const { provider, keychain } = start()
    await provider.writeValue('store secret', 's3cret')
    await provider.deleteValue('store secret')
    await provider.deleteValue('store secret')
    expect(await provider.readValue('store secret')).toBeNull()
    expect(keychain.counts.delete).toBe(1)
  })
})

describe('a keychain that does not answer', () => {
  it.each([
    ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain/unavailable', 'unavailable'],
    [
      'The name org.freedesktop.secrets was not provided by any .service files',
      'keychain/unavailable',
      'unavailable',
    ],
    ['The name :1.1 was not provided by any .service files', 'keychain/unavailable', 'unavailable'],
    ['The session wrapping the secret does not exist', 'keychain/unavailable', 'unavailable'],
    ['Timeout was reached', 'keychain/unavailable', 'unavailable'],
    ['User canceled the operation.', 'keychain/denied', 'denied'],
    ['The user name or passphrase you entered is not correct.', 'keychain/denied', 'denied'],
    ['User interaction is not allowed.', 'keychain/locked', 'locked'],
  ])('with %j is %s', async (message, code, state) => {
    const { provider, keychain, keyId } = start()
    keychain.failWith(message)
    expect(await codeOf(provider.read(keyId))).toBe(code)
    expect(await codeOf(provider.presence(keyId))).toBe(code)
    expect(await codeOf(provider.destroy(keyId))).toBe(code)
    const status = await provider.selfTest()
    expect(status).toMatchObject({ state, writeMs: null })
    expect(status.remedy).not.toBe('')
  })

  it('because its module is missing, says so', async () => {
    const { provider, keyId } = start({ load: () => Promise.reject(new Error('ERR_DLOPEN_FAILED')) })
    const failure = await provider.read(keyId).catch(failureOf)
    expect(failure).toMatchObject({ code: 'keychain/unavailable', detail: expect.stringContaining('module') })
  })

  it('is given up after a while, and nobody waits behind it', async () => {
    const { provider, keychain, keyId } = start({ timeoutMs: 5, canaryKnown: true })
    keychain.items.set(`${service}/canary`, 'x').set(`${service}/${keyId}`, secret)
    keychain.hang(true)
    expect(await codeOf(provider.read(keyId))).toBe('keychain/unavailable')
    const asked = keychain.counts.get
    expect(await codeOf(provider.read(keyId))).toBe('keychain/unavailable')
    expect(keychain.counts.get).toBe(asked)
    keychain.hang(false)
    await new Promise((resolve) => setImmediate(resolve))
    expect(await provider.read(keyId)).toBe(secret)
  })

  it('answers one caller after the other', async () => {
    const { provider, keychain } = start()
    await provider.ready()
    let running = 0
    let most = 0
    const get = keychain.keytar.getPassword
    keychain.keytar.getPassword = async (name, account) => {
      most = Math.max(most, ++running)
      const value = await get(name, account)
      running--
      return value
    }
    const ids = Array.from({ length: 20 }, () => newId(KeyId))
    await Promise.all(ids.map((id) => provider.write(id, secret + id)))
    expect(await Promise.all(ids.map((id) => provider.read(id)))).toEqual(ids.map((id) => secret + id))
    expect(most).toBe(1)
  })
})

describe('the self-test', () => {
  it('writes, reads back, deletes, and leaves only the canary', async () => {
    const { provider, keychain } = start()
    const status = await provider.selfTest()
    expect(status).toMatchObject({ state: 'works', backend: 'GNOME Keyring' })
    for (const took of [status.writeMs, status.readBackMs, status.deleteMs])
      expect(took).toBeGreaterThanOrEqual(0)
    expect([...keychain.items.keys()]).toEqual([`${service}/canary`])
  })

  it('finds a keychain that keeps what it was told to delete', async () => {
    const { provider, keychain } = start()
    keychain.keepDeleted(true)
    expect((await provider.selfTest()).state).toBe('unavailable')
  })
})
