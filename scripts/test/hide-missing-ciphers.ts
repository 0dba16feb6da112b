/**
 * Makes `node:crypto` refuse every cipher that Electron's BoringSSL lacks, so that a slip fails here and
 * not at a user's desk. Loaded before every test that runs in plain Node.
 * @see docs/decisions for why: electron#24024
 */
import { createRequire, syncBuiltinESMExports } from 'node:module'

const crypto: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto')
const allowed = /^aes-?(128|192|256)-(cbc|cfb|ctr|ecb|gcm|ofb)$/i

/** True where Electron's `node:crypto` has this cipher.
 * @param name as given to `createCipheriv` */
export const electronHasCipher = (name: string): boolean => allowed.test(name)

for (const method of ['createCipheriv', 'createDecipheriv'] as const) {
  const original = crypto[method]
  Object.defineProperty(crypto, method, {
    configurable: true,
    writable: true,
    value: (name: string, ...rest: unknown[]) => {
      if (!electronHasCipher(name)) throw new Error(`Unknown cipher: ${name} (Electron does not have it)`)
      return Reflect.apply(original, crypto, [name, ...rest])
    },
  })
}
const listed = crypto.getCiphers().filter(electronHasCipher)
Object.defineProperty(crypto, 'getCiphers', { configurable: true, writable: true, value: () => listed })
syncBuiltinESMExports()
