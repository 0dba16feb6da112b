/** What an entry of an archive may be called, and may be. Archives come from elsewhere: nothing in them is trusted.
 * @see cryptography.md, section 6 */
import { fail } from '../../../shared/failure.ts'

/** What the target's file system cannot hold. */
export type TargetTraits = {
  /** `Model` and `model` are the same file. */
  foldsCase: boolean
  /** Composed and decomposed letters are the same file. */
  foldsNormalisation: boolean
  /** Names of Windows: drives, streams, devices, trailing dots. */
  windowsNames: boolean
}

export type EntryFacts = { name: Buffer; type: string | null; mode: number; sizeBytes: number }

export type ArchiveRules = {
  /** Checks the next entry.
   * @returns the parts of its name below the archive's root folder; none for the root itself
   * @throws WeightlockError `archive/hostile-entry`, `archive/too-large` */
  check: (entry: EntryFacts) => Buffer[]
}

const setIdBits = 0o6000
const windowsReserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
const windowsForbidden = /[<>:"|?*\\\u0000-\u001f]/

const split = (name: Buffer): Buffer[] => {
  const parts: Buffer[] = []
  let start = 0
  for (let at = 0; at <= name.length; at += 1)
    if (at === name.length || name[at] === 0x2f) {
      parts.push(name.subarray(start, at))
      start = at + 1
    }
  return parts
}

/** @param limitBytes what all files together may hold: the manifest's total, or the room that is free */
export function archiveRules(traits: TargetTraits, limitBytes: number): ArchiveRules {
  const seen = new Map<string, { kind: 'file' | 'directory'; spelling: string }>()
  let totalBytes = 0
  return {
    check: (entry) => {
      const shown = entry.name.toString('utf8')
      const hostile = (reason: string): never => fail({ code: 'archive/hostile-entry', entry: shown, reason })
      if (entry.type !== 'file' && entry.type !== 'contiguous-file' && entry.type !== 'directory')
        return hostile(`a ${entry.type ?? 'thing of unknown type'} is neither a file nor a folder`)
      if (entry.mode & setIdBits) return hostile('it would run with the rights of its owner')
      if (entry.name.includes(0)) return hostile('its name holds a zero byte')
      if (entry.name[0] === 0x2f) return hostile('its path is absolute')
      const parts = split(entry.name).filter((part) => part.length > 0 && !part.equals(Buffer.from('.')))
      if (parts.some((part) => part.equals(Buffer.from('..'))))
        return hostile('its path leads out of the folder')
      for (const part of parts) {
        if (part.length > 255) return hostile('a part of its name is longer than 255 bytes')
        const text = part.toString('utf8')
        if (
          traits.windowsNames &&
          (windowsForbidden.test(text) || windowsReserved.test(text) || /[. ]$/.test(text))
        )
          return hostile('this system cannot hold such a name')
      }
      totalBytes += entry.sizeBytes
      if (totalBytes > limitBytes) return fail({ code: 'archive/too-large', limitBytes })
      const below = parts.slice(1)
      const kind = entry.type === 'directory' ? 'directory' : 'file'
      if (below.length === 0) {
        if (kind === 'file') return hostile('it is a file where the folder should be')
        return below
      }
      const keyOf = (path: Buffer[]): string => {
        const bytes = path.map((part) => part.toString('latin1')).join('/')
        if (!traits.foldsCase && !traits.foldsNormalisation) return bytes
        const text = path.map((part) => part.toString('utf8')).join('/')
        const normal = traits.foldsNormalisation ? text.normalize('NFC') : text
        return traits.foldsCase ? normal.toLowerCase() : normal
      }
      for (let depth = 1; depth <= below.length; depth += 1) {
        const path = below.slice(0, depth)
        const key = keyOf(path)
        const spelling = path.map((part) => part.toString('latin1')).join('/')
        const before = seen.get(key)
        const isLast = depth === below.length
        if (before?.kind === 'file' && !isLast) return hostile('its path leads through a file')
        if (before && before.spelling !== spelling)
          return hostile('this system cannot tell its name from another')
        if (before && isLast && (before.kind === 'file' || kind === 'file'))
          return hostile('another entry has this name already')
        if (!before) seen.set(key, { kind: isLast ? kind : 'directory', spelling })
      }
      return below
    },
  }
}
