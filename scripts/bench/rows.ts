import type { BuiltPipeline } from './build-pipeline.ts'
import type { BenchOptions } from './options.ts'

/** One line of the table: a program and what it is compared with. */
export type BenchRow = {
  group: 'encrypt-nowhere' | 'decrypt-nowhere' | 'bounds'
  label: string
  command: string
  args: string[]
  /** The row with which others of the group are compared. */
  isReference?: true
  /** Times as fast as the reference that is to be reached. */
  target?: number
}

export type BenchFiles = {
  plain: string
  age: string
  identity: string
  recipient: string
  built: BuiltPipeline
}

const variants = [
  { workers: 2, digests: true },
  { workers: 2, digests: false },
  { workers: 1, digests: true },
  { workers: 1, digests: false },
] as const

/** All rows, in the order in which they are run and printed. File to file is added here, by a module
 * `file-to-file.ts` that starts the command line. */
export function benchRows(files: BenchFiles, options: BenchOptions, ageCommand: string | null): BenchRow[] {
  const rows = [
    ...nowhereRows('encrypt', files, ageCommand),
    ...nowhereRows('decrypt', files, ageCommand),
    ...boundRows(files, options.sizeBytes),
  ]
  const isWanted = ({ group }: BenchRow) =>
    options.only.length === 0 || options.only.some((name) => group.includes(name))
  return rows.filter(isWanted)
}

function nowhereRows(
  operation: 'encrypt' | 'decrypt',
  files: BenchFiles,
  ageCommand: string | null,
): BenchRow[] {
  const group = `${operation}-nowhere` as const
  const ageArgs =
    operation === 'encrypt'
      ? ['-r', files.recipient, '-o', '/dev/null', files.plain]
      : ['-d', '-i', files.identity, '-o', '/dev/null', files.age]
  const reference: BenchRow[] =
    ageCommand === null
      ? []
      : [{ group, label: `age ${operation}`, command: ageCommand, args: ageArgs, isReference: true }]
  const ours = variants.map(({ workers, digests }): BenchRow => {
    const input = operation === 'encrypt' ? files.plain : files.age
    const mode = digests ? 'digests' : 'bare'
    const row: BenchRow = {
      group,
      label: `weightlock ${operation}, ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${digests ? 'digests' : 'no digests'}`,
      command: process.execPath,
      args: [
        files.built.payloadNowhere,
        files.built.payloadWorker,
        operation,
        input,
        String(workers),
        mode,
        files.identity,
      ],
    }
    const isTarget = workers === 2 && digests
    return isTarget ? { ...row, target: operation === 'encrypt' ? 1.0 : 1.2 } : row
  })
  return [...reference, ...ours]
}

function boundRows(files: BenchFiles, sizeBytes: number): BenchRow[] {
  const what = {
    encrypt: 'cipher alone, encrypting',
    decrypt: 'cipher alone, decrypting',
    digest: 'digest alone',
    read: 'reading alone',
  }
  return Object.entries(what).flatMap(([operation, label]) =>
    [2, 1].map((threads): BenchRow => ({
      group: 'bounds',
      label: `${label}, ${threads} ${threads === 1 ? 'core' : 'cores'}`,
      command: process.execPath,
      args: [files.built.bounds, operation, String(threads), String(sizeBytes), files.plain],
    })),
  )
}
