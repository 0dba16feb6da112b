import { useQueries } from '@tanstack/react-query'
import type { EncryptProposal } from '../../../shared/contract/artifacts.ts'
import type { Response } from '../../../shared/contract/contract.ts'
import type { WeightlockError } from '../../../shared/failure.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { useInvoke } from '../../lib/use-call.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { groupings, merged } from './encrypt-choices.ts'

type Inspected = Response<'encrypt:inspect'>

/** What main makes of the dropped things at a place. What it said before stays until it has answered again. */
export function useProposals(
  sources: NamedSource[],
  at: { storeId: StoreId | null; folder: string },
  splits: number[][],
): {
  proposals: EncryptProposal[] | undefined
  error: WeightlockError | null
  isStale: boolean
  retry: () => void
} {
  const invoke = useInvoke()
  const parts = groupings(sources.length, splits)
  const results = useQueries({
    queries: parts.map(({ sources: indexes, groupShards }) => {
      const request = {
        sources: indexes.flatMap((n) => {
          const source = sources[n]
          return source === undefined ? [] : [{ token: source.token }]
        }),
        ...at,
        groupShards,
      }
      return {
        queryKey: ['encrypt:inspect', request],
        queryFn: () => invoke('encrypt:inspect', request),
        gcTime: 0,
        placeholderData: (previous: Inspected | undefined) => previous,
      }
    }),
  })
  const answered = results.flatMap(({ data }, n) => {
    const grouping = parts[n]
    return data === undefined || grouping === undefined ? [] : [{ grouping, proposals: data.proposals }]
  })
  return {
    proposals: answered.length === parts.length ? merged(answered) : undefined,
    error: results.find(({ error }) => error !== null)?.error ?? null,
    isStale: results.some(({ isPlaceholderData }) => isPlaceholderData),
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch()
    },
  }
}
