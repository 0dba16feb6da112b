import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { FailureAlert } from '../components/failure-alert.tsx'
import { OptionGroup } from '../components/options.tsx'
import { failureFrom, useAction } from '../lib/use-call.ts'
import { useStatus } from '../lib/use-status.ts'
import classes from './banners.module.css'

/** The data folder came from another machine: it must be said whether it was moved or copied, before anything else. */
export function DataFolderQuestion() {
  const { dataFolder } = useStatus()
  const [as, setAs] = useState<'moved' | 'copied'>('copied')
  const claim = useAction('program:claim-data-folder')
  return (
    <main className={classes.question}>
      <div className={classes.questionText}>
        <h1>This data folder was made on another machine</h1>
        <p>
          <code>{dataFolder}</code> belongs to an installation elsewhere. Two machines that both believe to
          own it could destroy each other’s keys, so say what happened to it.
        </p>
        <OptionGroup
          label="What happened"
          value={as}
          onChange={setAs}
          options={[
            {
              value: 'moved',
              label: 'It was moved here',
              help: 'The other machine does not use it any more. This one goes on as its owner.',
            },
            {
              value: 'copied',
              label: 'It was copied here',
              help: 'The other machine keeps its own. This one reads what it can open, and owns what it encrypts from now on.',
            },
          ]}
        />
        {claim.isError ? <FailureAlert failure={failureFrom(claim.error)} /> : null}
        <Button kind="primary" busy={claim.isPending} onClick={() => claim.mutate({ as })}>
          {as === 'moved' ? 'It was moved' : 'It was copied'}
        </Button>
      </div>
    </main>
  )
}
