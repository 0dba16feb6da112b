/** Random access to bytes, wherever they lie. `read` gives exactly `lengthBytes`, or fewer where the bytes end. */
export type RangeReader = {
  readonly sizeBytes: number
  read(offset: number, lengthBytes: number): Promise<Uint8Array>
}

/** A reader over bytes in memory, which are not copied. */
export const bytesReader = (bytes: Uint8Array): RangeReader => ({
  sizeBytes: bytes.length,
  read: async (offset, lengthBytes) => bytes.subarray(offset, offset + lengthBytes),
})
