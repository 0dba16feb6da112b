import { IconCheck } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { showFailure } from '../../components/notice.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import classes from './first-run.module.css'

/** The checklist: what one does once to trust the program. It retires itself when all are done, or when told to. */
export function FirstSteps() {
  const { checklist, sample } = useStatus()
  const format = useFormat()
  const [, navigate] = useLocation()
  const queries = useQueryClient()
  const encrypt = useAction('encrypt:sample')
  const dismiss = useAction('program:set', {
    onDone: () => void queries.invalidateQueries({ queryKey: ['program:status'] }),
  })
  const onError = (error: unknown): void => showFailure(failureFrom(error))
  if (checklist.dismissed) return null
  const done = [checklist.encrypted, checklist.opened, checklist.backedUp].filter(Boolean).length
  return (
    <section className={classes.steps} aria-label="First steps">
      <div className={classes.head}>
        <h2>First steps</h2>
        <span className={classes.count}>
          <Button kind="link" onClick={() => dismiss.mutate({ checklistDismissed: true }, { onError })}>
            Hide
          </Button>
          {done} of 3
        </span>
      </div>
      <ol>
        <Step
          isDone={checklist.encrypted}
          title="Encrypt an artifact"
          detail={
            sample === null ? (
              'Drop one anywhere on this window.'
            ) : (
              <>
                Or the sample: <code>{safeText(sample.name)}</code>, {format.bytes(sample.sizeBytes)}
              </>
            )
          }
          action={
            sample === null || checklist.encrypted ? null : (
              <Button busy={encrypt.isPending} onClick={() => encrypt.mutate({}, { onError })}>
                Encrypt the sample
              </Button>
            )
          }
        />
        <Step
          isDone={checklist.opened}
          title="Open it again"
          detail="Decrypt it and see that every byte is back."
        />
        <Step
          isDone={checklist.backedUp}
          title="Back up its key"
          detail="A recovery kit under a passphrase, tried once."
          action={
            checklist.encrypted && !checklist.backedUp ? (
              <Button onClick={() => navigate('/settings/recovery-kit')}>Recovery kit…</Button>
            ) : null
          }
        />
      </ol>
    </section>
  )
}

type StepProps = { isDone: boolean; title: string; detail: ReactNode; action?: ReactNode }

const Step = ({ isDone, title, detail, action }: StepProps) => (
  <li className={classes.step}>
    <span className={classes.mark} data-done={isDone}>
      {isDone ? <IconCheck size={12} stroke={2.5} aria-label="Done" /> : null}
    </span>
    <div>
      <div className={classes.title} data-done={isDone}>
        {title}
      </div>
      <div className={classes.detail}>{detail}</div>
    </div>
    {action}
  </li>
)
