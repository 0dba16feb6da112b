/** What a store attests of an object's bytes, and what was recorded of that when it was stored. `parts`: over the
 * checksums of the parts of its upload. */
export type ObjectChecksum = { algorithm: string; value: string; kind: 'full' | 'parts' }
