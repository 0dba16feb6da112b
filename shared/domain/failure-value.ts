import { z } from 'zod'
import type { Failure } from '../failure.ts'

/** A failure as data; its facts were checked where it was made. */
export const FailureValue = z.custom<Failure>(
  (value) =>
    typeof value === 'object' && value !== null && typeof (value as { code?: unknown }).code === 'string',
)
