/** The wall clock, and a count beside it that nobody sets. */
import { uptime } from 'node:os'

export type Reading = { wallMs: number; countMs: number }
export type Clock = () => Reading

/** The count goes on while the machine sleeps: since boot on Linux and Windows; on macOS the high-resolution time, which
 * does so there. (`os.uptime` follows the wall clock on macOS, and `hrtime` stands still during sleep on Linux.) */
export const systemClock: Clock = () => ({
  wallMs: Date.now(),
  countMs:
    process.platform === 'darwin'
      ? Number(process.hrtime.bigint() / 1_000_000n)
      : Math.round(uptime() * 1000),
})
