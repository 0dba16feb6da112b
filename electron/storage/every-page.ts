/** All that a store holds, a page of its listing at a time. */
import type { ObjectInfo, StorageBackend } from './backend.ts'

/** @throws WeightlockError `store/…`; the signal's reason */
export async function* everyPage(
  backend: StorageBackend,
  options: { signal?: AbortSignal } = {},
): AsyncGenerator<readonly ObjectInfo[], void, undefined> {
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    const listed: Awaited<ReturnType<StorageBackend['list']>> = await backend.list('', page, options)
    yield listed.objects
    page = listed.next
  }
}
