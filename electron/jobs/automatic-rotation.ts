/** Where it is set: keys that are due are rewrapped while the program runs, at its start and once a day. Nothing that is
 * tainted: only re-encryption clears that, and somebody has to ask for it. */
import { byItself } from '../catalog/catalog.ts'
import { lookRegularly, type RegularLook } from './look-regularly.ts'
import { startRotation } from './rotation/start-rotation.ts'

type Deps = Parameters<typeof startRotation>[0] & {
  catalog: { getSettings: () => Promise<{ automaticRotation: boolean }> }
  /** A folder that is another machine's rotates nothing. */
  isMine: () => boolean
  onBug: (error: unknown) => void
}

const dayMs = 86_400_000

/** @param deps.onBug what was not expected: keys that are refused stay due, and are shown as that */
export function rotateWhatIsDue(deps: Deps): RegularLook {
  const { catalog, isMine, onBug } = deps
  const lookNow = async (): Promise<void> => {
    if (!isMine() || !(await catalog.getSettings()).automaticRotation) return
    const reason = 'crypto-period-ended' as const
    await startRotation(deps, { keyIds: null, method: 'rewrap', reason, note: 'by itself', by: byItself })
  }
  return lookRegularly(dayMs, lookNow, onBug)
}
