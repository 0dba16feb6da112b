/** Calls of the system's keychain: one at a time, bounded in time, what they throw named. */
import type { Failure } from '../../../shared/failure.ts'
import { WeightlockError, fail, failureOf } from '../../../shared/failure.ts'

/** The part of keytar that is used. Never `findCredentials`: on a locked gnome-keyring it crashes the process. */
export type Keytar = {
  /** @returns null for a missing item, and on a locked keyring for every item */
  getPassword: (service: string, account: string) => Promise<string | null>
  setPassword: (service: string, account: string, secret: string) => Promise<void>
  /** @returns false for a missing item, and on a locked keyring for every item */
  deletePassword: (service: string, account: string) => Promise<boolean>
}

export type KeychainCalls = {
  get: (account: string) => Promise<string | null>
  set: (account: string, secret: string) => Promise<void>
  delete: (account: string) => Promise<boolean>
  /** Runs operations of several calls one after the other. */
  exclusively: <T>(operation: () => Promise<T>) => Promise<T>
}

const locked = /locked|interaction is not allowed|prompt.*dismissed/i
/** libsecret stays bound to the daemon that it met first, for the life of the process (seen with 0.20.5). */
const restarted = /the name :\d|session wrapping the secret does not exist/i
const denied =
  /cancel|denied|not allowed|not authori[sz]ed|user name or passphrase you entered is not correct/i

/** What keytar threw, as a failure. Its message never holds a secret: it is the system's own sentence. */
export function keychainFailure(error: unknown): Failure {
  const known = failureOf(error)
  if (known !== null) return known
  const detail = error instanceof Error ? error.message : 'no reason given'
  if (locked.test(detail)) return { code: 'keychain/locked' }
  if (restarted.test(detail))
    return { code: 'keychain/unavailable', detail: 'it was restarted, so Weightlock must be started again' }
  if (denied.test(detail)) return { code: 'keychain/denied' }
  return { code: 'keychain/unavailable', detail }
}

/**
 * @param load the module, which is native and may be missing
 * @param timeoutMs how long a question of the system to its user may stay unanswered
 */
export function keychainCalls(options: {
  load: () => Promise<Keytar>
  service: string
  timeoutMs: number
}): KeychainCalls {
  const { service, timeoutMs } = options
  /** A call that was given up and has not returned: another one would wait behind it. */
  let stuck = false
  let tail: Promise<unknown> = Promise.resolve()

  const bounded = async <T>(call: (keytar: Keytar) => Promise<T>): Promise<T> => {
    if (stuck)
      fail({ code: 'keychain/unavailable', detail: 'an earlier request is still waiting for an answer' })
    const keytar = await options
      .load()
      .catch((error: unknown) =>
        fail({ code: 'keychain/unavailable', detail: 'its module is missing: install again' }, error),
      )
    let timer: NodeJS.Timeout | undefined
    const running = Promise.resolve(keytar).then(call)
    const given = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        stuck = true
        const freed = () => {
          stuck = false
        }
        running.then(freed, freed)
        const detail = `no answer within ${Math.round(timeoutMs / 1000)} s`
        reject(new WeightlockError({ code: 'keychain/unavailable', detail }))
      }, timeoutMs)
    })
    try {
      return await Promise.race([running, given])
    } catch (error) {
      return fail(keychainFailure(error), error)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    get: (account) => bounded((keytar) => keytar.getPassword(service, account)),
    set: (account, secret) => bounded((keytar) => keytar.setPassword(service, account, secret)),
    delete: (account) => bounded((keytar) => keytar.deletePassword(service, account)),
    exclusively: (operation) => {
      const result = tail.then(operation)
      tail = result.catch(() => undefined)
      return result
    },
  }
}
