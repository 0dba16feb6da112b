import { useQueryClient } from '@tanstack/react-query'
import type { Request } from '../../../shared/contract/contract.ts'
import { showFailure } from '../../components/notice.tsx'
import { announce } from '../../lib/announce.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'

/** Saves at once what was changed: settings have no Save button, and nothing is lost by leaving. */
export function useSaveSetting(): { save: (change: Request<'program:set'>) => void; isSaved: boolean } {
  const queries = useQueryClient()
  const set = useAction('program:set', {
    onDone: () => {
      announce('Saved')
      void queries.invalidateQueries({ queryKey: ['program:status'] })
    },
  })
  return {
    save: (change) => set.mutate(change, { onError: (error) => showFailure(failureFrom(error)) }),
    isSaved: set.isSuccess,
  }
}
