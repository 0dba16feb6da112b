import { Button } from '../../../components/button.tsx'
import { CopyButton } from '../../../components/copy-button.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { showFailure } from '../../../components/notice.tsx'
import { useJobsNotice } from '../../../components/use-jobs-notice.ts'
import { failureFrom, useAction, useCall } from '../../../lib/use-call.ts'
import { useFormat } from '../../../lib/use-format.ts'
import { entryName, openEntry } from '../entry.ts'
import type { ForeignEntry } from '../entry.ts'
import { Block } from './block.tsx'
import classes from './details.module.css'

/** An object that Weightlock did not write: shown, never hidden, never changed. */
export function ForeignDetails({ entry }: { entry: ForeignEntry }) {
  const format = useFormat()
  return (
    <>
      <Block>
        <p className={classes.second}>
          {entry.isAgeFile
            ? 'An age file that Weightlock did not write. It can be opened with the identity or passphrase that belongs to it.'
            : 'Not written by Weightlock and not an age file. It is shown because it lies in the store; it is not encrypted by us.'}
        </p>
        {entry.isAgeFile ? (
          <div className={classes.actions}>
            <Button onClick={() => openEntry(entry, () => {})}>Open…</Button>
          </div>
        ) : null}
      </Block>
      <Block>
        <dl className={classes.facts}>
          <dt>Object</dt>
          <dd>
            <code className={classes.path}>
              <MiddleEllipsis text={entry.objectName} tail={22} />
            </code>
            <CopyButton text={entry.objectName} what="the object name" />
          </dd>
          <dt>Size</dt>
          <dd title={format.exactBytes(entry.sizeBytes)}>{format.bytes(entry.sizeBytes)}</dd>
          <dt>Changed</dt>
          <dd title={format.exactTime(entry.modifiedAt)}>{format.dateTime(entry.modifiedAt)}</dd>
        </dl>
      </Block>
      {entry.isAgeFile ? <AgeHeader entry={entry} /> : null}
    </>
  )
}

function AgeHeader({ entry }: { entry: ForeignEntry }) {
  const format = useFormat()
  const showJobs = useJobsNotice()
  const add = useAction('catalog:rebuild', {
    onDone: ({ jobId }) =>
      showJobs({
        jobIds: [jobId],
        running: 'Looking what opens here',
        done: 'What opens here is listed',
        message: 'Read only, and trusted on first use.',
      }),
  })
  const onError = (error: unknown): void => showFailure(failureFrom(error))
  const header = useCall('age-file:show', {
    source: { storeId: entry.storeId, objectName: entry.objectName },
  })
  if (header.isError) return <FailureAlert failure={failureFrom(header.error)} />
  if (header.data === undefined) return null
  const { stanzaTypes, plaintextBytes, armored, needsPassphrase, keyHere } = header.data
  return (
    <Block title="Header" facts="not verified">
      <dl className={classes.facts}>
        <dt>Encrypted to</dt>
        <dd>{needsPassphrase ? 'A passphrase' : stanzaTypes.join(', ')}</dd>
        <dt>Key</dt>
        <dd>
          {keyHere ? 'In this keychain.' : 'Not in this keychain'}{' '}
          {keyHere ? (
            <Button kind="link" onClick={() => add.mutate({ becomeOwner: false }, { onError })}>
              Add to the artifacts
            </Button>
          ) : null}
        </dd>
        {plaintextBytes === null ? null : (
          <>
            <dt>Plaintext</dt>
            <dd>{format.bytes(plaintextBytes)}</dd>
          </>
        )}
        <dt>Encoding</dt>
        <dd>{armored ? 'Armored text' : 'Binary'}</dd>
      </dl>
      <span className="visually-hidden">{entryName(entry)}</span>
    </Block>
  )
}
