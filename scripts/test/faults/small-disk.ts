/** A disk of a few megabytes in memory, which can be filled, made read-only and taken away. */
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { requirePeer } from '../require-peer.ts'

export type SmallDisk = {
  path: string
  /** Leaves no room, in a file of its own. */
  fill: () => void
  /** Takes that file away. */
  free: () => void
  setReadOnly: (on: boolean) => void
  /** What is on it stays, and comes back with it. */
  takeAway: () => void
  bringBack: () => void
  remove: () => void
}

const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'pipe' })
const unmount = (path: string): void => void execFileSync('umount', ['-l', path], { stdio: 'pipe' })

/** Whether small disks can be had here; says why not. */
export function hasSmallDisks(): boolean {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0
  return requirePeer('tmpfs', isRoot, 'small disks want Linux and root')
}

/** @param folder an empty place; the disk appears at `disk` in it */
export function smallDisk(folder: string, sizeBytes: number): SmallDisk {
  const [kept, path] = [join(folder, 'kept'), join(folder, 'disk')]
  const filler = join(kept, 'filler')
  mkdirSync(kept, { recursive: true })
  mkdirSync(path)
  mount('-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'weightlock-test', kept)
  mount('--bind', kept, path)
  return {
    path,
    fill: () => {
      const fd = openSync(filler, 'w')
      const block = Buffer.alloc(4096, 1)
      try {
        for (let at = 0; statfsSync(kept).bavail > 0; at += block.length)
          writeSync(fd, block, 0, block.length, at)
      } finally {
        closeSync(fd)
      }
    },
    free: () => rmSync(filler, { force: true }),
    setReadOnly: (on) => mount('-o', `remount,bind,${on ? 'ro' : 'rw'}`, path),
    takeAway: () => unmount(path),
    bringBack: () => mount('--bind', kept, path),
    remove: () => {
      try {
        unmount(path)
      } finally {
        unmount(kept)
      }
    },
  }
}
