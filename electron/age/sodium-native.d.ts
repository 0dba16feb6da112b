/** The few functions of sodium-native 5.1.0 that the payload needs. They check lengths with C assertions only,
 * so `payload-block.ts` checks them first. A tag that does not match throws. */
declare module 'sodium-native' {
  type ChaCha20Poly1305 = {
    /** @param ciphertext exactly 16 bytes longer than the message; may start where the message starts */
    crypto_aead_chacha20poly1305_ietf_encrypt(
      ciphertext: Uint8Array,
      message: Uint8Array,
      additionalData: null,
      secretNonce: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
    /** @param message exactly 16 bytes shorter than the ciphertext
     * @throws Error where the tag does not match */
    crypto_aead_chacha20poly1305_ietf_decrypt(
      message: Uint8Array,
      secretNonce: null,
      ciphertext: Uint8Array,
      additionalData: null,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number
  }
  const sodium: ChaCha20Poly1305
  export = sodium
}
