/**
 * Quoting for the shell commands that we show and people paste. One function, for POSIX shells and PowerShell.
 * What a reader could not see (control and direction characters) is written as an escape, so that the command on
 * screen is the command that runs.
 * @see cryptography.md, section 6
 */
import { isSafeText } from './safe-text.ts'

export type Shell = 'posix' | 'powershell'

const posixBare = /^[A-Za-z0-9_@+:,./-]+$/
/** A word that PowerShell takes whole; it splits `-a.b` in two, and treats `@ , ( ) { } ;` as its own. */
const powershellBare = /^(?:[A-Za-z_/][A-Za-z0-9_./\\:-]*|-|--?[A-Za-z0-9-]+)$/

const octal = (byte: number): string => `\\${byte.toString(8).padStart(3, '0')}`

/** `$'…'` (POSIX 2024; bash, zsh, ksh): bytes as three octal digits, which no following digit can extend. */
const posixEscaped = (text: string): string => {
  let quoted = ''
  for (const character of text.toWellFormed()) {
    if (character === '\\' || character === "'") quoted += `\\${character}`
    else if (isSafeText(character)) quoted += character
    else for (const byte of new TextEncoder().encode(character)) quoted += octal(byte)
  }
  return `$'${quoted}'`
}

/** PowerShell reads typographic quotes as its own: ‘ ’ ‚ ‛ end a single-quoted string, “ ” „ a double-quoted one. */
const powershellSingle = (text: string): string => `'${text.replace(/['‘’‚‛]/g, (quote) => quote + quote)}'`

const powershellEscaped = (text: string): string => {
  let quoted = ''
  for (const character of text.toWellFormed()) {
    const point = character.codePointAt(0) ?? 0
    if (/[`"$“”„]/.test(character)) quoted += `\`${character}`
    else if (isSafeText(character)) quoted += character
    else {
      const hex = `0x${point.toString(16)}`
      quoted += point > 0xffff ? `$([char]::ConvertFromUtf32(${hex}))` : `$([char]${hex})`
    }
  }
  return `"${quoted}"`
}

/**
 * One argument, quoted so that the shell hands it on unchanged. What it says to the program is not looked at: an
 * operand that starts with `-` wants `./` or `--` before it.
 * @param text any string; a lone surrogate becomes U+FFFD
 * @throws RangeError for U+0000, which no argument can hold
 */
export function shellQuote(text: string, shell: Shell): string {
  if (text.includes('\0')) throw new RangeError('an argument cannot hold U+0000')
  if (shell === 'posix') {
    if (posixBare.test(text)) return text
    return isSafeText(text) ? `'${text.replaceAll("'", `'\\''`)}'` : posixEscaped(text)
  }
  if (powershellBare.test(text)) return text
  return isSafeText(text) ? powershellSingle(text) : powershellEscaped(text)
}

/** A whole command from its words; PowerShell needs `&` before a program whose name is quoted. */
export function shellCommand(words: readonly [string, ...string[]], shell: Shell): string {
  const quoted = words.map((word) => shellQuote(word, shell))
  const needsCall = shell === 'powershell' && quoted[0] !== words[0]
  return (needsCall ? ['&', ...quoted] : quoted).join(' ')
}
