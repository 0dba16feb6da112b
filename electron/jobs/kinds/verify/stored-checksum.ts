/** What a store attests of an object now, beside what it attested when the object was stored. */
import type { ObjectChecksum } from '../../../../shared/domain/object-checksum.ts'

/** `unknown`: nothing was recorded, or nothing is attested, or of another kind.
 * Over parts it also changes with where the parts were cut (a copy inside the store): that tells nothing. */
export function compareChecksums(
  recorded: ObjectChecksum | null,
  attested: ObjectChecksum | null,
): 'same' | 'differs' | 'unknown' {
  if (recorded === null || attested === null) return 'unknown'
  if (recorded.algorithm !== attested.algorithm || recorded.kind !== attested.kind) return 'unknown'
  if (recorded.value === attested.value) return 'same'
  return recorded.kind === 'full' ? 'differs' : 'unknown'
}
