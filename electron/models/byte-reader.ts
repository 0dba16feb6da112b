/**
 * Random access to the bytes of one file, wherever it lies (a local file, a decrypted artifact, memory).
 * Inspection asks for few, small ranges, so a reader may be slow, but it must be honest:
 * `read` gives exactly `lengthBytes` bytes, or fewer only where the file ends. A reader's own failures are thrown
 * through inspection unchanged.
 */
export interface ByteReader {
  readonly sizeBytes: number
  read(offset: number, lengthBytes: number): Promise<Uint8Array>
}

/** A reader over bytes in memory. They are not copied. */
export function memoryReader(bytes: Uint8Array): ByteReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, lengthBytes) => Promise.resolve(bytes.subarray(offset, offset + lengthBytes)),
  }
}

/** A part of a reader as a reader of its own; what would reach past the outer end is cut off. */
export function sliceReader(outer: ByteReader, start: number, lengthBytes: number): ByteReader {
  const from = Math.min(start, outer.sizeBytes)
  const sizeBytes = Math.max(0, Math.min(lengthBytes, outer.sizeBytes - from))
  return {
    sizeBytes,
    read: (offset, length) => {
      const begin = Math.min(offset, sizeBytes)
      return outer.read(from + begin, Math.max(0, Math.min(length, sizeBytes - begin)))
    },
  }
}
