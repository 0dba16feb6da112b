import { closeSync, fstatSync, openSync, readSync, readvSync } from 'node:fs'
import { fail } from '../../../shared/failure.ts'
import { fileFailure } from '../../storage/file-failures.ts'
import { readWithoutWaiting } from '../../storage/regular-file.ts'
import { fileIdentity, sameIdentity, type FileIdentity } from '../source/file-identity.ts'
import type { SourcePath, SourceSegment } from './payload-run.ts'

type FileSegment = Extract<SourceSegment, { kind: 'file' }>
type OpenSegment = { segment: FileSegment; fd: number; identity: FileIdentity }

/** Reads ranges of segments that lie one behind the other, in a worker, without a copy in between. */
export type SegmentReader = {
  /** Fills all views, which lie one behind the other in the source.
   * @throws WeightlockError `file/changed-while-reading` where a file is not what it was, and other `file/…` */
  read(views: readonly Uint8Array[], offset: number): void
  /** Compares what is still open with what it was, and closes it.
   * @throws WeightlockError `file/changed-while-reading` */
  close(): void
}

/** Files that one worker keeps open in one run. */
const openLimit = 8

export function createSegmentReader(segments: readonly SourceSegment[]): SegmentReader {
  const starts: number[] = []
  let totalBytes = 0
  for (const segment of segments) {
    starts.push(totalBytes)
    totalBytes += segmentBytes(segment)
  }
  let open: OpenSegment[] = []

  const opened = (segment: FileSegment): OpenSegment => {
    const known = open.find((candidate) => candidate.segment === segment)
    if (known !== undefined) return known
    if (open.length === openLimit) {
      const [oldest, ...rest] = open
      open = rest
      if (oldest !== undefined) closeSegment(oldest)
    }
    const fresh = openSegment(segment)
    open.push(fresh)
    return fresh
  }

  return {
    read: (views, offset) => {
      let index = lastAtOrBefore(starts, offset)
      let at = offset
      let rest: readonly Uint8Array[] = views.filter((view) => view.length > 0)
      while (rest.length > 0) {
        const segment = segments[index]
        const start = starts[index] ?? 0
        if (segment === undefined) throw new RangeError('the source ends before this range')
        const [here, behind] = splitViews(rest, start + segmentBytes(segment) - at)
        if (segment.kind === 'bytes') copyOut(segment.bytes, at - start, here)
        else if (here.length > 0) readFile(opened(segment), at - start, here)
        at = start + segmentBytes(segment)
        rest = behind
        index++
      }
    },
    close: () => {
      const all = open
      open = []
      closeAll(all)
    },
  }
}

const segmentBytes = (segment: SourceSegment): number =>
  segment.kind === 'bytes' ? segment.bytes.length : segment.lengthBytes

const pathText = (path: SourcePath): string =>
  typeof path === 'string' ? path : Buffer.from(path).toString('utf8')

function openSegment(segment: FileSegment): OpenSegment {
  const path = typeof segment.path === 'string' ? segment.path : Buffer.from(segment.path)
  return asFailure(segment, () => {
    const fd = openSync(path, readWithoutWaiting)
    const identity = fileIdentity(fstatSync(fd, { bigint: true }))
    if (segment.identity === null || sameIdentity(identity, segment.identity))
      return { segment, fd, identity }
    closeSync(fd)
    return changed(segment)
  })
}

function closeSegment({ segment, fd, identity }: OpenSegment): void {
  asFailure(segment, () => {
    try {
      if (!sameIdentity(fileIdentity(fstatSync(fd, { bigint: true })), identity)) changed(segment)
    } finally {
      closeSync(fd)
    }
  })
}

/** Closes every one, also behind one that has changed. */
function closeAll([first, ...others]: readonly OpenSegment[]): void {
  if (first === undefined) return
  try {
    closeSegment(first)
  } finally {
    closeAll(others)
  }
}

function readFile({ segment, fd }: OpenSegment, offset: number, views: readonly Uint8Array[]): void {
  asFailure(segment, () => {
    const wanted = views.reduce((sum, view) => sum + view.length, 0)
    let got = 0
    let rest = views
    while (got < wanted) {
      const count = readvSync(fd, rest, segment.fileOffset + offset + got)
      if (count === 0) changed(segment)
      got += count
      if (got < wanted) rest = splitViews(rest, count)[1]
    }
    const end = offset + wanted
    if (end === segment.lengthBytes && readSync(fd, Buffer.alloc(1), 0, 1, segment.fileOffset + end) > 0)
      changed(segment)
  })
}

function copyOut(bytes: Uint8Array, offset: number, views: readonly Uint8Array[]): void {
  let at = offset
  for (const view of views) {
    view.set(bytes.subarray(at, at + view.length))
    at += view.length
  }
}

/** The first `lengthBytes` of the views, and the rest of them. */
function splitViews(views: readonly Uint8Array[], lengthBytes: number): [Uint8Array[], Uint8Array[]] {
  const here: Uint8Array[] = []
  const behind: Uint8Array[] = []
  let room = lengthBytes
  for (const view of views) {
    if (room > 0) here.push(view.subarray(0, room))
    if (view.length > room) behind.push(view.subarray(Math.max(0, room)))
    room -= view.length
  }
  return [here, behind]
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

const changed = (segment: FileSegment): never =>
  fail({ code: 'file/changed-while-reading', path: pathText(segment.path) })

function asFailure<T>(segment: FileSegment, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const failure = fileFailure(error, pathText(segment.path))
    if (failure === null) throw error
    return fail(failure, error)
  }
}
