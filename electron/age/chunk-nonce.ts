/** Length of the key under which all chunks of a payload are encrypted. */
export const payloadKeyBytes = 32
const chunkNonceBytes = 12

/** A nonce to be filled by `setChunkNonce`. */
export const newChunkNonce = (): Uint8Array => new Uint8Array(chunkNonceBytes)

/** Writes the nonce of a chunk: 11 bytes of big-endian counter, then the flag of the last chunk. A chunk depends
 * on nothing but payload key and this, so that any run of chunks can be done alone.
 * @param index counted from 0, a safe integer */
export function setChunkNonce(nonce: Uint8Array, index: number, isLast: boolean): void {
  const view = new DataView(nonce.buffer, nonce.byteOffset, chunkNonceBytes)
  view.setUint32(3, Math.floor(index / 2 ** 32))
  view.setUint32(7, index % 2 ** 32)
  view.setUint8(11, isLast ? 1 : 0)
}
