import type { ArtifactId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { failureFrom, useInvoke } from '../lib/use-call.ts'
import { showFailure, showNotice } from './notice.tsx'

type Entry = { artifactId: ArtifactId; name: string }

/** Takes an entry out of the list, or brings it back, and offers to undo that; what failed is shown. */
export function useArchiveEntry(): (entry: Entry, isArchived: boolean) => Promise<void> {
  const invoke = useInvoke()
  return async ({ artifactId, name }, isArchived) => {
    const set = async (to: boolean): Promise<boolean> => {
      try {
        await invoke('artifacts:archive', { artifactIds: [artifactId], isArchived: to })
        return true
      } catch (error) {
        showFailure(failureFrom(error))
        return false
      }
    }
    if (!(await set(isArchived))) return
    const what = safeText(name.slice(name.lastIndexOf('/') + 1))
    showNotice({
      title: isArchived ? `${what} archived` : `${what} is back in the list`,
      message: isArchived ? 'Its ciphertext and its keys are as they were.' : '',
      action: { label: 'Undo', run: () => void set(!isArchived) },
    })
  }
}
