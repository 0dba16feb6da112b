import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { base64nopad } from '@scure/base'
import { describe, expect, it, onTestFinished } from 'vitest'
import { generateFileKey } from './file-key.ts'
import { scryptIdentity, workFactorLimit, scryptRecipient } from './scrypt.ts'
import type { Stanza } from './stanza.ts'

const passphrase = new TextEncoder().encode('correct horse')
const fileKey = generateFileKey()

/** Watches the system's scrypt for one test. */
function watchScrypt(): { calls: number; mostAtOnce: number } {
  const seen = { calls: 0, mostAtOnce: 0 }
  const { scrypt } = crypto
  let atOnce = 0
  const watched = (...all: Parameters<typeof scrypt>) => {
    const [secret, salt, length, options, done] = all
    seen.calls += 1
    atOnce += 1
    seen.mostAtOnce = Math.max(seen.mostAtOnce, atOnce)
    scrypt(secret, salt, length, options, (error, key) => {
      atOnce -= 1
      done(error, key)
    })
  }
  const put = (value: unknown) => {
    Object.defineProperty(crypto, 'scrypt', { configurable: true, writable: true, value })
    syncBuiltinESMExports()
  }
  put(watched)
  onTestFinished(() => put(scrypt))
  return seen
}

const asking = (workFactor: string): Stanza => ({
  type: 'scrypt',
  args: [base64nopad.encode(new Uint8Array(16)), workFactor],
  body: new Uint8Array(32),
})

describe('a passphrase', () => {
  it('is tried one at a time, whoever asks, and a failure holds up nobody', async () => {
    const seen = watchScrypt()
    const recipient = scryptRecipient(passphrase, 12)
    const stanzas = await Promise.all([1, 2, 3].map(() => recipient.wrapFileKey(fileKey)))
    const wrong = scryptIdentity(new TextEncoder().encode('wrong'))
    const opened = await Promise.all([
      wrong.unwrapFileKey(stanzas.slice(0, 1)),
      ...stanzas.map((stanza) => scryptIdentity(passphrase).unwrapFileKey([stanza])),
    ])
    expect(opened).toEqual([null, fileKey, fileKey, fileKey])
    expect(seen).toEqual({ calls: 7, mostAtOnce: 1 })
  })

  it('leaves the thread free while it is tried', async () => {
    const stanza = await scryptRecipient(passphrase, 12).wrapFileKey(fileKey)
    const [salt = ''] = stanza.args
    let longestMs = 0
    let last = performance.now()
    let beats = 0
    const beat = setInterval(() => {
      beats += 1
      longestMs = Math.max(longestMs, performance.now() - last)
      last = performance.now()
    }, 1)
    const costly = { ...stanza, args: [salt, '17'] }
    expect(await scryptIdentity(passphrase).unwrapFileKey([costly])).toBeNull()
    clearInterval(beat)
    expect(beats).toBeGreaterThan(3)
    // Generous: the machine runs other tests beside this one.
    expect(longestMs).toBeLessThan(250)
  })

  it.each([workFactorLimit + 1, 30, 62, 2 ** 31])(
    'that asks for 2^%i steps is refused before anything is allocated',
    async (workFactor) => {
      const seen = watchScrypt()
      const before = process.memoryUsage.rss()
      await expect(
        scryptIdentity(passphrase).unwrapFileKey([asking(String(workFactor))]),
      ).rejects.toMatchObject({
        failure: { code: 'age/work-factor-too-high', workFactor, limit: workFactorLimit },
      })
      expect(seen.calls).toBe(0)
      expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20)
    },
  )

  it.each(['0', '-1', '+18', '018', '1e1', ' 18', '18 ', ''])(
    'with a work factor of “%s” is malformed',
    async (text) => {
      const seen = watchScrypt()
      await expect(scryptIdentity(passphrase).unwrapFileKey([asking(text)])).rejects.toMatchObject({
        failure: { code: 'age/header-malformed' },
      })
      expect(seen.calls).toBe(0)
    },
  )
})
