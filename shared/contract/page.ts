import { z } from 'zod'

/** Which rows of a list are asked for: a part of every request for one. */
export const Page = {
  offset: z.number().int().nonnegative(),
  limit: z.number().int().min(1).max(200),
}
