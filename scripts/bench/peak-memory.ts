import { readFileSync } from 'node:fs'

/** Highest resident memory of a process, in bytes; 0 where it cannot be known. What `getrusage` tells includes the
 * process that started it, so that it serves only where there is no `/proc`.
 * @param pid of another process, or this one's where left out */
export function peakMemoryBytes(pid?: number): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid ?? 'self'}/status`, 'utf8'))
    return Number(match?.[1] ?? 0) * 1024
  } catch {
    return pid === undefined ? process.resourceUsage().maxRSS * 1024 : 0
  }
}
