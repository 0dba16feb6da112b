import type { z } from 'zod'

/** Who may make a call: the window (holds tokens), the terminal (holds paths), or both. */
export type Audience = 'window' | 'terminal' | 'both'

export type Call<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> = {
  audience: Audience
  request: Request
  response: Response
}

/** One entry of the contract. */
export const call = <Request extends z.ZodType, Response extends z.ZodType>(
  audience: Audience,
  request: Request,
  response: Response,
): Call<Request, Response> => ({ audience, request, response })
