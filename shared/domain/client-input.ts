/** What a client hands in and main alone understands. */
import { z } from 'zod'
import { PathToken } from '../ids.ts'

/** A path: the window holds a token, the terminal an absolute path. Each side is refused the other's. */
export const PathRef = z.union([
  z.object({ token: PathToken }).strict(),
  z.object({ path: z.string().min(1).max(32_768) }).strict(),
])
export type PathRef = z.infer<typeof PathRef>

/** What was typed and must not be echoed: crosses inward once. */
export const TypedSecret = z.string().min(1).max(4096)
