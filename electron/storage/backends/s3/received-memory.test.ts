import { constants, PerformanceObserver } from 'node:perf_hooks'
import { expect, it, onTestFinished, vi } from 'vitest'
import { wasCopied } from './received-memory.ts'

const { NODE_PERFORMANCE_GC_MINOR, NODE_PERFORMANCE_GC_FLAGS_FORCED } = constants
const MiB = 2 ** 20

it('has what is young looked at once for each 16 MiB, and nothing else', async () => {
  const asked: number[] = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!isCollection(entry)) continue
      const { kind, flags } = entry.detail
      if ((flags & NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0) asked.push(kind)
    }
  })
  onTestFinished(() => observer.disconnect())
  observer.observe({ entryTypes: ['gc'] })
  for (let n = 0; n < 70; n++) wasCopied(MiB)
  const minor = NODE_PERFORMANCE_GC_MINOR
  await vi.waitFor(() => expect(asked).toEqual([minor, minor, minor, minor]))
})

it('leaves nothing behind for others to call', () => {
  expect('gc' in globalThis).toBe(false)
})

function isCollection(entry: object): entry is { detail: { kind: number; flags: number } } {
  return 'detail' in entry
}
