import { newId, PathToken } from '../../shared/ids.ts'
import { fail } from '../../shared/failure.ts'

/** Paths that the window was given, by opaque tokens. A page cannot make one up: they are random. */
export type PathTokens = {
  mint: (path: string) => PathToken
  /** @throws file/token-unknown */
  resolve: (token: PathToken) => string
}

/** @param limit how many are remembered; the oldest go first */
export function createPathTokens(limit = 200_000): PathTokens {
  const paths = new Map<PathToken, string>()
  return {
    mint: (path) => {
      const token = newId(PathToken)
      paths.set(token, path)
      const oldest = paths.size > limit ? paths.keys().next() : undefined
      if (oldest && !oldest.done) paths.delete(oldest.value)
      return token
    },
    resolve: (token) => paths.get(token) ?? fail({ code: 'file/token-unknown' }),
  }
}
