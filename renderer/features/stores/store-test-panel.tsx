import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { StoreId } from '../../../shared/ids.ts'
import { formatMilliseconds } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './store-test-panel.module.css'

/** What the store can do, tried and not assumed. A result stays until the store changes. */
export function StoreTestPanel({ storeId }: { storeId: StoreId }) {
  const format = useFormat()
  const test = useCall('stores:test', { storeId }, { enabled: false })
  const failed = test.data?.checks.filter(({ passed, isOptional }) => !passed && !isOptional) ?? []
  return (
    <>
      <div className={classes.head}>
        <h2>Connection</h2>
        <Button busy={test.isFetching} onClick={() => void test.refetch()}>
          {test.data === undefined ? 'Test' : 'Test again'}
        </Button>
      </div>
      <p className={classes.when} aria-live="polite">
        {test.isFetching
          ? 'Testing…'
          : test.data === undefined
            ? 'Not tested since this window was opened'
            : `Tested ${format.clock(test.data.at)} in ${formatMilliseconds(test.data.tookMs, format.locale)}`}
      </p>
      {test.isError ? <FailureAlert failure={failureFrom(test.error)} /> : null}
      {failed.length > 0 ? (
        <div className={classes.trouble} role="alert">
          <p className={classes.title}>
            <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
            {failed.length} of {test.data?.checks.length} checks did not pass
          </p>
          <p>What is stored here stays as it is.</p>
        </div>
      ) : null}
      {test.data === undefined ? null : (
        <ul className={classes.checks} aria-label="Checks">
          {test.data.checks.map(({ name, passed, detail, isOptional }) => (
            <li key={name} data-passed={passed} data-optional={isOptional}>
              {passed ? (
                <IconCheck size={16} stroke={1.5} aria-label="passed" />
              ) : isOptional ? (
                <IconMinus size={16} stroke={1.5} aria-label="not there" />
              ) : (
                <IconX size={16} stroke={1.5} aria-label="failed" />
              )}
              <div>
                <b>{name}</b>
                {detail === '' ? null : <p className={classes.detail}>{safeText(detail)}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
      <p className={classes.note}>
        The test writes a small object, reads it back and deletes it. Nothing of it stays in the store.
      </p>
    </>
  )
}
