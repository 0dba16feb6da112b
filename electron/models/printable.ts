/** Characters that would hide, reorder or break text on the screen: controls, bidirectional marks, invisible ones. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const spellOut = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`

/** Text from a file as it can be shown: cut to `limit` characters, with everything invisible spelled out. */
export function printable(text: string, limit = 300): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text
  return cut.replace(unprintable, spellOut)
}

const utf8 = new TextDecoder('utf-8')

/** UTF-8, faults replaced: for text that is shown, never for names that are compared. */
export const decodeUtf8 = (bytes: Uint8Array): string => utf8.decode(bytes)

/** One character for each byte. */
export const decodeLatin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
