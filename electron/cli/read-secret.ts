/** What must not be echoed: from a file descriptor, from standard input, or typed at a prompt. Never an argument. */
import { createReadStream, fstatSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { fail } from '../../shared/failure.ts'

/** As `TypedSecret` of the contract. */
const longest = 4096

export type SecretSources = {
  input: Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>
  /** Where the prompt goes. */
  prompt: (text: string) => void
  interrupted: AbortSignal
}

const usage = (detail: string): never => fail({ code: 'usage/invalid', detail })

/** The first line, without its end. */
async function firstLine(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    chunks.push(bytes)
    sizeBytes += bytes.byteLength
    if (bytes.includes(0x0a) || sizeBytes > 2 * longest) break
  }
  return Buffer.concat(chunks).toString('utf8').split(/\r?\n/, 1)[0] ?? ''
}

function descriptorOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) return usage('the option takes the number of an open file descriptor')
  return Number(text)
}

/** A number that nobody opened may be one of the runtime's own: closing that ends the process. */
function holdsText(fd: number): boolean {
  const found = fstatSync(fd)
  return found.isFile() || found.isFIFO() || found.isSocket() || found.isCharacterDevice()
}

async function fromDescriptor(text: string): Promise<string> {
  const fd = descriptorOf(text)
  try {
    if (!holdsText(fd)) throw new Error('not a file, pipe or terminal')
    return await firstLine(createReadStream('', { fd, autoClose: fd > 2 }))
  } catch {
    return usage(`nothing can be read from file descriptor ${fd}`)
  }
}

const keys = { ctrlC: '\u0003', ctrlD: '\u0004', ctrlU: '\u0015', backspace: '\u007f', ctrlH: '\b' } as const

/** Reads a line key by key, showing none. Echo is off before anybody is asked: fast fingers would show otherwise. */
function typed({ input, interrupted, prompt }: SecretSources, question: string): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>()
  let letters: string[] = []
  const press = (key: string): boolean => {
    if (key === '\r' || key === '\n' || key === keys.ctrlD) resolve(letters.join(''))
    else if (key === keys.ctrlC) resolve(null)
    else if (key === keys.backspace || key === keys.ctrlH) letters.pop()
    else if (key === keys.ctrlU) letters = []
    else if (key >= ' ') letters.push(key)
    return key !== '\r' && key !== '\n' && key !== keys.ctrlD && key !== keys.ctrlC
  }
  const onData = (chunk: Buffer) => {
    for (const key of chunk.toString('utf8')) if (!press(key)) return
  }
  const onStop = () => resolve(null)
  input.setRawMode?.(true)
  prompt(`${question}: `)
  input.on('data', onData)
  input.once('end', onStop)
  interrupted.addEventListener('abort', onStop, { once: true })
  input.resume()
  return promise.finally(() => {
    input.off('data', onData)
    input.off('end', onStop)
    interrupted.removeEventListener('abort', onStop)
    input.setRawMode?.(false)
    input.pause()
    prompt('\n')
  })
}

/**
 * @param question shown on a terminal, `Passphrase`
 * @param descriptor what `--passphrase-fd` says
 * @throws usage/invalid where there is nothing to read, job/stopped on Ctrl-C
 */
export async function readSecret(
  sources: SecretSources,
  question: string,
  descriptor: string | undefined,
): Promise<string> {
  let secret: string | null
  if (descriptor !== undefined) secret = await fromDescriptor(descriptor)
  else if (sources.input.isTTY === true) secret = await typed(sources, question)
  else secret = await firstLine(sources.input)
  if (secret === null) return fail({ code: 'job/stopped' })
  const what = question.toLowerCase()
  if (secret === '')
    return usage(`a ${what} is needed: on standard input, or with --${what.replaceAll(' ', '-')}-fd N`)
  if (secret.length > longest) return usage(`a ${what} has at most ${longest} characters`)
  return secret
}

/** A yes or no; null where nobody sits at the keyboard. */
export async function confirm(sources: SecretSources, question: string): Promise<boolean | null> {
  if (sources.input.isTTY !== true) return null
  sources.prompt(`${question} [y/N] `)
  const { promise, resolve } = Promise.withResolvers<string | null>()
  const onData = (chunk: Buffer) => resolve(chunk.toString('utf8'))
  const onStop = () => resolve(null)
  sources.input.once('data', onData)
  sources.input.once('end', onStop)
  sources.interrupted.addEventListener('abort', onStop, { once: true })
  sources.input.resume()
  const answer = await promise.finally(() => {
    sources.input.off('data', onData)
    sources.input.off('end', onStop)
    sources.interrupted.removeEventListener('abort', onStop)
    sources.input.pause()
  })
  return answer === null ? fail({ code: 'job/stopped' }) : /^\s*y(es)?\s*$/i.test(answer)
}
