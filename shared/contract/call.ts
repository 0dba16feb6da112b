import type { z } from 'zod'

/** Who makes calls: the window holds tokens, a terminal paths. */
export type Client = 'window' | 'terminal'

/** Who may make a call. */
export type Audience = Client | 'both'

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
