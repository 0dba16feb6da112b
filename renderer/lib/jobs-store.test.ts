import { describe, expect, it } from 'vitest'
import { jobId, jobView } from '../testing/builders.ts'
import { makeFakeBridge } from '../testing/fake-bridge.ts'
import { isOpen, makeJobsStore } from './jobs-store.ts'

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const titles = (store: ReturnType<typeof makeJobsStore>): string[] =>
  store.get().jobs.map(({ title, doneBytes }) => `${title} ${doneBytes}`)

describe('jobs', () => {
  it('are a snapshot, then patches, then gone', async () => {
    const bridge = makeFakeBridge({
      'jobs:snapshot': () => ({ jobs: [jobView({ n: 1, title: 'a', doneBytes: 1 })] }),
    })
    const store = makeJobsStore(bridge)
    store.start()
    expect(store.get().loaded).toBe(false)
    await settled()
    expect(titles(store)).toEqual(['a 1'])
    bridge.emit('jobs:changed', {
      jobs: [jobView({ n: 1, title: 'a', doneBytes: 2 }), jobView({ n: 2, title: 'b', doneBytes: 0 })],
      removed: [],
    })
    expect(titles(store)).toEqual(['a 2', 'b 0'])
    bridge.emit('jobs:changed', { jobs: [], removed: [jobId(1)] })
    expect(titles(store)).toEqual(['b 0'])
  })

  it('keep a patch that overtook the snapshot', async () => {
    const bridge = makeFakeBridge({
      'jobs:snapshot': () => ({ jobs: [jobView({ n: 1, title: 'a', doneBytes: 1 })] }),
    })
    const store = makeJobsStore(bridge)
    store.start()
    bridge.emit('jobs:changed', { jobs: [jobView({ n: 1, title: 'a', doneBytes: 9 })], removed: [] })
    await settled()
    expect(titles(store)).toEqual(['a 9'])
  })

  it('are no longer told once nobody listens', async () => {
    const bridge = makeFakeBridge()
    const store = makeJobsStore(bridge)
    const stop = store.start()
    await settled()
    stop()
    bridge.emit('jobs:changed', { jobs: [jobView()], removed: [] })
    expect(store.get().jobs).toEqual([])
  })

  it('are open until they are done or cancelled: what failed waits for the user', () => {
    const states = ['queued', 'running', 'paused', 'failed', 'unresolved', 'done', 'cancelled'] as const
    expect(states.filter((state) => isOpen(jobView({ state })))).toEqual(states.slice(0, 5))
  })
})
