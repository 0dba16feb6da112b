import type { Failure } from '../../shared/failure.ts'

/** Takes secrets out of text that goes to a log: age identities, armored keys, credentials in URLs. */
const secrets: [RegExp, string][] = [
  [/AGE-SECRET-KEY-[0-9A-Z-]*/gi, 'AGE-SECRET-KEY-[redacted]'],
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    '[redacted private key]',
  ],
  [/\b(AKIA|ASIA)[0-9A-Z]{12,}/g, '[redacted access key]'],
  [/:\/\/[^/@\s:]+:[^/@\s]+@/g, '://[redacted]@'],
  [/("?(?:passphrase|password|secret|token)"?\s*[:=]\s*)("[^"]*"|\S+)/gi, '$1[redacted]'],
]

/** @returns the text without anything that looks like a secret */
export const redact = (text: string): string =>
  secrets.reduce((redacted, [pattern, instead]) => redacted.replace(pattern, instead), text)

/** One with its data: a file may be called `age-secret-key-of-mine.txt`. */
const identity = /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]{8,}/gi

/** A failure repeats what was asked for, and somebody may have put an identity where a name belongs. */
export function failureWithoutIdentities(failure: Failure): Failure {
  const text = JSON.stringify(failure)
  const redacted = text.replaceAll(identity, 'AGE-SECRET-KEY-[redacted]')
  return redacted === text ? failure : (JSON.parse(redacted) as Failure)
}
