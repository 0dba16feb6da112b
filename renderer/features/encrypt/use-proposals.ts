import { useQuery } from '@tanstack/react-query'
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import type { WeightlockError } from '../../../shared/failure.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { useInvoke } from '../../lib/use-call.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { groupings, merged } from './encrypt-choices.ts'

type Inspection = {
  proposals: EncryptProposal[] | undefined
  error: WeightlockError | null
  /** What is shown was answered for another place or grouping; the answer for this one is on its way. */
  isStale: boolean
  retry: () => void
}

/** What main makes of the dropped things at a place. What it said before stays until it has answered again. */
export function useProposals(
  sources: NamedSource[],
  at: { storeId: StoreId | null; folder: string } | null,
  splits: number[][],
): Inspection {
  const invoke = useInvoke()
  const tokens = sources.map(({ token }) => ({ token }))
  const inspected = useQuery<EncryptProposal[]>({
    queryKey: ['encrypt:inspect', tokens, at, splits],
    queryFn: async () => {
      const place = at ?? { storeId: null, folder: '' }
      const parts = groupings(sources.length, splits).map(async (grouping) => {
        const request = {
          sources: grouping.sources.flatMap((n) => tokens[n] ?? []),
          ...place,
          groupShards: grouping.groupShards,
        }
        return { grouping, proposals: (await invoke('encrypt:inspect', request)).proposals }
      })
      return merged(await Promise.all(parts))
    },
    enabled: at !== null,
    gcTime: 0,
    placeholderData: (previous) => previous,
  })
  return {
    proposals: inspected.data,
    error: inspected.error,
    isStale: inspected.isPlaceholderData,
    retry: () => void inspected.refetch(),
  }
}
