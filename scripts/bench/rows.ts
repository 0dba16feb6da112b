import { fileURLToPath } from 'node:url'
import { formatCounted } from '../../shared/format.ts'
import type { BuiltProgram } from './built-program.ts'

/** One line of the table: a program, and what it is compared with. */
export type BenchRow = {
  group: string
  label: string
  command: string
  /** @param run counted from 0 */
  args: (run: number) => string[]
  /** On top of this process's own. */
  env?: Record<string, string>
  /** What must be there, or gone, before a run; not measured. */
  before?: (run: number) => void
  after?: (run: number) => void
  /** One of the rows with which others of the group are compared: with the fastest of them. */
  isReference?: true
  /** Times as fast as the reference that is to be reached. */
  target?: number
}

export type BenchFiles = {
  folder: string
  plain: string
  /** The same, encrypted. */
  age: string
  identity: string
  recipient: string
  sizeBytes: number
}

/** Their names, of which `--only` takes words. */
export const rowGroups = {
  encryptToNowhere: 'encrypt, file to nowhere',
  decryptToNowhere: 'decrypt, file to nowhere',
  encryptToFile: 'encrypt, file to file',
  decryptToFile: 'decrypt, file to file',
  bounds: 'bounds: each alone, starting not counted',
} as const

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const variants = [
  { workers: 2, digests: true },
  { workers: 2, digests: false },
  { workers: 1, digests: true },
  { workers: 1, digests: false },
] as const

/** The pipeline of a job without a target, beside `age` into `/dev/null`. */
export function nowhereRows(files: BenchFiles, program: BuiltProgram, ageCommand: string): BenchRow[] {
  return (['encrypt', 'decrypt'] as const).flatMap((operation): BenchRow[] => {
    const group = operation === 'encrypt' ? rowGroups.encryptToNowhere : rowGroups.decryptToNowhere
    const input = operation === 'encrypt' ? files.plain : files.age
    const ageArgs =
      operation === 'encrypt'
        ? ['-r', files.recipient, '-o', '/dev/null', input]
        : ['-d', '-i', files.identity, '-o', '/dev/null', input]
    const ours = variants.map(({ workers, digests }): BenchRow => {
      const mode = digests ? 'digests' : 'bare'
      const args = [program.payloadWorker, operation, input, String(workers), mode, files.identity]
      const row: BenchRow = {
        group,
        label: `weightlock, ${formatCounted(workers, 'worker')}, ${digests ? 'digests' : 'no digests'}`,
        command: process.execPath,
        args: () => [script('payload-nowhere.ts'), ...args],
      }
      const isTarget = workers === 2 && digests
      return isTarget ? { ...row, target: operation === 'encrypt' ? 1.0 : 1.2 } : row
    })
    return [{ group, label: 'age', command: ageCommand, args: () => ageArgs, isReference: true }, ...ours]
  })
}

/** What lies between the rows above and the cores. */
export function boundRows(files: BenchFiles): BenchRow[] {
  const what = {
    encrypt: 'cipher, encrypting',
    decrypt: 'cipher, decrypting',
    digest: 'digest',
    read: 'reading the file',
  }
  return Object.entries(what).flatMap(([operation, label]) =>
    [2, 1].map((threads): BenchRow => ({
      group: rowGroups.bounds,
      label: `${label}, ${formatCounted(threads, 'core')}`,
      command: process.execPath,
      args: () => [script('bounds.ts'), operation, String(threads), String(files.sizeBytes), files.plain],
    })),
  )
}
