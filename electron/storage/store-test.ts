/** Tries a store out and says what was found, check by check. Leaves nothing. */
import type { StoreTest } from '../../shared/domain/store.ts'
import { failureText } from '../../shared/failure-text.ts'
import { formatCounted } from '../../shared/format.ts'
import { failureOf } from '../../shared/failure.ts'
import { JobId, newId } from '../../shared/ids.ts'
import type { StorageBackend } from './backend.ts'
import { checksOfProbe } from './probe-checks.ts'

const sampleBytes = 65_536

/** Never fails for what the store does: what failed is a check that did not pass. */
export async function testStore(backend: StorageBackend, signal?: AbortSignal): Promise<StoreTest> {
  if (backend.probe !== undefined)
    return checksOfProbe(await backend.probe(signal === undefined ? {} : { signal }))
  return tryOut(backend, signal)
}

/** Writes a small object, reads it back, deletes it. */
async function tryOut(backend: StorageBackend, signal?: AbortSignal): Promise<StoreTest> {
  const at = Date.now()
  const checks: StoreTest['checks'] = []
  const options = signal === undefined ? {} : { signal }
  const check = async <T>(name: string, run: () => Promise<T>, judge: (value: T) => [boolean, string]) => {
    try {
      const value = await run()
      const [passed, detail] = judge(value)
      checks.push({ name, passed, detail, isOptional: false, group: 'use', permission: null })
      return passed
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      checks.push({
        name,
        passed: false,
        detail: failureText(failure).title,
        isOptional: false,
        group: 'use',
        permission: null,
      })
      return false
    }
  }
  const listed = await check(
    'List',
    () => backend.list('', null, options),
    ({ objects, next }) => [
      true,
      `${next === null ? '' : 'more than '}${formatCounted(objects.length, 'object')}`,
    ],
  )
  if (listed) {
    const jobId = newId(JobId)
    const name = `weightlock-test-${jobId}.age`
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(sampleBytes))
    const partBytes = Math.max(sampleBytes, (await backend.capabilities()).minPartBytes)
    const condition = { kind: 'absent' } as const
    const write = { sizeBytes: sampleBytes, partBytes, metadata: {}, condition, jobId }
    const written = await check(
      'Write',
      () => writeOnce(backend, name, write, bytes),
      () => [true, backend.location(name)],
    )
    if (written) {
      await check(
        'Read back',
        () => backend.read(name, { offset: 1000, lengthBytes: 5000 }, options),
        (found) =>
          Buffer.compare(found, bytes.subarray(1000, 6000)) === 0
            ? [true, 'the same bytes']
            : [false, 'other bytes'],
      )
      await check(
        'Delete',
        async () => {
          await backend.delete(name)
          return backend.head(name)
        },
        (left) => (left === null ? [true, 'gone'] : [false, 'still there']),
      )
    }
  }
  return { at, tookMs: Date.now() - at, checks, failure: null, grantee: null, policy: null }
}

async function writeOnce(
  backend: StorageBackend,
  name: string,
  write: Parameters<StorageBackend['beginWrite']>[1],
  bytes: Uint8Array,
) {
  const id = await backend.beginWrite(name, write)
  try {
    await backend.writePart(id, 1, bytes)
    return await backend.completeWrite(id)
  } catch (error) {
    await backend.abortWrite(id).catch(() => undefined)
    throw error
  }
}
