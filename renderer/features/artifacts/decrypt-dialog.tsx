import { IconAlertTriangle } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { ArtifactDetails } from '../../../shared/domain/artifact.ts'
import { fail } from '../../../shared/failure.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { ArtifactId, JobId, PathToken } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { CheckOption } from '../../components/options.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './open-dialogs.module.css'

type DecryptDialogProps = { artifactIds: ArtifactId[]; version: number | null; onClose: () => void }

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
const shownNames = 6

/** *Decrypt to…*: where the verified plaintext of one or many artifacts is written. */
export function DecryptDialog({ artifactIds, version, onClose }: DecryptDialogProps) {
  const format = useFormat()
  const invoke = useInvoke()
  const picker = usePathPicker()
  const showJobs = useJobsNotice()
  const [unpack, setUnpack] = useState(true)
  const [isStarting, setIsStarting] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const shown = useQueries({
    queries: artifactIds.slice(0, shownNames).map((artifactId) => ({
      queryKey: ['artifacts:show', { artifactId }],
      queryFn: () => invoke('artifacts:show', { artifactId }),
    })),
  })
  const details = shown.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const [first] = details
  const isMany = artifactIds.length > 1
  const hasFolders = details.some(({ artifact }) => artifact.isFolder)
  const one = first?.versions.find((v) => v.version === (version ?? first.artifact.version))

  const nameOf = ({ artifact }: ArtifactDetails): string =>
    artifact.isFolder && !unpack ? `${lastPart(artifact.name)}.tar` : lastPart(artifact.name)
  const startOne = async (artifact: ArtifactDetails, token: PathToken): Promise<JobId> => {
    const { jobId } = await invoke('decrypt:start', {
      artifactId: artifact.artifact.artifactId,
      version: isMany ? null : version,
      target: { token },
      unpack: artifact.artifact.isFolder && unpack,
    })
    return jobId
  }
  const decryptOne = async (): Promise<JobId[] | null> => {
    if (first === undefined) return null
    const target = await picker.chooseTarget(
      nameOf(first),
      first.artifact.isFolder && unpack ? 'folder' : 'file',
    )
    return target === null ? null : [await startOne(first, target.token)]
  }
  const decryptMany = async (): Promise<JobId[] | null> => {
    const [folder] = await picker.choose('target-folder')
    if (folder === undefined) return null
    const jobIds: JobId[] = []
    for (const artifactId of artifactIds) {
      const artifact = await invoke('artifacts:show', { artifactId })
      const name = nameOf(artifact)
      const target = await invoke('files:name-in', { folder: folder.token, name })
      if (target.exists) fail({ code: 'file/exists', path: target.path })
      jobIds.push(await startOne(artifact, target.token))
    }
    return jobIds
  }
  const start = async (): Promise<void> => {
    setIsStarting(true)
    setFailure(null)
    try {
      const jobIds = await (isMany ? decryptMany() : decryptOne())
      if (jobIds === null) return
      const what = isMany
        ? format.counted(artifactIds.length, 'artifact')
        : safeText(first === undefined ? '' : nameOf(first))
      showJobs({ jobIds, running: `Decrypting ${what}`, done: `${what} decrypted and verified` })
      onClose()
    } catch (error) {
      setFailure(failureFrom(error))
    } finally {
      setIsStarting(false)
    }
  }
  return (
    <Dialog
      title={
        isMany
          ? `Decrypt ${format.counted(artifactIds.length, 'artifact')}`
          : `Open ${first ? lastPart(first.artifact.name) : ''}`
      }
      onClose={onClose}
      note="The whole of it is verified, or nothing is written."
      alert={failure ? <FailureAlert failure={failure} /> : null}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            busy={isStarting}
            disabled={first === undefined}
            onClick={() => void start()}
            data-autofocus
          >
            {isMany ? 'Decrypt into…' : 'Decrypt to…'}
          </Button>
        </>
      }
    >
      <ul className={classes.names}>
        {details.map(({ artifact }) => (
          <li key={artifact.artifactId}>
            <MiddleEllipsis text={artifact.name} />
            <span className={classes.second}>
              {isMany || one === undefined ? '' : `v${one.version} · ${format.date(one.encryptedAt)}`}
            </span>
            <span>
              {format.bytes(isMany || one === undefined ? artifact.plaintextBytes : one.plaintextBytes)}
            </span>
          </li>
        ))}
        {artifactIds.length > shownNames ? (
          <li className={classes.second}>and {format.count(artifactIds.length - shownNames)} more</li>
        ) : null}
      </ul>
      <p className={classes.text}>
        The plaintext is written where you say next, readable by you alone. Nothing is overwritten.
      </p>
      {first?.summary?.warning?.severity === 'runs-code' ? (
        <p className={classes.danger}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          <span>Loading it runs code of its author’s choosing. Find out who made it before you do.</span>
        </p>
      ) : null}
      {hasFolders ? (
        <CheckOption
          label={isMany ? 'Unpack folders' : 'Unpack the folder'}
          help="Otherwise a .tar file is written."
          checked={unpack}
          onChange={setUnpack}
        />
      ) : null}
    </Dialog>
  )
}
