import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'

/** One section of an age header: a type, its arguments and a body. A recipient writes it, an identity reads it.
 * @see age spec, "Recipient stanza" */
export type Stanza = { type: string; args: readonly string[]; body: Uint8Array }

/** What a file key is wrapped for. One method, so that other key services plug in without touching the core. */
export type Recipient = {
  /** @param fileKey 16 bytes; not kept
   * @returns the stanza that carries it */
  wrapFileKey(fileKey: Uint8Array): Promise<Stanza>
}

/** What opens a file key. */
export type Identity = {
  /** Tries every stanza of its own type.
   * @returns the file key, 16 bytes that the caller zeroes, or null where no stanza is for this identity
   * @throws WeightlockError `age/header-malformed` where a stanza of its type breaks the specification,
   * `age/work-factor-too-high` where opening it would cost too much */
  unwrapFileKey(stanzas: readonly Stanza[]): Promise<Uint8Array | null>
  /** Set by identities that are passphrases: only they can be *wrong* rather than *another one's*. */
  readonly isPassphrase?: true
}

const bodyBytesPerLine = 48
const argument = /^[\x21-\x7e]+$/

/** The text of a stanza. The body ends with a line shorter than 64 columns, an empty one if need be.
 * @throws RangeError if an argument could not stand in a header: a bug of the caller */
export function stanzaText(stanza: Stanza): string {
  const words = [stanza.type, ...stanza.args]
  if (!words.every((word) => argument.test(word)))
    throw new RangeError('stanza argument is not visible ASCII')
  let text = `-> ${words.join(' ')}\n`
  for (let at = 0; at < stanza.body.length; at += bodyBytesPerLine)
    text += `${base64nopad.encode(stanza.body.subarray(at, at + bodyBytesPerLine))}\n`
  return stanza.body.length % bodyBytesPerLine === 0 ? `${text}\n` : text
}

/** Reads one stanza.
 * @param argumentLine the line that starts with `-> `
 * @param nextLine gives the following lines, without their line feed
 * @throws WeightlockError `age/header-malformed` */
export function parseStanza(argumentLine: string, nextLine: () => string): Stanza {
  const [type, ...args] = argumentLine.slice('-> '.length).split(' ')
  if (type === undefined || ![type, ...args].every((word) => argument.test(word)))
    return fail({ code: 'age/header-malformed', detail: 'a stanza has an invalid argument' })
  const lines: Uint8Array[] = []
  for (;;) {
    const line = decodeBase64(nextLine(), 'a stanza body')
    if (line.length > bodyBytesPerLine)
      return fail({ code: 'age/header-malformed', detail: 'a line of a stanza body is too long' })
    lines.push(line)
    if (line.length < bodyBytesPerLine) return { type, args, body: new Uint8Array(Buffer.concat(lines)) }
  }
}

/** Decodes unpadded, canonical base64 as headers use it.
 * @param what named in the failure
 * @throws WeightlockError `age/header-malformed` */
export function decodeBase64(text: string, what: string): Uint8Array {
  try {
    return base64nopad.decode(text)
  } catch {
    return fail({ code: 'age/header-malformed', detail: `${what} is not canonical base64` })
  }
}

/** Checks the shape that all native stanzas share and decodes their first argument.
 * @param shareBytes length of the decoded first argument
 * @param argumentCount arguments after the type
 * @throws WeightlockError `age/header-malformed` */
export function parseNativeStanza(stanza: Stanza, argumentCount: number, shareBytes: number): Uint8Array {
  const [share] = stanza.args
  if (share === undefined || stanza.args.length !== argumentCount)
    return fail({ code: 'age/header-malformed', detail: `a ${stanza.type} stanza has the wrong arguments` })
  const decoded = decodeBase64(share, `a ${stanza.type} stanza`)
  if (decoded.length !== shareBytes || stanza.body.length !== wrappedFileKeyBytes)
    return fail({ code: 'age/header-malformed', detail: `a ${stanza.type} stanza has the wrong length` })
  return decoded
}

/** Length of a file key under ChaCha20-Poly1305: 16 bytes and a tag. */
export const wrappedFileKeyBytes = 32
