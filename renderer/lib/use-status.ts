import { createContext, use } from 'react'
import type { ProgramStatus } from '../../shared/contract/program.ts'

export const Status = createContext<ProgramStatus | null>(null)

/** The program's status; always there below the shell, and kept up to date.
 * @throws Error outside the shell (a bug) */
export function useStatus(): ProgramStatus {
  const status = use(Status)
  if (status === null) throw new Error('no status around this component')
  return status
}
