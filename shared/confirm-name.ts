/** What is typed before something final: the name, or how many there are. */
import { formatCounted } from './format.ts'

/** The artifact's name; of several, `3 artifacts`. */
export const confirmNameOf = (names: readonly string[]): string => {
  const [only] = names
  return only !== undefined && names.length === 1 ? only : formatCounted(names.length, 'artifact', 'en')
}
