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
