import { QueryClient } from '@tanstack/react-query'
import type { WeightlockError } from '../../shared/failure.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: WeightlockError
  }
}

/** Calls go to main, not to a network: they never pause offline, and main alone decides what is retried.
 * What was fetched stays fresh until main says `catalog:changed`. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
