/** How an object is cut into the parts of an upload, and what a store allows. Pure arithmetic.
 * @see cryptography.md, section 5 ("Multipart without temporary files") and section 8 */
const MiB = 2 ** 20
const GiB = 2 ** 30
const TiB = 2 ** 40

/** What an S3 store takes. The last part may be smaller than `minPartBytes`. */
export type PartLimits = {
  minPartBytes: number
  maxPartBytes: number
  maxParts: number
  /** A PUT of the whole object at once, and a server-side copy of it. */
  maxSingleBytes: number
  maxObjectBytes: number
}

const usual = { minPartBytes: 5 * MiB, maxPartBytes: 5 * GiB, maxParts: 10_000, maxSingleBytes: 5e9 }
/** 48.8 TiB: as many parts as there may be, each as large as it may be. */
export const awsLimits: PartLimits = { ...usual, maxObjectBytes: usual.maxParts * usual.maxPartBytes }
export const compatibleLimits: PartLimits = { ...usual, maxObjectBytes: 5 * TiB }

/** What is no larger is put in one request, from memory. */
export const heldBytes = MiB

const smallestPartBytes = 16 * MiB

/** The part size of an object: 16 MiB, or as many whole MiB as 10,000 parts need.
 * @param sizeBytes of the whole object */
export const partSizeBytes = (sizeBytes: number): number =>
  Math.max(smallestPartBytes, Math.ceil(sizeBytes / usual.maxParts / MiB) * MiB)

/** An empty object is one empty part. */
export const partCountOf = (sizeBytes: number, partBytes: number): number =>
  Math.max(1, Math.ceil(sizeBytes / partBytes))

export type LayoutProblem = 'object-too-large' | 'part-too-small' | 'part-too-large' | 'too-many-parts'

/** @returns why an object cannot be stored in parts of this size, or null */
export function layoutProblem(
  limits: PartLimits,
  { sizeBytes, partBytes }: { sizeBytes: number; partBytes: number },
): LayoutProblem | null {
  if (sizeBytes > limits.maxObjectBytes) return 'object-too-large'
  if (partBytes > limits.maxPartBytes && sizeBytes > limits.maxPartBytes) return 'part-too-large'
  if (sizeBytes <= partBytes) return null
  if (partBytes < limits.minPartBytes) return 'part-too-small'
  return partCountOf(sizeBytes, partBytes) > limits.maxParts ? 'too-many-parts' : null
}
