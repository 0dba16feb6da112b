import { describe, expect, it } from 'vitest'
import { WeightlockError } from '../../shared/failure.ts'
import { memoryStore } from './backends/memory.ts'
import { codeOf, describeStorageBackend, putObject, testBytes } from './testing/conformance.ts'
import { defaultRetry, retriedInside, withRetry } from './with-retry.ts'

describeStorageBackend('memory with retry', async () => {
  const backend = withRetry(memoryStore())
  return { backend, reopen: () => backend }
})

const outOfReach = (errno: string) =>
  new WeightlockError(
    { code: 'store/unreachable', store: 'nas', detail: errno },
    { cause: Object.assign(new Error(errno), { code: errno }) },
  )

/** A store whose `head` fails so often before it answers. */
function failing(times: number, error: Error) {
  const pausesMs: number[] = []
  let calls = 0
  const inner = memoryStore()
  const backend = withRetry(
    {
      ...inner,
      head: (name, options) => (++calls <= times ? Promise.reject(error) : inner.head(name, options)),
    },
    { ...defaultRetry, random: () => 0.5, wait: async (pauseMs) => void pausesMs.push(pauseMs) },
  )
  return { backend, pausesMs, calls: () => calls }
}

describe('retry', () => {
  it('tries again with growing pauses what failed for a passing reason', async () => {
    const { backend, pausesMs } = failing(3, outOfReach('ETIMEDOUT'))
    expect(await backend.head('a.age')).toBeNull()
    expect(pausesMs).toEqual([150, 300, 600])
  })

  it('gives up after so many tries', async () => {
    const { backend, calls } = failing(100, outOfReach('EBUSY'))
    expect(await codeOf(backend.head('a.age'))).toBe('store/unreachable')
    expect(calls()).toBe(5)
  })

  it.each([
    outOfReach('ENOENT'),
    new WeightlockError({ code: 'store/full', store: 'nas' }),
    new TypeError('bug'),
  ])('does not repeat what will not pass: %s', async (error) => {
    const { backend, calls } = failing(1, error)
    await expect(backend.head('a.age')).rejects.toBe(error)
    expect(calls()).toBe(1)
  })

  it('does not repeat what the backend tried again itself', async () => {
    const error = outOfReach('ECONNRESET')
    retriedInside.add(error)
    const { backend, calls } = failing(1, error)
    await expect(backend.head('a.age')).rejects.toBe(error)
    expect(calls()).toBe(1)
  })

  it('ends at once when the caller stops during a pause', async () => {
    const stop = new AbortController()
    const inner = memoryStore()
    const backend = withRetry(
      { ...inner, head: () => Promise.reject(outOfReach('EAGAIN')) },
      {
        ...defaultRetry,
        wait: (pauseMs, signal) => {
          queueMicrotask(() => stop.abort())
          return defaultRetry.wait(pauseMs + 60_000, signal)
        },
      },
    )
    const asked = backend.head('a.age', { signal: stop.signal })
    await expect(asked).rejects.toThrow(/abort/i)
  })

  it('never repeats what may have happened', async () => {
    let completes = 0
    const inner = memoryStore()
    const backend = withRetry(
      {
        ...inner,
        completeWrite: () => {
          completes++
          return Promise.reject(outOfReach('ECONNRESET'))
        },
      },
      { ...defaultRetry, wait: async () => undefined },
    )
    expect(await codeOf(putObject(backend, 'a.age', testBytes(3)))).toBe('store/unreachable')
    expect(completes).toBe(1)
  })
})
