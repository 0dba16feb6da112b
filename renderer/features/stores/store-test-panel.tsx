import { formatMilliseconds } from '../../../shared/format.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { StoreTestResult } from './store-test-result.tsx'
import type { StoreTesting } from './use-store-test.ts'
import classes from './store-test-panel.module.css'

type StoreTestPanelProps = {
  testing: StoreTesting
  /** The form was changed since. */
  isStale: boolean
  /** Nothing is kept of it yet. */
  isNew?: boolean
}

/** What the store can do, tried and not assumed. A result stays until the store changes. */
export function StoreTestPanel({ testing, isStale, isNew = false }: StoreTestPanelProps) {
  const format = useFormat()
  const { test, isRunning, failure, run } = testing
  const when =
    test === null
      ? isNew
        ? 'Not tested yet'
        : 'Not tested since this window was opened'
      : `Tested ${format.clock(test.at)} in ${formatMilliseconds(test.tookMs, format.locale)}`
  return (
    <>
      <div className={classes.head}>
        <h2>Connection</h2>
        <Button busy={isRunning} onClick={run}>
          {test === null ? 'Test' : 'Test again'}
        </Button>
      </div>
      <p className={classes.when} aria-live="polite">
        {isRunning ? 'Testing…' : when}
        {isStale && test !== null && !isRunning ? ', before what you changed' : ''}
      </p>
      {failure === null ? null : <FailureAlert failure={failure} />}
      {test === null ? (
        <p className={classes.note}>
          The test writes small objects, reads them back and deletes them, and tries each permission by
          itself.
        </p>
      ) : (
        <div aria-busy={isRunning} className={classes.result} data-stale={isStale || isRunning || undefined}>
          <StoreTestResult test={test} />
        </div>
      )}
    </>
  )
}
