/** Begins scheduled destructions when their date has come, as long as somebody was watching it come and the clock kept
 * still; all others are left to wait for a yes. */
import { byItself, type Catalog } from '../catalog/catalog.ts'
import { clockJump, whatIsDue } from '../keys/retirement-due.ts'
import type { RetirementWait } from '../../shared/domain/retirement.ts'
import { lookRegularly, type RegularLook } from './look-regularly.ts'
import { startRetirement } from './start-retirement.ts'
import type { Runner } from './runner.ts'
import type { Clock } from './system-clock.ts'

type Deps = {
  catalog: Catalog
  runner: Runner
  clock: Clock
  /** Of a folder that is another machine's, nothing is destroyed. */
  isMine: () => boolean
  onBug: (error: unknown) => void
}

const lookEveryMs = 60_000

/** Looks every minute. A destruction waits where the folder was closed on its date, and where the clock jumped and only one
 * of the two clocks says that its date has come. */
export function watchRetirements(deps: Deps): RegularLook {
  const { catalog, clock, isMine, onBug } = deps
  let steady = clock()
  let watchedSinceMs = steady.wallMs

  const wait = (artifactId: Parameters<Catalog['retirementWaits']>[0]['artifactId'], why: RetirementWait) =>
    catalog.retirementWaits({ artifactId, why, by: byItself })

  async function lookNow(): Promise<void> {
    const now = clock()
    const jumpMs = clockJump(steady, now)
    if (jumpMs !== 0) {
      if (isMine()) await catalog.clockJumped(jumpMs)
      steady = now
      watchedSinceMs = now.wallMs
    }
    if (!isMine()) return
    const open = (await catalog.retirements()).filter(({ waits }) => waits === null)
    if (open.length === 0) return
    const newestSeenMs = await catalog.newestSeenAt()
    for (const retirement of open) {
      const { artifactId, destroyAt, aheadMs } = retirement
      const due = whatIsDue(destroyAt, { wallMs: now.wallMs, watchedSinceMs, newestSeenMs, aheadMs })
      if (due === 'not-yet') continue
      if (due !== 'destroy') await wait(artifactId, due)
      else if (await isMoreThanConfirmed(catalog, retirement)) await wait(artifactId, 'changed')
      else {
        // Should it not begin to destroy, because a keychain is locked, it is not begun over and over.
        await wait(artifactId, 'begun')
        await startRetirement(deps, retirement, { who: retirement.by.who, via: 'automatic' })
      }
    }
  }
  return lookRegularly(lookEveryMs, lookNow, onBug)
}

type Scheduled = Awaited<ReturnType<Catalog['retirements']>>[number]

async function isMoreThanConfirmed(catalog: Catalog, { artifactId, confirmed }: Scheduled): Promise<boolean> {
  const { artifacts, keys } = await catalog.retirementImpact([artifactId])
  const isConfirmed = (version: number) =>
    confirmed.versions.some((each) => each.artifactId === artifactId && each.version === version)
  return (
    artifacts.some(({ versions }) => versions.some(({ version }) => !isConfirmed(version))) ||
    keys.some(({ key }) => key.state !== 'destroyed' && !confirmed.keyIds.includes(key.keyId))
  )
}
