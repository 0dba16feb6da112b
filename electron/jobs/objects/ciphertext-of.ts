import type { FoundVersion } from '../open-version.ts'
import type { Ciphertext } from './verified-leaves.ts'

/** A stored object as ciphertext to be sent on: header and nonce as they lie there, armor taken off, the payload read
 * under the revision that was found. */
export function ciphertextOf({ version, file, store, info }: FoundVersion): Ciphertext {
  const { payload, payloadOffset, isArmored } = file
  return {
    name: version.name,
    start: Buffer.concat([file.header.bytes, file.payloadNonce]),
    plaintextBytes: file.plaintextBytes,
    pinnedLeafDigests: version.leafDigests,
    read: ({ offset, lengthBytes }, signal, into) =>
      isArmored
        ? payload.read(offset, lengthBytes)
        : store.backend.read(
            info.name,
            { offset: payloadOffset + offset, lengthBytes },
            { revision: info.revision, signal, into },
          ),
  }
}
