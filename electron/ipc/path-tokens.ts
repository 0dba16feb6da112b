import { newId, PathToken } from '../../shared/ids.ts'
import { fail } from '../../shared/failure.ts'

/** What a path was given for, and the only thing that it may be used for: to be read, to be written, as the folder in
 * which a name to be written is chosen, as the folder of a store. */
export type PathPurpose = 'read' | 'write' | 'write-into' | 'store'

/** Paths that the window was given, by opaque tokens. A page cannot make one up: they are random. */
export type PathTokens = {
  mint: (path: string, purpose: PathPurpose) => PathToken
  /** @throws file/token-unknown, also where the token was given for something else */
  resolve: (token: PathToken, purpose: PathPurpose) => string
}

/** @param limit how many are remembered; the oldest go first */
export function createPathTokens(limit = 200_000): PathTokens {
  const given = new Map<PathToken, { path: string; purpose: PathPurpose }>()
  return {
    mint: (path, purpose) => {
      const token = newId(PathToken)
      given.set(token, { path, purpose })
      const oldest = given.size > limit ? given.keys().next() : undefined
      if (oldest && !oldest.done) given.delete(oldest.value)
      return token
    },
    resolve: (token, purpose) => {
      const found = given.get(token)
      return found?.purpose === purpose ? found.path : fail({ code: 'file/token-unknown' })
    },
  }
}
