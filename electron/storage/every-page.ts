/** All that a store holds, a page of its listing at a time. */
import { fail } from '../../shared/failure.ts'
import type { ObjectInfo, StorageBackend } from './backend.ts'

/** @throws WeightlockError `store/…`, also where a store gives the same page again and again; the signal's reason */
export async function* everyPage(
  backend: StorageBackend,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    options.signal?.throwIfAborted()
    const listed: Awaited<ReturnType<StorageBackend['list']>> = await backend.list('', page, options)
    yield listed.objects
    if (listed.next !== null && listed.next === page)
      fail({ code: 'store/refused', store: backend.location(''), detail: 'its list has no end' })
    page = listed.next
  }
}
