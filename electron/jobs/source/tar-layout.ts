/**
 * A folder as a tar stream whose every byte has a known place before anything is read, so that ranges of it can be
 * encrypted in any order and in parallel. GNU tar format: long names and sizes over 8 GiB as GNU and BSD tar read
 * them, names as the bytes that they are.
 * @see GNU tar manual, "Basic Tar Format"
 */
import type { FolderEntry } from './scan-folder.ts'

const blockBytes = 512

/** A run of the stream: bytes that are known, or a range of a file. Contiguous, in order. */
export type TarSegment =
  | { kind: 'bytes'; offset: number; bytes: Buffer }
  | { kind: 'file'; offset: number; lengthBytes: number; entry: FolderEntry }

export type TarLayout = { sizeBytes: number; segments: TarSegment[] }

const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`

/** Sizes of 8 GiB and more as GNU's base-256: a set high bit, then big-endian. */
function sizeField(sizeBytes: number): Buffer {
  if (sizeBytes < 8 ** 11) return Buffer.from(octal(sizeBytes, 12), 'latin1')
  const field = Buffer.alloc(12)
  field[0] = 0x80
  field.writeBigUInt64BE(BigInt(sizeBytes), 4)
  return field
}

function headerBlock(
  name: Buffer,
  type: '0' | '5' | 'L',
  sizeBytes: number,
  mode: number,
  mtimeMs: number,
): Buffer {
  const block = Buffer.alloc(blockBytes)
  name.copy(block, 0, 0, 100)
  block.write(octal(mode & 0o777, 8), 100, 'latin1')
  block.write(octal(0, 8), 108, 'latin1')
  block.write(octal(0, 8), 116, 'latin1')
  sizeField(sizeBytes).copy(block, 124)
  block.write(octal(Math.max(0, Math.floor(mtimeMs / 1000)), 12), 136, 'latin1')
  block.fill(0x20, 148, 156)
  block.write(type, 156, 'latin1')
  block.write('ustar  \0', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

const padding = (lengthBytes: number): Buffer =>
  Buffer.alloc((blockBytes - (lengthBytes % blockBytes)) % blockBytes)

function entryHeader(
  name: Buffer,
  type: '0' | '5',
  sizeBytes: number,
  mode: number,
  mtimeMs: number,
): Buffer {
  const header = headerBlock(name, type, sizeBytes, mode, mtimeMs)
  if (name.length <= 100) return header
  const long = Buffer.concat([name, Buffer.of(0)])
  return Buffer.concat([
    headerBlock(Buffer.from('././@LongLink'), 'L', long.length, 0, 0),
    long,
    padding(long.length),
    header,
  ])
}

/** Lays out a folder.
 * @param root name of the folder inside the archive, one part
 * @param entries in their fixed order; sizes are those of the scan */
export function tarLayout(root: Buffer, entries: readonly FolderEntry[]): TarLayout {
  const segments: TarSegment[] = []
  let offset = 0
  let pending: Buffer[] = []
  const flush = () => {
    const bytes = Buffer.concat(pending)
    pending = []
    if (bytes.length === 0) return
    segments.push({ kind: 'bytes', offset, bytes })
    offset += bytes.length
  }
  const inRoot = (name: Buffer, isFolder: boolean) =>
    Buffer.concat([root, Buffer.from('/'), name, Buffer.from(isFolder && name.length > 0 ? '/' : '')])
  pending.push(entryHeader(inRoot(Buffer.alloc(0), true), '5', 0, 0o755, 0))
  for (const entry of entries) {
    const isFolder = entry.kind === 'directory'
    const sizeBytes = isFolder ? 0 : entry.stat.sizeBytes
    const mode = isFolder ? 0o755 : entry.stat.mode & 0o100 ? 0o755 : 0o644
    pending.push(
      entryHeader(inRoot(entry.name, isFolder), isFolder ? '5' : '0', sizeBytes, mode, entry.stat.mtimeMs),
    )
    if (sizeBytes === 0) continue
    flush()
    segments.push({ kind: 'file', offset, lengthBytes: sizeBytes, entry })
    offset += sizeBytes
    pending.push(padding(sizeBytes))
  }
  pending.push(Buffer.alloc(2 * blockBytes))
  flush()
  return { sizeBytes: offset, segments }
}
