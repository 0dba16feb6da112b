import { Button } from '../../components/button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import type { EntryRows } from './use-entries.ts'
import classes from './artifacts-page.module.css'

type ArtifactsFootProps = {
  rows: EntryRows
  /** In all stores. */
  archived: number
  showsArchived: boolean
  onArchived: (shows: boolean) => void
}

/** What all of it comes to: of the place or the search, not of what happens to be in view. Stored is the ciphertext,
 * which is a little more than the sizes in the rows. */
export function ArtifactsFoot({ rows, archived, showsArchived, onArchived }: ArtifactsFootProps) {
  const format = useFormat()
  const { page } = rows
  return (
    <div className={classes.foot}>
      {page ? (
        <span title={format.exactBytes(page.ciphertextBytes)}>
          {format.counted(page.artifacts, showsArchived ? 'archived artifact' : 'artifact')} ·{' '}
          {format.bytes(page.ciphertextBytes)} stored
        </span>
      ) : (
        <span />
      )}
      <span className={classes.rest}>
        {page && page.otherObjects > 0 ? (
          <span>{format.counted(page.otherObjects, 'other object')}</span>
        ) : null}
        {archived > 0 || showsArchived ? (
          <Button kind="link" aria-pressed={showsArchived} onClick={() => onArchived(!showsArchived)}>
            {showsArchived ? 'Back to the list' : `${format.count(archived)} archived`}
          </Button>
        ) : null}
      </span>
    </div>
  )
}
