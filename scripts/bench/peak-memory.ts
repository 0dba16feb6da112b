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

/** The same for a process and those that it started itself: the largest of them.
 * @param pid of another process */
export function peakMemoryOfFamily(pid: number): number {
  const family = [pid, ...childrenOf(pid)]
  return Math.max(...family.map((member) => peakMemoryBytes(member)))
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
