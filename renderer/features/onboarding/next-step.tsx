import { IconCheck } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { Button } from '../../components/button.tsx'
import { showFailure } from '../../components/notice.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useStatus } from '../../lib/use-status.ts'
import { askWindow } from '../../lib/window-requests.ts'
import classes from './next-step.module.css'

/** The second and third of the first steps, above what is stored, until they are done or hidden. */
export function NextStep() {
  const { checklist } = useStatus()
  if (!checklist.encrypted || checklist.dismissed) return null
  if (!checklist.opened) return <OpenItAgain />
  return checklist.backedUp ? null : <BackItUp />
}

function OpenItAgain() {
  const newest = useCall('artifacts:list', {
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort: { by: 'encrypted', descending: true },
    offset: 0,
    limit: 1,
    foreign: false,
  })
  const found = newest.data?.rows.find(({ type }) => type === 'artifact')
  if (found?.type !== 'artifact') return null
  return (
    <section className={classes.strip} aria-label="First steps">
      <IconCheck size={16} stroke={1.5} aria-hidden />
      <p className={classes.words}>
        <b>The first artifact is encrypted.</b>{' '}
        <span>Open it again: decrypt it and see that every byte is back.</span>
      </p>
      <span className={classes.count}>1 of 3</span>
      <Button onClick={() => askWindow({ ask: 'decrypt', artifactIds: [found.artifactId], version: null })}>
        Decrypt it…
      </Button>
      <Hide />
    </section>
  )
}

function BackItUp() {
  const [, navigate] = useLocation()
  return (
    <section className={classes.strip} aria-label="First steps">
      <IconCheck size={16} stroke={1.5} aria-hidden />
      <p className={classes.words}>
        <b>Encrypted, and opened again.</b>{' '}
        <span>Back up the keys: a recovery kit survives the loss of this machine.</span>
      </p>
      <span className={classes.count}>2 of 3</span>
      <Button onClick={() => navigate('/settings/recovery-kit')}>Recovery kit…</Button>
      <Hide />
    </section>
  )
}

function Hide() {
  const queries = useQueryClient()
  const dismiss = useAction('program:set', {
    onDone: () => void queries.invalidateQueries({ queryKey: ['program:status'] }),
  })
  return (
    <Button
      kind="ghost"
      onClick={() =>
        dismiss.mutate({ checklistDismissed: true }, { onError: (error) => showFailure(failureFrom(error)) })
      }
    >
      Hide
    </Button>
  )
}
