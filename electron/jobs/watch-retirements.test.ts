import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newId, JobId, type StoreId, type ArtifactId } from '../../shared/ids.ts'
import { addStore, asCatalog, by, catalogInThread, encrypt } from '../catalog/testing/catalog-in-thread.ts'
import type { CatalogInThread } from '../catalog/testing/catalog-in-thread.ts'
import type { Runner } from './runner.ts'
import type { RegularLook } from './look-regularly.ts'
import { watchRetirements } from './watch-retirements.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

let catalog: CatalogInThread
let storeId: StoreId
let artifactId: ArtifactId
let countMs: number
let started: ArtifactId[]
let watch: RegularLook | null
const bugs: unknown[] = []

const runner = {
  start: async (_kind: string, spec: { artifactId: ArtifactId }) => {
    started.push(spec.artifactId)
    return newId(JobId)
  },
} as unknown as Runner

const open = (isMine = true): RegularLook => {
  watch = watchRetirements({
    catalog: asCatalog(catalog),
    runner,
    clock: () => ({ wallMs: catalog.clock.now, countMs }),
    isMine: () => isMine,
    onBug: (error) => void bugs.push(error),
  })
  return watch
}
/** Time passes as it should. */
const pass = (ms: number) => {
  catalog.clock.now += ms
  countMs += ms
}
const waits = () => catalog.retirements()[0]?.waits
const keyNow = () => {
  const [key] = catalog.artifactKeys(artifactId)
  return [key?.state, key?.destroyAt === null ? null : 'scheduled']
}

beforeEach(() => {
  catalog = catalogInThread()
  countMs = 5_000_000
  started = []
  bugs.length = 0
  storeId = addStore(catalog)
  artifactId = encrypt(catalog, storeId, 'model.pkl').artifactId
  const { keys, artifacts } = catalog.retirementImpact([artifactId])
  catalog.retirementScheduled({
    artifactId,
    destroyAt: catalog.clock.now + 10 * dayMs,
    deleteCiphertext: false,
    confirmed: {
      keyIds: keys.map(({ key }) => key.keyId),
      versions: artifacts.flatMap(({ versions }) => versions.map(({ version }) => ({ artifactId, version }))),
    },
    by,
  })
})
afterEach(async () => {
  await watch?.stop()
  catalog.dispose()
  if (bugs.length > 0) throw bugs[0]
})

describe('a scheduled retirement', () => {
  it('suspends its keys, and begins once its days have passed while somebody watched', async () => {
    expect(keyNow()).toEqual(['suspended', 'scheduled'])
    const { look } = open()
    pass(10 * dayMs - minuteMs)
    await look()
    expect(started).toEqual([])
    pass(2 * minuteMs)
    await look()
    await look()
    expect(started).toEqual([artifactId])
  })

  it('gives its key back as it was when it is cancelled', () => {
    catalog.retirementCancelled({ artifactId, by })
    expect(keyNow()).toEqual(['active', null])
    expect(catalog.retirements()).toEqual([])
  })

  it('waits for a yes where it fell due while the program was closed', async () => {
    pass(11 * dayMs)
    await open().look()
    expect([started, waits()]).toEqual([[], 'closed'])
    pass(dayMs)
    await watch?.look()
    expect(started).toEqual([])
  })

  it('waits for a yes where the clock jumped forwards past its date', async () => {
    const { look } = open()
    pass(minuteMs)
    catalog.clock.now += 30 * dayMs
    await look()
    expect(waits()).toBe('clock')
    pass(40 * dayMs)
    await look()
    expect(started).toEqual([])
  })

  it('is left alone by a jump that is not as far as its date, and waits on the date that came too early', async () => {
    const { look } = open()
    pass(minuteMs)
    catalog.clock.now += 9 * dayMs
    await look()
    expect(waits()).toBeNull()
    // Also after a restart, and a second jump adds to the first.
    await watch?.stop()
    const again = open()
    catalog.clock.now += 60 * minuteMs
    await again.look()
    expect(catalog.retirements()[0]?.aheadMs).toBe(9 * dayMs + 60 * minuteMs)
    pass(dayMs)
    await again.look()
    expect([started, waits()]).toEqual([[], 'clock'])
  })

  it('begins where the clock was set right again before its date', async () => {
    const { look } = open()
    pass(minuteMs)
    catalog.clock.now += 9 * dayMs
    await look()
    catalog.clock.now -= 9 * dayMs
    await look()
    pass(10 * dayMs)
    await look()
    expect(started).toEqual([artifactId])
  })

  it('is left alone by a clock that is set back: its date moves away', async () => {
    const { look } = open()
    pass(minuteMs)
    catalog.clock.now -= 30 * dayMs
    await look()
    pass(39 * dayMs)
    await look()
    expect([started, waits()]).toEqual([[], null])
    pass(dayMs)
    await look()
    expect(started).toEqual([artifactId])
  })

  it('waits where the clock creeps ahead a little each minute', async () => {
    const { look } = open()
    for (let n = 0; n < 10; n++) {
      pass(minuteMs)
      catalog.clock.now += minuteMs
      await look()
    }
    expect(catalog.retirements()[0]?.aheadMs).toBeGreaterThan(5 * minuteMs)
    pass(10 * dayMs - 20 * minuteMs)
    await look()
    expect([started, waits()]).toEqual([[], 'clock'])
  })

  it('does not mind sleep, which the count sees, nor a small correction', async () => {
    const { look } = open()
    pass(9 * dayMs)
    catalog.clock.now += minuteMs
    await look()
    expect(waits()).toBeNull()
    pass(dayMs)
    await look()
    expect(started).toEqual([artifactId])
  })

  it('waits where the log has seen a later date than the clock shows', async () => {
    catalog.clock.now += 100 * dayMs
    catalog.recordEvent({
      event: 'audit-exported',
      on: 'x',
      artifactId: null,
      keyId: null,
      jobId: null,
      facts: {},
      by,
    })
    catalog.clock.now -= 99 * dayMs
    const { look } = open()
    await look()
    expect(waits()).toBeNull()
    pass(10 * dayMs)
    await look()
    expect([started, waits()]).toEqual([[], 'clock'])
  })

  it('waits where there is more to lose than was confirmed', async () => {
    const { look } = open()
    encrypt(catalog, storeId, 'model.pkl')
    pass(10 * dayMs + minuteMs)
    await look()
    expect([started, waits()]).toEqual([[], 'changed'])
  })

  it('does nothing in a folder of another machine, and waits once it was moved here', async () => {
    const { look } = open(false)
    pass(11 * dayMs)
    await look()
    expect([started, waits()]).toEqual([[], null])
    catalog.setMachine({ machineId: 'machine-2', as: 'moved', by })
    expect(waits()).toBe('moved')
  })
})
