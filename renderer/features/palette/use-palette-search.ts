import { useMemo } from 'react'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import type { JobView } from '../../../shared/job.ts'
import { useCall } from '../../lib/use-call.ts'
import { useDebounced } from '../../lib/use-debounced.ts'
import { withoutVerb } from './palette-items.ts'

const searchDelayMs = 80
const recentJobs = 20

type Found = { artifacts: ArtifactRow[]; keys: KeyRow[]; stores: StoreInfo[]; jobs: JobView[] }

/** What main finds for the words typed so far; the last answer stays until the next one is there. */
export function usePaletteSearch(query: string): { found: Found; isSearching: boolean } {
  const asked = useDebounced(query.trim(), searchDelayMs)
  const enabled = asked !== ''
  const options = { enabled, keepPrevious: true }
  const artifacts = useCall(
    'artifacts:list',
    {
      storeId: null,
      folder: '',
      deep: true,
      query: withoutVerb(asked),
      sort: { by: 'encrypted', descending: true },
      offset: 0,
      limit: 5,
      foreign: false,
    },
    options,
  )
  const keys = useCall(
    'keys:list',
    { query: asked, filter: 'all', sort: { by: 'name', descending: false }, offset: 0, limit: 4 },
    options,
  )
  const stores = useCall('stores:list', {})
  const history = useCall('jobs:history', { offset: 0, limit: recentJobs }, { fresh: true })
  const found = useMemo(
    (): Found => ({
      artifacts: enabled
        ? (artifacts.data?.rows ?? []).flatMap((row) => (row.type === 'artifact' ? [row] : []))
        : [],
      keys: enabled ? (keys.data?.rows ?? []) : [],
      stores: stores.data?.stores ?? [],
      jobs: (history.data?.jobs ?? []).filter(({ endedAt }) => endedAt !== null),
    }),
    [enabled, artifacts.data, keys.data, stores.data, history.data],
  )
  return {
    found,
    isSearching: enabled && (artifacts.isFetching || keys.isFetching || asked !== query.trim()),
  }
}
