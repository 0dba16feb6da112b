import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirm, readSecret } from './read-secret.ts'

const never = new AbortController().signal

const piped = (text: string) => ({
  input: Readable.from(text === '' ? [] : [Buffer.from(text)]),
  prompt: () => undefined,
  interrupted: never,
})

/** A keyboard that tells whether it echoes. */
function keyboard() {
  const shown: string[] = []
  const raw: boolean[] = []
  /** Whether the keyboard echoed when each text was shown. */
  const echoed: boolean[] = []
  const input = Object.assign(new PassThrough(), {
    isTTY: true as const,
    setRawMode: (on: boolean) => {
      raw.push(on)
      return input as never
    },
  })
  const control = new AbortController()
  const prompt = (text: string) => {
    shown.push(text)
    echoed.push(raw.at(-1) !== true)
  }
  return { input, shown, raw, echoed, control, sources: { input, prompt, interrupted: control.signal } }
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-secret-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a secret', () => {
  it.each([
    ['pass\n', 'pass'],
    ['pass', 'pass'],
    ['pass phrase\r\nmore\n', 'pass phrase'],
    ['pässwörd\n', 'pässwörd'],
  ])('is the first line of standard input: %j', async (text, secret) => {
    expect(await readSecret(piped(text), 'Passphrase', undefined)).toBe(secret)
  })

  it.each(['', '\n', 'x'.repeat(4097)])('is refused when it is empty or endless', async (text) => {
    await expect(readSecret(piped(text), 'Passphrase', undefined)).rejects.toMatchObject({
      failure: { code: 'usage/invalid' },
    })
  })

  it('is read from a file descriptor', async () => {
    const path = join(folder, 'secret')
    writeFileSync(path, 'from a file\n')
    const descriptor = String(openSync(path, 'r'))
    expect(await readSecret(piped(''), 'Passphrase', descriptor)).toBe('from a file')
  })

  it('is refused from a descriptor that holds no text, which stays open', async () => {
    const descriptor = openSync(folder, 'r')
    const read = readSecret(piped('x'), 'Passphrase', String(descriptor))
    await expect(read).rejects.toMatchObject({ failure: { code: 'usage/invalid' } })
    expect(fstatSync(descriptor).isDirectory()).toBe(true)
    closeSync(descriptor)
  })

  it.each(['999', 'x', '-1'])('is refused from a file descriptor that is none: %s', async (descriptor) => {
    await expect(readSecret(piped('x'), 'Passphrase', descriptor)).rejects.toMatchObject({
      failure: { code: 'usage/invalid' },
    })
  })

  it('is typed without echo, and can be corrected', async () => {
    const { input, shown, raw, echoed, sources } = keyboard()
    const secret = readSecret(sources, 'Passphrase', undefined)
    input.write('wrong\u0015pasx\u007fs')
    input.write('é\r')
    expect(await secret).toBe('passé')
    expect(shown).toEqual(['Passphrase: ', '\n'])
    expect(echoed).toEqual([false, true])
    expect(raw).toEqual([true, false])
  })

  it.each(['\u0003', null])('is given up with Ctrl-C, and the keyboard is put right', async (key) => {
    const { input, raw, control, sources } = keyboard()
    const secret = readSecret(sources, 'Passphrase', undefined)
    if (key === null) control.abort()
    else input.write(`abc${key}`)
    await expect(secret).rejects.toMatchObject({ failure: { code: 'job/stopped' } })
    expect(raw).toEqual([true, false])
  })
})

describe('a question', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
  ])('is answered at the keyboard: %j', async (typed, answer) => {
    const { input, sources } = keyboard()
    const asked = confirm(sources, 'Sure?')
    input.write(typed)
    expect(await asked).toBe(answer)
  })

  it('is not asked where nobody sits', async () => {
    expect(await confirm(piped('y\n'), 'Sure?')).toBeNull()
  })
})
