/** What a name may be in the place that holds it. Names are slash-separated and relative; lengths are bytes of UTF-8. */
import { fail } from './failure.ts'

export type NameRules = {
  /** Windows and shares served by it: reserved names, forbidden characters, no trailing dot or space. */
  windows: boolean
  maxPartBytes: number
}

export const posixNames: NameRules = { windows: false, maxPartBytes: 255 }
export const windowsNames: NameRules = { windows: true, maxPartBytes: 255 }
/** The rules of the system that this runs on. */
export const nameRulesOf = (platform: string): NameRules => (platform === 'win32' ? windowsNames : posixNames)
/** What an artifact may be called: longer parts are shortened, and what Windows forbids replaced, for its object. */
export const artifactNames: NameRules = { windows: false, maxPartBytes: 4096 }

const reservedOnWindows = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const forbiddenOnWindows = /[<>:"\\|?*\u0000-\u001f]/g

export const byteLength = (text: string): number => new TextEncoder().encode(text).length

/** Why a name cannot be an artifact's or object's name, or null. Names never leave the store's folder. */
export function nameProblem(name: string, rules: NameRules): string | null {
  if (name === '') return 'it is empty'
  if (name.includes('\0')) return 'it contains a NUL character'
  if (!name.isWellFormed()) return 'it is not valid Unicode'
  if (name.startsWith('/')) return 'it is absolute'
  for (const part of name.split('/')) {
    if (part === '') return 'it has an empty part'
    if (part === '.' || part === '..') return `it has the part “${part}”`
    if (byteLength(part) > rules.maxPartBytes) return `a part is longer than ${rules.maxPartBytes} bytes`
    if (rules.windows && windowsSafe(part) !== part) return 'Windows cannot hold it'
  }
  return null
}

/** @throws artifact/name-invalid */
export function checkName(name: string, rules: NameRules): void {
  const reason = nameProblem(name, rules)
  if (reason !== null) fail({ code: 'artifact/name-invalid', name, reason })
}

/** A part as Windows can hold it: what it forbids becomes `_`. */
export function windowsSafe(part: string): string {
  const replaced = part.replace(forbiddenOnWindows, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length))
  const [beforeDot = ''] = replaced.split('.')
  return reservedOnWindows.test(beforeDot.trimEnd()) ? `_${replaced}` : replaced
}
