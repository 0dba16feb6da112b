import { IconAlertTriangle } from '@tabler/icons-react'
import type { StoreTest } from '../../../shared/domain/store.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { formatMilliseconds } from '../../../shared/format.ts'
import { Button } from '../../components/button.tsx'
import { CheckList } from '../../components/check-list.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './store-test-panel.module.css'

type Check = Omit<StoreTest['checks'][number], 'passed'> & { passed: boolean | null }

/** What is tried in a folder, one after the other: what fails ends the test. */
const folderChecks = ['List', 'Write', 'Read back', 'Delete']

/** The checks that were not come to, beside those that ran. */
function withNotRun(checks: StoreTest['checks']): Check[] {
  const isOfFolder = checks.every(({ name }) => folderChecks.includes(name))
  if (!isOfFolder || checks.every(({ passed }) => passed)) return checks
  const ran = new Set(checks.map(({ name }) => name))
  const left = folderChecks.filter((name) => !ran.has(name))
  return [...checks, ...left.map((name) => ({ name, passed: null, detail: 'Not run', isOptional: false }))]
}

/** What the store can do, tried and not assumed. A result stays until the store changes. */
export function StoreTestPanel({ storeId }: { storeId: StoreId }) {
  const format = useFormat()
  const test = useCall('stores:test', { storeId }, { enabled: false })
  const checks = test.data === undefined ? [] : withNotRun(test.data.checks)
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
            {failed.length} of {checks.length} checks did not pass
          </p>
          <p>
            What is stored here stays as it is. Mend what the check says (is the share mounted, may you write
            there, is there room?), then test again.
          </p>
        </div>
      ) : null}
      {test.data === undefined ? null : (
        <CheckList
          checks={checks.map(({ name, passed, detail, isOptional }) => ({
            name,
            state: passed === null ? 'skipped' : passed ? 'ok' : isOptional ? 'absent' : 'failed',
            detail,
          }))}
        />
      )}
      <p className={classes.note}>
        The test writes a small object, reads it back and deletes it.{' '}
        {failed.length === 0 ? 'Nothing of it stays in the store.' : null}
      </p>
    </>
  )
}
