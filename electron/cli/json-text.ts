/** What `--json` prints. Inside, times are epoch milliseconds; for scripts they become ISO 8601 in UTC, here and nowhere
 * else. Sizes stay numbers of bytes. */

/** Places, in the audit log and in a file. */
const notTimes = new Set(['brokenAt', 'truncatedAt'])

/** `at`, `since` and every other `…At` are times. */
const isTimeName = (name: string): boolean => /^(at|since|.*At)$/.test(name) && !notTimes.has(name)

/** The last millisecond that a date can say. */
const lastMs = 8.64e15

const asText = (name: string, value: unknown): unknown =>
  typeof value === 'number' && Math.abs(value) <= lastMs && isTimeName(name)
    ? new Date(value).toISOString()
    : value

/** @param result a `Result` of the contract
 * @returns one line; `"encryptedAt": "2026-11-22T16:42:00.000Z"` */
export const jsonText = (result: object): string => JSON.stringify(result, asText)
