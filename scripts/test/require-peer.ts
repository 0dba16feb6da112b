/** Names that must be there, from `WEIGHTLOCK_REQUIRE=age,keyring,…`. */
const required = new Set((process.env.WEIGHTLOCK_REQUIRE ?? '').split(',').map((name) => name.trim()))

/**
 * Whether tests that need a server, tool or right of the machine can run. What is missing is skipped with its reason
 * printed, unless `WEIGHTLOCK_REQUIRE` names it: then a missing one fails.
 * @param name as in `WEIGHTLOCK_REQUIRE`: `age`, `keyring`, `mount`, …
 */
export function requirePeer(name: string, available: boolean, reason: string): boolean {
  if (available) return true
  if (required.has(name)) throw new Error(`${name} is required (WEIGHTLOCK_REQUIRE) and missing: ${reason}`)
  console.warn(`Skipped without ${name}: ${reason}`)
  return false
}
