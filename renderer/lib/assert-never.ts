/** For the branch that cannot be reached: does not compile when a case is missing.
 * @throws Error if it is reached all the same (a bug) */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
