/** The keychain of macOS and Windows, in the shape that tests know from a keyring of their own. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { TestKeyring } from './keyring.ts'

const onLinuxOnly = () => Promise.reject(new Error('only a keyring of our own, on Linux, can do that'))

/** What the system has, unlocked by the session. Nothing here can lock it or stop it. */
export const systemKeychain = (): TestKeyring => ({
  env: {},
  killDaemon: onLinuxOnly,
  freezeDaemon: () => undefined,
  restartDaemon: onLinuxOnly,
  unlock: onLinuxOnly,
  lock: onLinuxOnly,
  stop: () => Promise.resolve(),
  secretToolLookup: async (service, account) => {
    if (process.platform !== 'darwin') return onLinuxOnly()
    const asked = ['find-generic-password', '-s', service, '-a', account, '-w']
    return promisify(execFile)('security', asked).then(
      ({ stdout }) => stdout.trimEnd(),
      () => null,
    )
  },
})
