import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'

export type BenchOptions = {
  sizeBytes: number
  runs: number
  /** Where the files of the bench lie while it runs. */
  folder: string
  /** Words of the groups to run (`encrypt`, `nowhere`, `file to file`, `bounds`, `window`, `rotate`, `s3`); all but S3 where empty. */
  only: string[]
  /** False measures `dist/` as it is. */
  build: boolean
}

const units = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const

/** Reads the bench's arguments.
 * @throws Error that says what is wrong with them */
export function benchOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      size: { type: 'string', default: '2GiB' },
      runs: { type: 'string', default: '5' },
      folder: { type: 'string', default: tmpdir() },
      only: { type: 'string', multiple: true, default: [] },
      'no-build': { type: 'boolean', default: false },
    },
  })
  const runs = Number(values.runs)
  if (!Number.isSafeInteger(runs) || runs < 1) throw new Error('--runs takes a whole number')
  return {
    sizeBytes: parseSize(values.size),
    runs,
    folder: values.folder,
    only: [...positionals, ...values.only],
    build: !values['no-build'],
  }
}

/** `2GiB`, `512MiB`, `1000000` as bytes. */
export function parseSize(text: string): number {
  const match = /^(\d+)(KiB|MiB|GiB)?$/.exec(text)
  if (match === null) throw new Error(`--size takes a number of bytes, KiB, MiB or GiB, not ${text}`)
  const unit = match[2] as keyof typeof units | undefined
  return Number(match[1]) * (unit === undefined ? 1 : units[unit])
}
