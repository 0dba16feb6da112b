/** Where random kills fell: counted in one run of the tests, and added up over the rounds of a soak. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** What is under way when the program is stopped. */
export const crashKinds = [
  'encrypt',
  'decrypt',
  'destroy',
  'retire',
  'restore',
  'rewrap',
  're-encrypt',
  'upload',
  'download',
  'rewrap-bucket',
  're-encrypt-bucket',
  'rewrap-unversioned',
  're-encrypt-unversioned',
] as const
export type CrashKind = (typeof crashKinds)[number] | 'move' | 'give-up'
/** To and from a bucket of an S3 server. */
export const bucketKinds = ['upload', 'download'] as const satisfies readonly CrashKind[]
export const localKinds = [
  'encrypt',
  'decrypt',
  'destroy',
  'retire',
  'restore',
] as const satisfies readonly CrashKind[]
export const localRotations = ['rewrap', 're-encrypt'] as const satisfies readonly CrashKind[]
/** In a bucket that keeps object versions. */
export const bucketRotations = ['rewrap-bucket', 're-encrypt-bucket'] as const satisfies readonly CrashKind[]
/** In one that keeps none: what is replaced is gone. */
export const unversionedRotations = [
  'rewrap-unversioned',
  're-encrypt-unversioned',
] as const satisfies readonly CrashKind[]

export type KillSpread = {
  /** One of `crashKinds`. */
  what: string
  /** Kills for each checkpoint that was the last to be passed, the journal's phase; a phase without one has 0. */
  kills: Record<string, number>
}

const instantsWanted = 60
const perPhaseWanted = 5

/** @param path of JSON lines, or undefined to keep no account */
export function recordSpread(path: string | undefined, spread: KillSpread): void {
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(spread)}\n`)
}

/** @returns the sums of all that was recorded, one for each kind of work */
export function readSpreads(path: string): KillSpread[] {
  const sums = new Map<string, KillSpread>()
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  for (const line of lines.filter((each) => each !== '')) {
    const { what, kills } = JSON.parse(line) as KillSpread
    const sum = sums.get(what) ?? { what, kills: {} }
    for (const [phase, count] of Object.entries(kills)) sum.kills[phase] = (sum.kills[phase] ?? 0) + count
    sums.set(what, sum)
  }
  return [...sums.values()]
}

const totalOf = ({ kills }: KillSpread): number => Object.values(kills).reduce((sum, count) => sum + count, 0)

/** Whether the proof is complete: 60 random instants of each kind, at least 5 in each phase of the journal. */
export const isWideEnough = (spreads: KillSpread[], kinds: readonly string[] = crashKinds): boolean =>
  kinds.every((kind) => {
    const spread = spreads.find(({ what }) => what === kind)
    return (
      spread !== undefined &&
      totalOf(spread) >= instantsWanted &&
      Object.values(spread.kills).every((count) => count >= perPhaseWanted)
    )
  })

/** `encrypt, 21 kills: begin after 3, key after 3, …` */
export const spreadLine = (spread: KillSpread): string =>
  `${spread.what}, ${totalOf(spread)} kills: ${Object.entries(spread.kills)
    .map(([phase, count]) => `${phase} ${count}`)
    .join(', ')}`
