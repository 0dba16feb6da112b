import { useState } from 'react'
import type { Response } from '../../../shared/contract/contract.ts'
import type { KitRow } from '../../../shared/domain/kit.ts'
import type { KeyId } from '../../../shared/ids.ts'
import { passphraseStrength } from '../../../shared/passphrase-strength.ts'
import { Button } from '../../components/button.tsx'
import { ChosenFile } from '../../components/chosen-file.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { OptionGroup } from '../../components/options.tsx'
import type { ChosenTarget } from '../../components/path-picker/picker-requests.ts'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { useJob } from '../../lib/jobs-store.ts'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { NewPassphrase } from './new-passphrase.tsx'
import classes from './recovery-kit.module.css'

type CreateKitDialogProps = {
  /** Null: every key. */
  keyIds: KeyId[] | null
  /** How many a kit would hold; null while that is not known. */
  keys: number | null
  onClose: () => void
  onDrill: (kit: KitRow) => void
}

/** Makes a kit of every key, or of some: a passphrase, a place, and then the words to write down. */
export function CreateKitDialog({ keyIds, keys, onClose, onDrill }: CreateKitDialogProps) {
  const format = useFormat()
  const picker = usePathPicker()
  const [from, setFrom] = useState<'generated' | 'typed'>('generated')
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [target, setTarget] = useState<ChosenTarget | null>(null)
  const [started, setStarted] = useState<Response<'kits:create'> | null>(null)
  const create = useAction('kits:create', {
    onDone: (answer) => {
      setStarted(answer)
      setFirst('')
      setSecond('')
    },
  })
  const isWorth = passphraseStrength(first).verdict !== 'too-weak' && first === second
  const isReady = target !== null && (from === 'generated' || isWorth)
  const choose = async (): Promise<void> => {
    const day = new Date().toISOString().slice(0, 10)
    const chosen = await picker.chooseTarget(`weightlock-kit-${day}.age`, 'file')
    if (chosen !== null) setTarget(chosen)
  }
  const submit = (): void => {
    if (!isReady || create.isPending) return
    create.mutate({
      keyIds,
      passphrase: from === 'generated' ? { generate: true } : { typed: first },
      target: { token: target.token },
    })
  }
  if (started !== null) return <MakingKit started={started} onClose={onClose} onDrill={onDrill} />
  return (
    <Dialog
      title="Make a recovery kit"
      facts={keys === null ? undefined : format.counted(keys, 'key')}
      onClose={onClose}
      onSubmit={submit}
      widthPx={560}
      alert={create.isError ? <FailureAlert failure={failureFrom(create.error)} /> : undefined}
      note={target === null ? 'Choose a place first' : 'Keys stay in the keychain as well'}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={!isReady} busy={create.isPending}>
            {keys === null ? 'Make the kit' : `Put ${format.counted(keys, 'key')} into a kit`}
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <OptionGroup
          label="Passphrase"
          value={from}
          onChange={setFrom}
          options={[
            {
              value: 'generated',
              label: 'Generated',
              help: 'Ten random words of a list of 1,024: 100 bits. Shown once, to be written down.',
            },
            { value: 'typed', label: 'My own', help: 'Typed twice. Its strength is shown.' },
          ]}
        />
        {from === 'typed' ? (
          <NewPassphrase first={first} second={second} onFirst={setFirst} onSecond={setSecond} />
        ) : null}
        <ChosenFile label="Write to" file={target?.path ?? null} onChoose={choose} autofocus />
        <p className={classes.second}>
          A place that survives this machine: a stick in a safe, another building. The passphrase belongs
          somewhere else.
        </p>
      </div>
    </Dialog>
  )
}

type MakingKitProps = Pick<CreateKitDialogProps, 'onClose' | 'onDrill'> & { started: Response<'kits:create'> }

/** The job, and once it has ended, the passphrase that nobody sees again. */
function MakingKit({ started, onClose, onDrill }: MakingKitProps) {
  const job = useJob(started.jobId)
  const list = useCall('kits:list', {})
  const kit = list.data?.kits.find(({ kitId }) => kitId === started.kitId)
  if (job?.state !== 'done')
    return (
      <Dialog
        title={job?.state === 'failed' ? 'No kit was made' : 'Making the recovery kit'}
        onClose={onClose}
        onSubmit={onClose}
        actions={
          <Button kind="primary" type="submit">
            {job?.state === 'failed' ? 'Close' : 'Go on in the background'}
          </Button>
        }
      >
        <div className={classes.stack}>
          <p aria-live="polite">{job === undefined ? 'Waiting' : statusOf(job).word}</p>
          {job === undefined || job.state === 'failed' ? null : <ProgressBar job={job} />}
          {job?.failure ? <FailureAlert failure={job.failure} safe={job.safe} /> : null}
          {started.generated === null || job?.state === 'failed' ? null : (
            <p className={classes.second}>
              Stay here: the passphrase is shown once, when the kit is written.
            </p>
          )}
        </div>
      </Dialog>
    )
  return (
    <Dialog
      title="The kit is written"
      onClose={onClose}
      onSubmit={() => kit !== undefined && onDrill(kit)}
      widthPx={560}
      note="The drill asks for the passphrase once more"
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Later
          </Button>
          <Button kind="primary" type="submit" disabled={kit === undefined} data-autofocus>
            {started.generated === null ? 'Drill it now' : 'I wrote it down: drill it now'}
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        {started.generated === null ? null : (
          <div className={classes.generated}>
            <p>The passphrase, shown this once. Nobody can bring it back. The hyphens belong to it.</p>
            <code aria-label="Generated passphrase">{started.generated}</code>
          </div>
        )}
        <p>{job.outcome}.</p>
        {job.report.length > 0 ? <JobReport label="What is not in it" lines={job.report} /> : null}
        {kit?.needsNewAge === true ? (
          <p className={classes.second}>It holds post-quantum keys: of age, only 1.3 or later reads it.</p>
        ) : null}
      </div>
    </Dialog>
  )
}
