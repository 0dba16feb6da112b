/**
 * The real provider in a process of its own: libsecret keeps its connection to the bus for the life of a process, so
 * a test with a bus of its own asks a child. One JSON line in (`[method, ...arguments]`), one out.
 * Usage: node keychain-process.ts SERVICE CANARY_KNOWN TIMEOUT_MS
 */
import { createInterface } from 'node:readline'
import { failureOf } from '../../../shared/failure.ts'
import { KeyId } from '../../../shared/ids.ts'
import { osKeychain } from '../providers/os-keychain.ts'

const [serviceName = '', canaryKnown = '', timeoutMs = ''] = process.argv.slice(2)
let canaryMade = false
const provider = osKeychain({
  serviceName,
  canaryKnown: canaryKnown === 'true',
  onCanaryMade: () => {
    canaryMade = true
  },
  platform: process.platform,
  timeoutMs: Number(timeoutMs),
})

const methods: Record<string, (one: string, other: string) => Promise<unknown>> = {
  backend: () => provider.backend(),
  ready: () => provider.ready(),
  status: () => provider.status(),
  selfTest: () => provider.selfTest(),
  acceptNew: () => provider.acceptNew(),
  write: (keyId, secret) => provider.write(KeyId.parse(keyId), secret),
  read: (keyId) => provider.read(KeyId.parse(keyId)),
  presence: (keyId) => provider.presence(KeyId.parse(keyId)),
  destroy: (keyId) => provider.destroy(KeyId.parse(keyId)),
  readValue: (name) => provider.readValue(name),
  writeValue: (name, value) => provider.writeValue(name, value),
  deleteValue: (name) => provider.deleteValue(name),
  canaryMade: async () => canaryMade,
}

for await (const line of createInterface({ input: process.stdin })) {
  const [method = '', one = '', other = ''] = JSON.parse(line) as string[]
  let answer: unknown
  try {
    answer = { value: (await methods[method]?.(one, other)) ?? null }
  } catch (error) {
    answer = { failure: failureOf(error)?.code ?? String(error) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
