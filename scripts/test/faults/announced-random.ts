import { seededRandom } from '../crash/seeded-random.ts'

/** Random numbers of a seed that is printed, so that a failure can be played again with `WEIGHTLOCK_SEED`.
 * @param what names the tests that draw them
 * @returns integers from 0 up to below the limit */
export function announcedRandom(what: string): (limit: number) => number {
  const seed = Number(process.env['WEIGHTLOCK_SEED'] ?? Date.now() % 2 ** 31)
  const random = seededRandom(seed)
  process.stdout.write(`${what}, seed ${seed}\n`)
  return (limit) => Math.floor(random() * limit)
}
