/**
 * Names come from files, stores and headers, so they are untrusted wherever they are shown: on screen, in a log, in
 * a command. Characters that a reader cannot see, or that change how the rest is read, are spelled out.
 * @see cryptography.md, section 6
 */

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Control characters, line and paragraph separators, lone surrogates, noncharacters, private-use and unassigned
 * format characters. Two format characters stay, because names in Persian and emoji need them: the zero-width joiner
 * and non-joiner.
 */
const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|(?![\u200c\u200d])\p{Cf}/gu

const spell = (character: string): string => {
  const point = character.codePointAt(0) ?? 0
  const hex = point.toString(16)
  return named[character] ?? (point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`)
}

/** True where `safeText` would change nothing. */
export const isSafeText = (text: string): boolean => text.search(unsafe) === -1

/**
 * The text with every character that could hide something spelled out: `\n`, `\u202e`, `\u{e0041}`. Ordinary
 * text of any script comes back as it is; doing it twice changes nothing more.
 */
export const safeText = (text: string): string => text.replace(unsafe, spell)
