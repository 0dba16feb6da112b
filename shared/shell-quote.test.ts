import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSafeText } from './safe-text.ts'
import { shellCommand, shellQuote } from './shell-quote.ts'

const argument = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', ''))
const nasty = fc.array(
  fc.constantFrom(
    'a',
    "'",
    '"',
    '$',
    '`',
    '\\',
    ' ',
    '\n',
    '\u202e',
    '’',
    '“',
    '„',
    '-',
    '(',
    '7',
    '\u001b',
    '\u{e0041}',
  ),
  { maxLength: 12 },
)

/** Reads one POSIX word as a shell does: bare characters, '…', \c and $'…' with octal escapes. */
function readPosix(word: string): string {
  const bytes: number[] = []
  const push = (text: string) => bytes.push(...new TextEncoder().encode(text))
  const token = /\$'((?:[^'\\]|\\.)*)'|'([^']*)'|\\([^\n])|([A-Za-z0-9_@+:,./-]+)/gsuy
  while (token.lastIndex < word.length) {
    const match = token.exec(word)
    if (!match) throw new Error(`not one word: ${word}`)
    const [, escaped, single, one, bare] = match
    push(single ?? one ?? bare ?? '')
    for (const part of (escaped ?? '').matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gsu)) {
      if (part[1] === undefined) push(part[2] ?? part[3] ?? '')
      else bytes.push(Number.parseInt(part[1], 8))
    }
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
}

/** Reads one PowerShell word: bare, '…' with doubled quotes, "…" with backtick escapes and $([char]…). */
function readPowershell(word: string): string {
  const inner = word.slice(1, -1)
  if (word.startsWith("'")) {
    expect(inner.replace(/['‘’‚‛]{2}/g, '')).not.toMatch(/['‘’‚‛]/)
    return inner.replace(/(['‘’‚‛])\1/g, '$1')
  }
  if (!word.startsWith('"')) return word
  const parts = /`(.)|\$\(\[char\](?:::ConvertFromUtf32\()?(0x[0-9a-f]+)\)?\)|([^`"$“”„])/gsuy
  let text = ''
  while (parts.lastIndex < inner.length) {
    const match = parts.exec(inner)
    if (!match) throw new Error(`not one string: ${word}`)
    text += match[2] === undefined ? (match[1] ?? match[3] ?? '') : String.fromCodePoint(Number(match[2]))
  }
  return text
}

describe('shellQuote', () => {
  it.each([
    ['model.pkl', 'model.pkl', 'model.pkl'],
    ['', "''", "''"],
    ["it's", String.raw`'it'\''s'`, "'it''s'"],
    ['a b', "'a b'", "'a b'"],
    ['$HOME', "'$HOME'", "'$HOME'"],
    ['a’b', "'a’b'", "'a’’b'"],
    ['-o.x', '-o.x', "'-o.x'"],
    ['a\nb', String.raw`$'a\012b'`, '"a$([char]0xa)b"'],
    ['\u202e7', String.raw`$'\342\200\2567'`, '"$([char]0x202e)7"'],
    [String.raw`C:\m\x`, String.raw`'C:\m\x'`, String.raw`C:\m\x`],
  ])('quotes %j', (text, posix, powershell) => {
    expect(shellQuote(text, 'posix')).toBe(posix)
    expect(shellQuote(text, 'powershell')).toBe(powershell)
  })

  it('gives back every argument unchanged, and hides nothing', () => {
    const every = fc.oneof(
      argument,
      nasty.map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(every, (text) => {
        const posix = shellQuote(text, 'posix')
        const powershell = shellQuote(text, 'powershell')
        expect(readPosix(posix)).toBe(text)
        expect(readPowershell(powershell)).toBe(text)
        expect(isSafeText(posix) && isSafeText(powershell)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('refuses U+0000', () => {
    expect(() => shellQuote('a\0b', 'posix')).toThrow(RangeError)
    expect(() => shellQuote('a\0b', 'powershell')).toThrow(RangeError)
  })

  it('calls a quoted program with & in PowerShell only', () => {
    expect(shellCommand(['my age', '-d', 'x y'], 'powershell')).toBe("& 'my age' -d 'x y'")
    expect(shellCommand(['my age', '-d', 'x y'], 'posix')).toBe("'my age' -d 'x y'")
    expect(shellCommand(['age', '-d', 'x'], 'powershell')).toBe('age -d x')
  })
})
