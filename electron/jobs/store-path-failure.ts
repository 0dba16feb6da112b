/** Workers read and write a store's files by their paths; what goes wrong there is the store's failure, not a file's. */
import { fail, failureOf, type Failure } from '../../shared/failure.ts'
import type { OpenStore } from './services.ts'

type PathOfStore = {
  use: 'read' | 'write'
  store: OpenStore
  objectName: string
  /** What the worker was given; undefined where it reads through the store. */
  path: string | undefined
}

/** @throws WeightlockError `store/…` in the place of `file/…` about that path; all else passes */
export async function asStoreFailure<T>(where: PathOfStore, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null || !('path' in failure) || failure.path !== where.path) throw error
    // Whether the store is there at all is for itself to say: this throws where it is not.
    await where.store.backend.head(where.objectName)
    return fail(failureOfStore(failure, where), error)
  }
}

/** The same for reading an object. */
export const asReadFailure = <T>(store: OpenStore, objectName: string, run: () => Promise<T>): Promise<T> =>
  asStoreFailure({ use: 'read', store, objectName, path: store.backend.readPath?.(objectName) }, run)

function failureOfStore(failure: Failure, { store: { row }, objectName, use }: PathOfStore): Failure {
  const store = row.name
  switch (failure.code) {
    case 'file/disk-full':
      return { code: 'store/full', store }
    case 'file/read-only':
      return { code: 'store/read-only', store }
    case 'file/permission-denied':
      return use === 'read'
        ? { code: 'store/unreachable', store, detail: 'EACCES' }
        : { code: 'store/read-only', store }
    case 'file/not-found':
      return { code: 'store/object-not-found', store, objectName }
    case 'file/changed-while-reading':
      return { code: 'store/precondition-failed', store, objectName }
    case 'file/io':
      return { code: 'store/unreachable', store, detail: failure.errno }
    default:
      return failure
  }
}
