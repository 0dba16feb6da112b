import { fail } from '../../shared/failure.ts'
import type { AgeFile } from './age-file.ts'
import { decryptBlock } from './payload-block.ts'
import { chunkCount, chunkRun, chunksOfPlaintext, plaintextSizeBytes, type ChunkRun } from './payload-size.ts'
import type { RangeReader } from './range-reader.ts'
import { payloadKey } from './payload-key.ts'

/** A reader over the plaintext of an age file, in this thread, for a *peek*: few and small ranges. What it gives is
 * authentic, but only *partly verified*: the pin of the file is not checked.
 * @param fileKey 16 bytes, owned by the caller
 * @returns the reader, its size proved by the last chunk, and `close`, which zeroes its key
 * @throws WeightlockError `age/payload-truncated`, `age/payload-altered`, `age/payload-trailing-data`, also from
 * its `read`
 * @see age spec, "Payload": seeking relative to the end verifies the last chunk first */
export async function openPlaintext(
  file: Pick<AgeFile, 'payload' | 'payloadNonce'>,
  fileKey: Uint8Array,
): Promise<RangeReader & { close(): void }> {
  const { payload } = file
  const sizeBytes = plaintextSizeBytes(payload.sizeBytes)
  const key = payloadKey(fileKey, file.payloadNonce)
  const decrypt = (run: ChunkRun) => readRun(payload, key, run)
  try {
    const lastChunk = chunkRun(sizeBytes, chunkCount(sizeBytes) - 1, 1)
    ;(await decrypt(lastChunk)).fill(0)
  } catch (error) {
    key.fill(0)
    throw error
  }
  return {
    sizeBytes,
    read: async (offset, lengthBytes) => {
      const length = Math.min(lengthBytes, sizeBytes - offset)
      if (length <= 0) return new Uint8Array(0)
      const run = chunksOfPlaintext(sizeBytes, { offset, lengthBytes: length })
      const plaintext = await decrypt(run)
      const start = offset - run.plaintext.offset
      return plaintext.subarray(start, start + length)
    },
    close: () => void key.fill(0),
  }
}

async function readRun(payload: RangeReader, key: Uint8Array, run: ChunkRun): Promise<Uint8Array> {
  const ciphertext = await payload.read(run.ciphertext.offset, run.ciphertext.lengthBytes)
  if (ciphertext.length !== run.ciphertext.lengthBytes) return fail({ code: 'age/payload-truncated' })
  const plaintext = new Uint8Array(run.plaintext.lengthBytes)
  const { firstChunk, endsPayload } = run
  const { failure } = decryptBlock({
    payloadKey: key,
    firstChunk,
    endsPayload,
    leaf: null,
    ciphertext,
    plaintext,
  })
  if (failure === null) return plaintext
  plaintext.fill(0)
  return fail(failure)
}
