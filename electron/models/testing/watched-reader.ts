import { memoryReader, type ByteReader } from '../byte-reader.ts'

/** A reader that notes what it is asked for, and fails the test where that lies outside the file. */
export interface WatchedReader extends ByteReader {
  readonly reads: { offset: number; lengthBytes: number }[]
  totalBytes(): number
}

export function watchReader(inner: ByteReader): WatchedReader {
  const reads: { offset: number; lengthBytes: number }[] = []
  return {
    sizeBytes: inner.sizeBytes,
    reads,
    totalBytes: () => reads.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0),
    read(offset, lengthBytes) {
      const isInside = offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= inner.sizeBytes
      if (!isInside)
        throw new Error(`read of ${lengthBytes} at ${offset} is outside of ${inner.sizeBytes} bytes`)
      reads.push({ offset, lengthBytes })
      return inner.read(offset, lengthBytes)
    },
  }
}

export const watchBytes = (bytes: Uint8Array): WatchedReader => watchReader(memoryReader(bytes))

/** A file of which only the start has content; the rest is zeroes that are never kept in memory. */
export const sparseReader = (start: Uint8Array, sizeBytes: number): ByteReader => ({
  sizeBytes,
  read(offset, lengthBytes) {
    const bytes = new Uint8Array(Math.max(0, Math.min(lengthBytes, sizeBytes - offset)))
    bytes.set(start.subarray(Math.min(offset, start.length), Math.min(offset + bytes.length, start.length)))
    return Promise.resolve(bytes)
  },
})
