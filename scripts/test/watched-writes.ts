/** What a process hands to the system to be written, all of it, as `strace` sees it: every thread of every child, to
 * files, pipes and sockets. Rings and mapped files, which would go past it, are refused or reported. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { requirePeer } from './require-peer.ts'

const writes = ['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'sendto', 'sendmsg', 'sendmmsg']
/** From one descriptor to another, past the process: what they carry is not seen. */
const passes = ['sendfile', 'copy_file_range', 'splice', 'vmsplice', 'tee']
const traced = [...writes, ...passes, 'mmap', 'io_uring_setup']

const strace = (path: string): string[] => [
  'strace',
  '-fqyx',
  '--seccomp-bpf',
  `--string-limit=${2 ** 26}`,
  `--output=${path}`,
  `--trace=${traced.join(',')}`,
  // As on a system without them: what is submitted in a ring is no call of its own.
  '--inject=io_uring_setup:error=ENOSYS',
]

/** Whether processes can be watched here; says why not. A machine that has strace may forbid it to trace. */
export function canWatchWrites(): boolean {
  const version = spawnSync('strace', ['--version'])
  if (!requirePeer('strace', version.status === 0, 'no strace on the PATH (Debian: apt-get install strace)'))
    return false
  const [program = '', ...args] = strace('/dev/null')
  const tried = spawnSync(program, [...args, 'true'], { encoding: 'utf8' })
  if (tried.status === 0) return true
  process.stderr.write(`skipped, strace may not trace here: ${tried.stderr.trim().split('\n')[0]}\n`)
  return false
}

export type WatchedWrite = {
  /** As strace names it: a path, `socket:[1]`, `pipe:[2]`. */
  to: string
  isFile: boolean
  /** Of what was handed over. */
  sizeBytes: number
  /** @param bytes some of which are not ASCII */
  holds: (bytes: Uint8Array) => boolean
}
export type WatchedWrites = {
  writes: WatchedWrite[]
  /** Ways to write that a watch of calls does not see: empty, or nothing is proved. */
  unseen: string[]
}

/** @param tracePath a file of this run alone
 * @returns what stands in front of a command that is to be watched, and what it wrote once it has ended */
export const watchWrites = (tracePath: string): { under: string[]; read: () => WatchedWrites } => ({
  under: strace(tracePath),
  read: () => readTrace(readFileSync(tracePath, 'latin1').split('\n')),
})

const escaped = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

/** SQLite's index of its log: page numbers, no rows. */
const isHarmlessMap = (line: string): boolean => line.includes('-shm>')

function readTrace(lines: string[]): WatchedWrites {
  const found: WatchedWrites = { writes: [], unseen: [] }
  for (const line of lines) {
    const [, call = '', to = ''] = /^\d+ +(\w+)\((?:\d+<([^>]*)>)?/.exec(line) ?? []
    if (writes.includes(call))
      found.writes.push({
        to,
        isFile: to.startsWith('/') && !to.startsWith('/proc/'),
        sizeBytes: line.split('\\x').length - 1,
        holds: (bytes) => line.includes(escaped(bytes)),
      })
    const isSharedMap = call === 'mmap' && /PROT_WRITE.*MAP_SHARED.*\d+</.test(line)
    const isRing = /\bio_uring_setup\b.*\) += \d/.test(line)
    if (passes.includes(call) || isRing || (isSharedMap && !isHarmlessMap(line)))
      found.unseen.push(line.slice(0, 200))
  }
  return found
}
