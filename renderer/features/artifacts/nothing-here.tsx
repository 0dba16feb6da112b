import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { askWindow } from '../../lib/window-requests.ts'
import classes from './artifacts-page.module.css'

/** In place of rows: nothing found, or an empty folder. It teaches the one thing to do. */
export function NothingHere({ query, onClear }: { query: string; onClear: () => void }) {
  return (
    <div className={classes.empty}>
      {query === '' ? (
        <>
          <h2>Nothing here yet</h2>
          <p>Drop a model anywhere on this window, paste it, or choose it.</p>
          <Button onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'files' })}>
            Choose files…
          </Button>
        </>
      ) : (
        <>
          <h2>Nothing matches “{safeText(query)}”</h2>
          <p>Names, kinds and folders below this place were searched.</p>
          <Button onClick={onClear}>Clear the search</Button>
        </>
      )}
    </div>
  )
}
