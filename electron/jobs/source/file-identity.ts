import type { BigIntStats } from 'node:fs'

/** What tells a file from another, or from itself after a change. Compared, and not relied on alone. */
export type FileIdentity = {
  device: string
  inode: string
  sizeBytes: number
  mtimeNs: string
  ctimeNs: string
}

export const fileIdentity = (stats: BigIntStats): FileIdentity => ({
  device: String(stats.dev),
  inode: String(stats.ino),
  sizeBytes: Number(stats.size),
  mtimeNs: String(stats.mtimeNs),
  ctimeNs: String(stats.ctimeNs),
})

/** True where nothing that the system tells has changed. */
export const sameIdentity = (one: FileIdentity, other: FileIdentity): boolean =>
  one.device === other.device &&
  one.inode === other.inode &&
  one.sizeBytes === other.sizeBytes &&
  one.mtimeNs === other.mtimeNs &&
  one.ctimeNs === other.ctimeNs
