import { useFormat } from '../../lib/use-format.ts'
import type { EntryRows } from './use-entries.ts'
import classes from './artifacts-page.module.css'

/** What all of it comes to: of the place or the search, not of what happens to be in view. Stored is the ciphertext,
 * which is a little more than the sizes in the rows. */
export function ArtifactsFoot({ rows }: { rows: EntryRows }) {
  const format = useFormat()
  const { page } = rows
  return (
    <div className={classes.foot}>
      {page ? (
        <span title={format.exactBytes(page.ciphertextBytes)}>
          {format.counted(page.artifacts, 'artifact')} · {format.bytes(page.ciphertextBytes)} stored
        </span>
      ) : (
        <span />
      )}
      {page && page.otherObjects > 0 ? (
        <span>{format.counted(page.otherObjects, 'other object')}</span>
      ) : null}
    </div>
  )
}
