/**
 * Keeps memory that may hold an identity out of files (cryptography.md, section 3): Node's reports are off, a core
 * dump holds no heap, and children inherit no `NODE_OPTIONS`. Each entry calls it first.
 *
 * Node has no `setrlimit`, so a core file as such cannot be forbidden from inside; on Linux the kernel is told to
 * leave every memory mapping out of it. On macOS and Windows dumps are the system's setting. Swap is not touched:
 * the threat model names both.
 */
import { writeFileSync } from 'node:fs'

/** Never fails: what the system refuses stays as it was.
 * @returns what could not be done, for the log and the diagnostics */
export function hardenProcess(): string[] {
  const undone: string[] = []
  process.report.reportOnFatalError = false
  process.report.reportOnSignal = false
  process.report.reportOnUncaughtException = false
  process.report.excludeEnv = true
  delete process.env.NODE_OPTIONS
  try {
    if (process.platform === 'linux') writeFileSync('/proc/self/coredump_filter', '0')
    else undone.push('Core dumps are left to the settings of the system.')
  } catch {
    undone.push('Core dumps could not be kept free of memory.')
  }
  return undone
}
