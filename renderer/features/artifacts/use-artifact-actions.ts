import { useLocation } from 'wouter'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { useArchiveEntry } from '../../components/use-archive-entry.ts'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useInvoke } from '../../lib/use-call.ts'
import { askWindow } from '../../lib/window-requests.ts'

type Copy = (text: string, what: string) => Promise<void>

/** Copies through the host's clipboard and says so; what failed is shown. */
export function useCopy(): Copy {
  const invoke = useInvoke()
  return async (text, what) => {
    try {
      await invoke('program:copy-text', { text })
      showNotice({ title: `Copied: ${what}`, isShort: true })
    } catch (error) {
      showFailure(failureFrom(error))
    }
  }
}

export type ArtifactActions = {
  decrypt: (version: number | null) => void
  verify: () => Promise<void>
  reveal: () => Promise<void>
  copyToStore: () => void
  moveToStore: () => void
  deleteCiphertext: () => void
  copy: Copy
  showKey: () => void
  rotateKey: () => void
  exportIdentity: () => void
  destroyKey: () => void
  retire: () => void
  /** Out of the list or back, to be undone for 10 s. */
  archive: (isArchived: boolean) => Promise<void>
  /** The newest one. */
  showCertificate: () => Promise<void>
}

/** What can be done with one artifact, from the panel, its menus and the keyboard alike. */
export function useArtifactActions(
  artifact: Pick<ArtifactRow, 'artifactId' | 'keyId' | 'name' | 'storeId'>,
): ArtifactActions {
  const invoke = useInvoke()
  const copy = useCopy()
  const [, navigate] = useLocation()
  const showJobs = useJobsNotice()
  const archive = useArchiveEntry()
  const { artifactId, keyId, name, storeId } = artifact
  const items = [{ artifactId, storeId }]
  const orSay = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work
    } catch (error) {
      showFailure(failureFrom(error))
      return null
    }
  }
  return {
    decrypt: (version) => askWindow({ ask: 'decrypt', artifactIds: [artifactId], version }),
    verify: async () => {
      const begun = await orSay(
        invoke('artifacts:verify', { artifactIds: [artifactId], storeId: null, level: 'full' }),
      )
      if (begun === null) return
      const what = safeText(name.slice(name.lastIndexOf('/') + 1))
      showJobs({
        jobIds: [begun.jobId],
        running: `Verifying ${what}`,
        done: `${what} verified`,
        message: 'Every stored byte is read and compared.',
      })
    },
    reveal: async () => void (await orSay(invoke('artifacts:reveal', { artifactId }))),
    copyToStore: () => askWindow({ ask: 'copy', items, move: false }),
    moveToStore: () => askWindow({ ask: 'copy', items, move: true }),
    deleteCiphertext: () => askWindow({ ask: 'delete-ciphertext', items }),
    copy,
    showKey: () => navigate(`/keys/${keyId}`),
    rotateKey: () => navigate(`/keys/rotate/${keyId}`),
    exportIdentity: () => navigate(`/keys/${keyId}/export`),
    destroyKey: () => navigate(`/keys/${keyId}/destroy`),
    archive: (isArchived) => archive({ artifactId, name }, isArchived),
    retire: () => navigate(`/retire/${artifactId}`),
    showCertificate: async () => {
      const found = await orSay(invoke('certificates:list', { artifactId, offset: 0, limit: 1 }))
      if (found === null) return
      const [newest] = found.rows
      if (newest) navigate(`/certificates/${newest.certificateId}`)
      else showFailure({ code: 'certificate/not-found', certificateId: artifactId })
    },
  }
}
