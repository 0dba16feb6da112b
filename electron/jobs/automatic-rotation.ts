/** Where it is set: keys that are due are rewrapped while the program runs, at its start and once a day. Nothing that is
 * tainted: only re-encryption clears that, and somebody has to ask for it. */
import { byItself } from '../catalog/catalog.ts'
import { startRotation } from './rotation/start-rotation.ts'

type Deps = Parameters<typeof startRotation>[0] & {
  catalog: { getSettings: () => Promise<{ automaticRotation: boolean }> }
  /** A folder that is another machine's rotates nothing. */
  isMine: () => boolean
  onBug: (error: unknown) => void
}

export type AutomaticRotation = {
  /** Looks now. */
  look: () => Promise<void>
  stop: () => Promise<void>
}

const dayMs = 86_400_000

export function rotateWhatIsDue(deps: Deps): AutomaticRotation {
  const { catalog, isMine, onBug } = deps
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false

  async function lookNow(): Promise<void> {
    if (isStopped || !isMine() || !(await catalog.getSettings()).automaticRotation) return
    const reason = 'crypto-period-ended' as const
    // What is refused stays due, and is shown as that.
    await startRotation(deps, { keyIds: null, method: 'rewrap', reason, note: 'by itself', by: byItself })
  }
  const look = (): Promise<void> => {
    looking = looking.then(lookNow).catch(onBug)
    return looking
  }
  const timer = setInterval(() => void look(), dayMs)
  timer.unref()
  void look()
  return {
    look,
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await looking
    },
  }
}
