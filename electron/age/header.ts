import { createHmac, timingSafeEqual } from 'node:crypto'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import { decodeBase64, parseStanza, stanzaText, type Stanza } from './stanza.ts'

/** No header longer than this is read. A header of ours has 245 or 1,704 bytes. */
export const headerLimitBytes = 65_536

/** A parsed header. Nothing in it is proved before `openHeader` has checked its MAC. */
export type Header = {
  stanzas: readonly Stanza[]
  mac: Uint8Array
  /** The header as it stands in the file, up to and including its last line feed. */
  bytes: Uint8Array
}

const versionLine = 'age-encryption.org/v1'
const versionPrefix = 'age-encryption.org/'
const macBytes = 32
const macMark = '---'

/** Reads the header at the start of a file.
 * @param start the first bytes of the file: all of it, or at least `headerLimitBytes`
 * @throws WeightlockError `age/not-an-age-file`, `age/header-malformed`, `age/header-too-large`
 * @see age spec, "Header" */
export function parseHeader(start: Uint8Array): Header {
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, headerLimitBytes)).toString(
    'latin1',
  )
  if (!text.startsWith(versionPrefix)) return fail({ code: 'age/not-an-age-file' })
  let at = 0
  const nextLine = (): string => {
    const end = text.indexOf('\n', at)
    if (end < 0) {
      if (text.length === headerLimitBytes)
        return fail({ code: 'age/header-too-large', limitBytes: headerLimitBytes })
      return fail({ code: 'age/header-malformed', detail: 'the file ends within its header' })
    }
    const line = text.slice(at, end)
    at = end + 1
    return line
  }
  if (nextLine() !== versionLine)
    return fail({ code: 'age/header-malformed', detail: 'the version is not age v1' })
  const stanzas: Stanza[] = []
  for (;;) {
    const line = nextLine()
    if (line.startsWith('-> ')) {
      stanzas.push(parseStanza(line, nextLine))
      continue
    }
    if (!line.startsWith(`${macMark} `))
      return fail({ code: 'age/header-malformed', detail: 'a line is neither a stanza nor the MAC' })
    const mac = decodeBase64(line.slice(macMark.length + 1), 'the header MAC')
    if (mac.length !== macBytes)
      return fail({ code: 'age/header-malformed', detail: 'the header MAC has the wrong length' })
    if (stanzas.length === 0) return fail({ code: 'age/header-malformed', detail: 'there is no stanza' })
    return { stanzas, mac, bytes: start.slice(0, at) }
  }
}

/** Writes a header with its MAC.
 * @param stanzas at least one
 * @param fileKey 16 bytes
 * @returns what stands at the start of the file, before the payload nonce */
export function headerBytes(stanzas: readonly Stanza[], fileKey: Uint8Array): Uint8Array {
  const authenticated = `${versionLine}\n${stanzas.map(stanzaText).join('')}${macMark}`
  const mac = headerMac(Buffer.from(authenticated, 'latin1'), fileKey)
  return new Uint8Array(Buffer.from(`${authenticated} ${base64nopad.encode(mac)}\n`, 'latin1'))
}

/** True where the header was written by someone who holds the file key. */
export function headerMacMatches(header: Header, fileKey: Uint8Array): boolean {
  const macLineTail = ` ${base64nopad.encode(header.mac)}\n`.length
  const authenticated = header.bytes.subarray(0, header.bytes.length - macLineTail)
  return timingSafeEqual(headerMac(authenticated, fileKey), header.mac)
}

function headerMac(authenticated: Uint8Array, fileKey: Uint8Array): Uint8Array {
  const key = hkdf(sha256, fileKey, undefined, Buffer.from('header'), macBytes)
  const mac = createHmac('sha256', key).update(authenticated).digest()
  key.fill(0)
  return mac
}

/** True where a file begins as an age file does, armored or not. Proves nothing.
 * @param start its first 64 bytes, or all of them */
export function looksLikeAgeFile(start: Uint8Array): boolean {
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 64)).toString('latin1')
  return text.startsWith(versionPrefix) || text.trimStart().startsWith('-----BEGIN AGE ENCRYPTED FILE-----')
}
