/** A compromise in words. */
import type { ExposedArtifact, LeakedCopy, TaintedState } from './domain/compromise.ts'

const numbered = (numbers: readonly number[]): string =>
  numbers.length === 1 ? `key ${numbers[0]}` : `keys ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`

/** `key 3 leaked · now key 4`. */
export const howExposed = ({ leaked, now }: Pick<ExposedArtifact, 'leaked' | 'now'>): string =>
  `${numbered(leaked)} leaked${now === null ? '' : ` · now key ${now}`}`

/** `tainted: key 2 leaked; re-encrypt`. */
export const taintedWords = (leaked: readonly number[]): string =>
  `tainted: ${numbered(leaked)} leaked; re-encrypt`

export const taintedStates: Record<TaintedState, string> = {
  'to-do': 'to re-encrypt',
  done: 're-encrypted',
  'given-up': 'given up',
  deleted: 'deleted',
  erased: 'erased',
}

/** What whoever has such a copy must do. */
export const revokeAdvice: Record<LeakedCopy['place'], string> = {
  keychain: 'Delete the item',
  export: 'Delete the file, and its copies',
  import: 'Delete the file, and its copies',
  kit: 'Destroy the kit, and make another',
}
