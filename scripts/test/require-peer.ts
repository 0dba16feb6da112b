/** Programs and services that tests meet and that need not be there. */

const required = new Set(
  (process.env.WEIGHTLOCK_REQUIRE ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
)

/** Says whether tests against a peer run. Where it is missing they are skipped and the reason is printed, unless
 * `WEIGHTLOCK_REQUIRE` names it: then a missing one fails.
 * @param name as in `WEIGHTLOCK_REQUIRE=age,age13,keyring`
 * @param reason why it is not there, when it is not
 * @throws Error where it is required and missing */
export function requirePeer(name: string, available: boolean, reason: string): boolean {
  if (available) return true
  if (required.has(name)) throw new Error(`${name} is required and not there: ${reason}`)
  process.stderr.write(`skipped, no ${name}: ${reason}\n`)
  return false
}
