/** A real gnome-keyring for tests: started on a bus of its own, locked and unlocked at will, asked as a user would. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { PrivateKeyring } from '../private-keyring.ts'
import { missingForKeyring, startKeyring } from '../private-keyring.ts'
import { requirePeer } from './require-peer.ts'

const run = promisify(execFile)

export type TestKeyring = PrivateKeyring & {
  lock: () => Promise<void>
  /** What `secret-tool` finds, another program than ours; null for nothing (also while it is locked). */
  secretToolLookup: (service: string, account: string) => Promise<string | null>
}

/** Whether tests with a keyring can run here; says why not. */
export const hasKeyring = (): boolean => {
  const missing = missingForKeyring()
  return requirePeer('keyring', missing.length === 0, `not here: ${missing.join(', ')}`)
}

/** @param options.folder throw-away, of this keyring alone */
export async function startTestKeyring(options: { folder: string }): Promise<TestKeyring> {
  const keyring = await startKeyring(options)
  const env = { ...process.env, ...keyring.env }
  return {
    ...keyring,
    lock: async () => {
      const call = [
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      ]
      const to = ['--session', '--print-reply', '--dest=org.freedesktop.secrets', '/org/freedesktop/secrets']
      await run('dbus-send', [...to, ...call], { env })
    },
    secretToolLookup: async (service, account) => {
      try {
        const { stdout } = await run('secret-tool', ['lookup', 'service', service, 'account', account], {
          env,
        })
        return stdout === '' ? null : stdout
      } catch {
        return null
      }
    },
  }
}
