/** A passphrase that nobody thought of: groups of letters and digits that cannot be taken for one another. */
import { randomSecret } from '../age/file-key.ts'

/** Crockford's base 32, in lower case: no i, l, o, u. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const groups = 5
const lettersInGroup = 5

/** @returns 125 random bits, as `k3v9t-…` */
export function generatePassphrase(): string {
  const bytes = randomSecret(groups * lettersInGroup)
  const letters = Array.from(bytes, (byte) => alphabet[byte & 31] ?? '')
  bytes.fill(0)
  return Array.from({ length: groups }, (_, group) =>
    letters.slice(group * lettersInGroup, (group + 1) * lettersInGroup).join(''),
  ).join('-')
}
