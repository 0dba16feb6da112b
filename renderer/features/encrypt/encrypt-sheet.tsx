import { useEffect, useRef, useState } from 'react'
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import type { KeyAlgorithm } from '../../../shared/domain/key.ts'
import type { Failure } from '../../../shared/failure.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import { askWindow } from '../../lib/window-requests.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { cleanFolder, isEncrypted, itemsOf, needsKey, requestItem } from './encrypt-choices.ts'
import type { Edit } from './encrypt-choices.ts'
import { SheetChoices } from './sheet-choices.tsx'
import type { Destination } from './sheet-choices.tsx'
import { SheetItem } from './sheet-item.tsx'
import classes from './encrypt-sheet.module.css'

type EncryptSheetProps = {
  sources: NamedSource[]
  proposals: EncryptProposal[]
  /** Main is looking again, for another place. */
  isStale: boolean
  destination: Destination
  onDestination: (destination: Destination) => void
  splits: number[][]
  onSplit: (splits: number[][]) => void
  onClose: () => void
}

/** What was dropped at the left, what becomes of it at the right, one button that has the focus. */
export function EncryptSheet(props: EncryptSheetProps) {
  const { sources, proposals, isStale, destination, onDestination, splits, onSplit, onClose } = props
  const format = useFormat()
  const { settings } = useStatus()
  const showJobs = useJobsNotice()
  const [edits, setEdits] = useState<ReadonlyMap<string, Edit>>(new Map())
  const [refusals, setRefusals] = useState<ReadonlyMap<string, Failure>>(new Map())
  const [started, setStarted] = useState<ReadonlySet<string>>(new Set())
  const [algorithm, setAlgorithm] = useState<KeyAlgorithm>(settings.defaultAlgorithm)
  const [original, setOriginal] = useState<'keep' | 'trash'>('keep')
  const [opaqueNames, setOpaqueNames] = useState(false)
  const start = useAction('encrypt:start')

  const items = itemsOf(proposals, edits, refusals).filter(({ id }) => !started.has(id))
  const included = items.filter(isEncrypted)
  const newKeys = items.filter(needsKey).length
  const totalBytes = items.reduce((sum, { proposal }) => sum + proposal.sizeBytes, 0)
  const edit = (id: string, change: Edit): void =>
    setEdits((now) => new Map(now).set(id, { ...now.get(id), ...change }))

  const encrypt = async (): Promise<void> => {
    const asked = included
    const answer = await start
      .mutateAsync({
        items: asked.map((item) => requestItem(item, sources, cleanFolder(destination.folder))),
        storeId: destination.storeId,
        algorithm,
        original,
        opaqueNames,
      })
      .catch(() => null)
    if (answer === null) return
    const refused = new Map(
      answer.refused.flatMap(({ item, failure }) => {
        const found = asked[item]
        return found === undefined ? [] : [[found.id, failure] as const]
      }),
    )
    if (answer.jobIds.length > 0)
      showJobs({
        jobIds: answer.jobIds,
        running: `Encrypting ${format.counted(answer.jobIds.length, 'artifact')}`,
        done: `${format.counted(answer.jobIds.length, 'artifact')} encrypted and verified`,
      })
    if (refused.size === 0) return onClose()
    setStarted((now) => new Set([...now, ...asked.filter(({ id }) => !refused.has(id)).map(({ id }) => id)]))
    setRefusals((now) => new Map([...now, ...refused]))
    return undefined
  }

  // A click while main looks again counts once it has looked, unless there is then something to choose.
  const isAwaited = useRef(false)
  const startAwaited = (): void => {
    const isClear = included.length > 0 && included.every(({ proposal }) => proposal.existing === null)
    if (isAwaited.current && isClear) void encrypt()
    isAwaited.current = false
  }
  const latest = useRef(startAwaited)
  useEffect(() => {
    latest.current = startAwaited
  })
  useEffect(() => {
    if (!isStale) latest.current()
  }, [isStale])

  const [lone] = items.length === 1 ? items : []
  const offer = lone && !lone.anyway && lone.refusal === null ? lone.proposal.offer : 'encrypt'
  /** Nothing here is encrypted as it stands: the choices of encryption would choose nothing. */
  const hasChoices = included.length > 0 || items.some(({ name }) => name.trim() === '')
  const source = sources[lone?.proposal.sources[0] ?? -1]
  const takeOffer = (): void => {
    if (source === undefined) return
    if (offer === 'import') askWindow({ ask: 'import-identity', source })
    else askWindow({ ask: 'open-age-file', source: { token: source.token }, name: source.name })
  }
  const title =
    offer === 'open'
      ? 'This is an age file'
      : offer === 'import'
        ? 'This file holds an identity'
        : included.length === 0
          ? 'Nothing here can be encrypted'
          : `Encrypt ${format.counted(included.length, 'artifact')}`
  return (
    <Dialog
      title={title}
      facts={format.bytes(totalBytes)}
      widthPx={hasChoices ? 792 : 520}
      flush
      onClose={onClose}
      note={
        newKeys > 0
          ? 'Each new key is in the keychain, and read back, before its file counts as stored.'
          : included.length > 0
            ? 'New versions keep their artifact’s key and get a file key of their own.'
            : null
      }
      alert={start.isError ? <FailureAlert failure={failureFrom(start.error)} layout="columns" /> : null}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          {offer === 'encrypt' ? (
            <Button
              kind="primary"
              data-autofocus
              disabled={included.length === 0}
              busy={start.isPending}
              onClick={() => {
                if (isStale) isAwaited.current = true
                else void encrypt()
              }}
            >
              Encrypt {format.counted(included.length, 'artifact')}
            </Button>
          ) : (
            <Button kind="primary" data-autofocus onClick={takeOffer}>
              {offer === 'open' ? 'Open…' : 'Import…'}
            </Button>
          )}
        </>
      }
    >
      <div className={classes.sheet} data-alone={!hasChoices || undefined}>
        <div className={classes.items}>
          {items.map((item) => (
            <SheetItem
              key={item.id}
              item={item}
              source={sources[item.proposal.sources[0] ?? -1]}
              folder={cleanFolder(destination.folder)}
              isOpaque={opaqueNames}
              isAlone={offer !== 'encrypt'}
              split={splits.find((split) => split.includes(item.proposal.sources[0] ?? -1))}
              onEdit={(change) => edit(item.id, change)}
              onSplit={() => onSplit([...splits, item.proposal.sources])}
              onJoin={(split) => onSplit(splits.filter((one) => one !== split))}
            />
          ))}
        </div>
        {hasChoices ? (
          <SheetChoices
            destination={destination}
            onDestination={onDestination}
            newKeys={newKeys}
            algorithm={algorithm}
            onAlgorithm={setAlgorithm}
            original={original}
            onOriginal={setOriginal}
            opaqueNames={opaqueNames}
            onOpaqueNames={setOpaqueNames}
          />
        ) : null}
      </div>
    </Dialog>
  )
}
