/**
 * The operating system's keychain through keytar (cryptography.md, section 3): one item per key, account = key id.
 *
 * A locked keyring answers exactly like an empty one. So a canary item is read before and after every empty answer:
 * only between two canaries is empty *empty*. Without canary nothing is called lost, and nothing is deleted.
 */
import { randomUUID } from 'node:crypto'
import type { KeychainStatus } from '../../../shared/domain/keychain.ts'
import { fail, failureOf } from '../../../shared/failure.ts'
import type { SecretsProvider } from '../provider.ts'
import type { KeychainCalls, Keytar } from './keychain-calls.ts'
import { keychainCalls } from './keychain-calls.ts'
import { remedyOf, stateOf } from './keychain-status.ts'
import { isSecretServiceLocked, secretServiceName } from './secret-service.ts'

export type OsKeychainOptions = {
  /** `Weightlock`; another one for tests and for data folders of their own. */
  serviceName: string
  /** Whether this installation ever made or met the canary: then its absence means another keychain. */
  canaryKnown: boolean
  /** Called once it was made or met; to be remembered before the first key is written. */
  onCanaryMade: () => void | Promise<void>
  platform: string
  /** Injected in tests. */
  load?: () => Promise<Keytar>
  timeoutMs?: number
  backendName?: () => Promise<string>
  isLocked?: () => Promise<boolean | null>
}

const canaryAccount = 'canary'
const unansweredPromptMs = 60_000

export function osKeychain(options: OsKeychainOptions): SecretsProvider {
  const { platform } = options
  const calls = keychainCalls({
    load: options.load ?? loadKeytar,
    service: options.serviceName,
    timeoutMs: options.timeoutMs ?? unansweredPromptMs,
  })
  const isLocked = options.isLocked ?? (platform === 'linux' ? isSecretServiceLocked : async () => null)
  let canaryKnown = options.canaryKnown
  let backend: string | null = null
  let last: Omit<KeychainStatus, 'backend'> = {
    state: 'untested',
    testedAt: null,
    writeMs: null,
    readBackMs: null,
    deleteMs: null,
    remedy: '',
  }

  const backendName = async () => {
    if (platform === 'darwin') return 'macOS Keychain'
    if (platform === 'win32') return 'Windows Credential Manager'
    backend ??= await (options.backendName ?? secretServiceName)()
    return backend
  }

  /** One operation at a time; how it ended is what `status` tells. */
  const operate = <T>(operation: () => Promise<T>): Promise<T> =>
    calls.exclusively(async () => {
      try {
        const value = await operation()
        last = { ...last, state: 'works', remedy: '' }
        return value
      } catch (error) {
        const state = stateOf(failureOf(error))
        if (state !== null) last = { ...last, state, remedy: remedyOf(state, platform) }
        throw error
      }
    })

  const makeCanary = async () => {
    await calls.set(canaryAccount, randomUUID())
    // Another data folder may make it at the same moment: whose it is does not matter, that it is there does.
    if ((await calls.get(canaryAccount)) === null) fail({ code: 'keychain/read-back-mismatch' })
    await rememberCanary()
  }
  const rememberCanary = async () => {
    if (!canaryKnown) await options.onCanaryMade()
    canaryKnown = true
  }

  /** @throws unless the keychain answers and is the one that this installation knows */
  const requireCanary = async (): Promise<void> => {
    if ((await calls.get(canaryAccount)) !== null) return rememberCanary()
    if ((await isLocked()) === true) fail({ code: 'keychain/locked' })
    if (!canaryKnown) return makeCanary()
    await tryOut(calls)
    // It takes and gives; so the canary, looked for once more, is really missing.
    if ((await calls.get(canaryAccount)) === null) fail({ code: 'keychain/no-canary' })
  }

  /** An empty answer counts only between two canaries. */
  const readBetweenCanaries = async (account: string): Promise<string | null> => {
    const first = await calls.get(account)
    if (first !== null) return first
    await requireCanary()
    const second = await calls.get(account)
    if (second !== null) return second
    await requireCanary()
    return null
  }

  const writeAndReadBack = async (account: string, secret: string) => {
    await calls.set(account, secret)
    if ((await calls.get(account)) !== secret) fail({ code: 'keychain/read-back-mismatch' })
  }

  return {
    backend: backendName,
    ready: () => operate(requireCanary),
    status: async () => ({ ...last, backend: await backendName() }),
    selfTest: async () => {
      const testedAt = Date.now()
      backend = null
      try {
        const times = await operate(async () => {
          await requireCanary()
          return tryOut(calls)
        })
        last = { ...last, ...times, testedAt }
      } catch (error) {
        if (failureOf(error) === null) throw error
        last = { ...last, testedAt, writeMs: null, readBackMs: null, deleteMs: null }
      }
      return { ...last, backend: await backendName() }
    },
    acceptNew: () =>
      operate(async () => {
        if ((await calls.get(canaryAccount)) !== null) return
        if ((await isLocked()) === true) fail({ code: 'keychain/locked' })
        await tryOut(calls)
        if ((await calls.get(canaryAccount)) === null) await makeCanary()
      }),
    write: (keyId, secret) =>
      operate(async () => {
        const held = await readBetweenCanaries(keyId)
        if (held === secret) return
        if (held !== null) fail({ code: 'key/already-known', keyId })
        await writeAndReadBack(keyId, secret)
      }),
    mend: (keyId, secret, isWhole) =>
      operate(async () => {
        const held = await readBetweenCanaries(keyId)
        if (held === secret) return false
        if (held !== null && isWhole(held)) fail({ code: 'key/already-known', keyId })
        await writeAndReadBack(keyId, secret)
        return true
      }),
    read: (keyId) =>
      operate(
        async () => (await readBetweenCanaries(keyId)) ?? fail({ code: 'key/missing-from-keychain', keyId }),
      ),
    presence: (keyId) =>
      operate(async () => {
        try {
          return (await readBetweenCanaries(keyId)) === null ? 'absent' : 'present'
        } catch (error) {
          if (failureOf(error)?.code === 'keychain/no-canary') return 'not-here'
          throw error
        }
      }),
    destroy: (keyId) =>
      operate(async () => {
        const wasPresent = (await readBetweenCanaries(keyId)) !== null
        if (!wasPresent) return { wasPresent }
        await calls.delete(keyId)
        if ((await readBetweenCanaries(keyId)) !== null)
          fail({ code: 'keychain/delete-not-confirmed', keyId })
        return { wasPresent }
      }),
    readValue: (name) => operate(() => readBetweenCanaries(valueAccount(name))),
    writeValue: (name, value) =>
      operate(async () => {
        await requireCanary()
        await writeAndReadBack(valueAccount(name), value)
      }),
    deleteValue: (name) =>
      operate(async () => {
        const account = valueAccount(name)
        if ((await readBetweenCanaries(account)) === null) return
        await calls.delete(account)
        if ((await readBetweenCanaries(account)) !== null) fail({ code: 'keychain/read-back-mismatch' })
      }),
  }
}

/** Native, and perhaps missing: loaded when it is first needed. A CommonJS module, whose names Node does not all see. */
async function loadKeytar(): Promise<Keytar> {
  const loaded: Keytar & { default?: Keytar } = await import('keytar')
  return loaded.default ?? loaded
}

/** Never a key id: those have no space. */
const valueAccount = (name: string): string => `value ${name}`

/** Writes, reads back and deletes a throw-away item.
 * @throws keychain/… unless all three did what they say */
async function tryOut(calls: KeychainCalls) {
  const account = `test ${randomUUID()}`
  const secret = randomUUID()
  const startedAt = performance.now()
  await calls.set(account, secret)
  const writtenAt = performance.now()
  const found = await calls.get(account)
  const readAt = performance.now()
  await calls.delete(account)
  const deletedAt = performance.now()
  if (found !== secret || (await calls.get(account)) !== null) fail({ code: 'keychain/read-back-mismatch' })
  return { writeMs: writtenAt - startedAt, readBackMs: readAt - writtenAt, deleteMs: deletedAt - readAt }
}
