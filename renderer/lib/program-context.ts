/** What every part of the page reaches main through. One per page, made in `app`, faked in tests. */
import { createContext, use } from 'react'
import type { QueryClient } from '@tanstack/react-query'
import type { Bridge } from '../../shared/contract/bridge.ts'
import type { JobsStore } from './jobs-store.ts'

export type ProgramContext = { bridge: Bridge; queries: QueryClient; jobs: JobsStore }

export const Program = createContext<ProgramContext | null>(null)

/** @throws Error outside the provider (a bug) */
export function useProgram(): ProgramContext {
  const program = use(Program)
  if (program === null) throw new Error('no program around this component')
  return program
}
