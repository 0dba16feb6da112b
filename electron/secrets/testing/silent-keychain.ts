/** A keychain in memory with the silences of the real one, as seen with keytar 7.9.0 on gnome-keyring. */
import type { Keytar } from '../providers/keychain-calls.ts'

export type SilentKeychain = {
  keytar: Keytar
  /** By `service/account`. */
  items: Map<string, string>
  /** How often each function was called. */
  counts: { get: number; set: number; delete: number }
  /** Reads say null, deletes say false, as for a missing item; writes throw. */
  lock: () => void
  unlock: () => void
  /** Another, empty keychain in its place. */
  replace: () => void
  /** Every call throws this, until null. */
  failWith: (message: string | null) => void
  /** Calls never settle while true: a prompt that nobody answers. What waited is answered when it ends. */
  hang: (on: boolean) => void
  /** Deletes say that they worked, and did not. */
  keepDeleted: (on: boolean) => void
  /** Called before every call with its name: `get`, `set` or `delete`. */
  onCall: (listener: (call: 'get' | 'set' | 'delete', account: string) => void) => void
}

export function silentKeychain(): SilentKeychain {
  const items = new Map<string, string>()
  const counts = { get: 0, set: 0, delete: 0 }
  let isLocked = false
  let message: string | null = null
  let keepsDeleted = false
  let hanging: PromiseWithResolvers<void> | null = null
  let listen: (call: 'get' | 'set' | 'delete', account: string) => void = () => undefined

  const enter = async (call: 'get' | 'set' | 'delete', account: string) => {
    counts[call]++
    listen(call, account)
    await hanging?.promise
    if (message !== null) throw new Error(message)
  }
  return {
    keytar: {
      getPassword: async (service, account) => {
        await enter('get', account)
        return isLocked ? null : (items.get(`${service}/${account}`) ?? null)
      },
      setPassword: async (service, account, secret) => {
        await enter('set', account)
        if (isLocked) throw new Error('Cannot create an item in a locked collection')
        items.set(`${service}/${account}`, secret)
      },
      deletePassword: async (service, account) => {
        await enter('delete', account)
        if (isLocked) return false
        return keepsDeleted ? items.has(`${service}/${account}`) : items.delete(`${service}/${account}`)
      },
    },
    items,
    counts,
    lock: () => {
      isLocked = true
    },
    unlock: () => {
      isLocked = false
    },
    replace: () => items.clear(),
    failWith: (given) => {
      message = given
    },
    hang: (on) => {
      if (on) hanging = Promise.withResolvers()
      else hanging?.resolve()
      if (!on) hanging = null
    },
    keepDeleted: (on) => {
      keepsDeleted = on
    },
    onCall: (listener) => {
      listen = listener
    },
  }
}
