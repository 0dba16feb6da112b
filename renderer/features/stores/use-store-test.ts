import { useState } from 'react'
import type { Request } from '../../../shared/contract/contract.ts'
import type { StoreTest } from '../../../shared/domain/store.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import type { StoreForm } from './use-store-form.ts'

export type StoreTesting = {
  test: StoreTest | null
  isRunning: boolean
  failure: Failure | null
  run: () => void
}

/** Tries out what the form says, as it stands.
 * @param request null where the form is not filled in yet: it says so itself */
export function useTrial(
  form: StoreForm,
  request: () => Request<'stores:try'> | null,
): StoreTesting & { of: string } {
  const [of, setOf] = useState('')
  const trial = useAction('stores:try')
  return {
    of,
    test: trial.data ?? null,
    isRunning: trial.isPending,
    failure: null,
    run: () => {
      const asked = request()
      if (asked === null) return
      setOf(JSON.stringify(form.values))
      form.take(null)
      trial.mutate(asked, { onError: (error) => form.take(failureFrom(error)) })
    },
  }
}

/** Tests a store as it is kept. */
export function useKeptTest(storeId: StoreId): StoreTesting {
  const kept = useCall('stores:test', { storeId }, { enabled: false })
  return {
    test: kept.data ?? null,
    isRunning: kept.isFetching,
    failure: kept.isError ? failureFrom(kept.error) : null,
    run: () => void kept.refetch(),
  }
}
