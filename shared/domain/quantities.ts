/** Quantities as they cross the boundary: bytes, epoch milliseconds, hexadecimal digests. */
import { z } from 'zod'

export const Millis = z.number().int().nonnegative()

export const SizeBytes = z.number().int().nonnegative()

/** Hex of 32 bytes. */
export const Digest = z.string().regex(/^[0-9a-f]{64}$/)
