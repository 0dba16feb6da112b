import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { EmptyWell } from '../../components/empty-well.tsx'
import { askWindow } from '../../lib/window-requests.ts'

type NothingHereProps = { query: string; archived: boolean; onClear: () => void }

/** In place of rows: nothing found, or an empty folder. */
export function NothingHere({ query, archived, onClear }: NothingHereProps) {
  if (query !== '')
    return (
      <EmptyWell
        title={`Nothing matches “${safeText(query)}”`}
        action={<Button onClick={onClear}>Clear the search</Button>}
      >
        Names, kinds and folders below this place were searched.
      </EmptyWell>
    )
  if (archived)
    return (
      <EmptyWell title="Nothing is archived here">
        Entries that are archived leave the list; their ciphertext and keys stay as they are.
      </EmptyWell>
    )
  return (
    <EmptyWell
      title="Nothing here yet"
      action={
        <Button onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'files' })}>Choose files…</Button>
      }
    >
      Drop a model anywhere on this window, paste it, or choose it.
    </EmptyWell>
  )
}
