/** The program as it runs beside a real keyring, for tests: says on standard error whether the first key is lost, each
 * time that it changes, and how its keychain answers. */
import { dirname, join } from 'node:path'
import { openApp } from '../../electron/app.ts'
import { openKeychain } from '../../electron/secrets/registry.ts'
import { terminalBridge } from '../../shared/contract/terminal.ts'

const dataFolder = process.argv.at(-1) ?? ''
const say = (line: string) => void process.stderr.write(`${line}\n`)

/** Once there is an app to ask. */
const told = Promise.withResolvers<() => Promise<void>>()
let unanswered = 0
let [last, changes]: [boolean | null, number] = [null, 0]
const keychain = openKeychain({
  serviceName: 'Weightlock',
  canaryKnown: true,
  onCanaryMade: () => undefined,
  platform: process.platform,
})
const app = await openApp({
  host: null,
  dataFolder,
  workers: {
    payload: new URL('../../electron/payload-worker.ts', import.meta.url),
    catalog: new URL('../../electron/catalog-worker.ts', import.meta.url),
  },
  assetsFolder: join(dirname(dataFolder), 'assets'),
  unhardened: [],
  lostKeyPace: { delayMs: 0, betweenMs: 0, againMs: 20, nextMs: 20 },
  substitutes: {
    secrets: {
      ...keychain,
      presence: async (keyId) => {
        try {
          const found = await keychain.presence(keyId)
          if (unanswered > 0) say('answered again')
          unanswered = 0
          return found
        } catch (error) {
          say(`unanswered ${(unanswered += 1)}`)
          throw error
        } finally {
          await told.promise.then((tell) => tell())
        }
      },
    },
  },
})
const { invoke } = terminalBridge(app.terminal())

async function tell(): Promise<void> {
  const sort = { by: 'name', descending: false } as const
  const listed = await invoke('keys:list', { query: '', filter: 'all', sort, offset: 0, limit: 1 })
  const now = listed.ok ? (listed.value.rows[0]?.isMissing ?? null) : null
  if (now === last || now === null) return
  last = now
  say(`${(changes += 1)}: ${now ? 'lost' : 'here'}`)
}
told.resolve(tell)
process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)))
setInterval(() => undefined, 60_000)
