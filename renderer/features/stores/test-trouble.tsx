import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { Fragment } from 'react'
import type { ReactNode } from 'react'
import type { StoreCheck, StoreTest } from '../../../shared/domain/store.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { CopyTextButton } from '../../components/copy-text-button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './test-trouble.module.css'

/** What a test found wrong, and what to do about it. */
export function TestTrouble({ test }: { test: StoreTest }) {
  const { checks, failure } = test
  const denied = checks.filter(({ permission }) => permission?.isDenied)
  const failed = checks.filter(
    ({ passed, isOptional, group, permission }) =>
      !passed && !isOptional && !permission?.isDenied && (group === 'use' || group === 'permission'),
  )
  const left = checks.filter(({ group }) => group === 'left-behind')
  return (
    <>
      {failure === null ? null : <Connection failure={failure} />}
      {denied.length > 0 ? <Denied test={test} denied={denied} left={left} /> : null}
      {failed.length > 0 ? <Failed failed={failed} of={checks} /> : null}
      {left.length > 0 && denied.length === 0 ? (
        <Box title="The test left something behind" isGrave={false}>
          <Lines of={left} />
        </Box>
      ) : null}
    </>
  )
}

type BoxProps = { title: string; isGrave: boolean; children: ReactNode }

const Box = ({ title, isGrave, children }: BoxProps) => (
  <div className={classes.trouble} role={isGrave ? 'alert' : 'status'} data-grave={isGrave || undefined}>
    <p className={classes.title}>
      <IconAlertTriangleFilled size={14} aria-hidden />
      {title}
    </p>
    {children}
  </div>
)

function Connection({ failure }: { failure: NonNullable<StoreTest['failure']> }) {
  const { title, message, remedy } = failureText(failure)
  return (
    <Box title={title} isGrave>
      <p>{message}</p>
      <p>{remedy}</p>
    </Box>
  )
}

function Denied({ test, denied, left }: { test: StoreTest; denied: StoreCheck[]; left: StoreCheck[] }) {
  const format = useFormat()
  const tried = test.checks.filter(({ permission }) => permission !== null)
  const needed = denied.filter(({ isOptional }) => !isOptional)
  const isGrave = needed.length > 0
  const named = isGrave ? needed : denied
  const count = isGrave
    ? `${format.count(needed.length)} of ${format.counted(tried.filter(({ isOptional }) => !isOptional).length, 'needed permission')}`
    : format.counted(denied.length, 'permission')
  const missing = test.policy?.missing ?? null
  const title = `${count} ${named.length === 1 ? 'is' : 'are'} missing${isGrave ? '' : ', none that is needed'}`
  const resources = [...new Set(named.map(({ permission }) => permission?.resource ?? ''))]
  return (
    <Box title={title} isGrave={isGrave}>
      {resources.map((resource) => (
        <dl key={resource} className={classes.denial}>
          {named
            .filter(({ permission }) => permission?.resource === resource)
            .map(({ permission }) => (
              <Fragment key={permission?.action}>
                <dt className="visually-hidden">Permission</dt>
                <dd className={classes.action}>{permission?.action}</dd>
              </Fragment>
            ))}
          <dt>on</dt>
          <dd>{safeText(resource)}</dd>
          {test.grantee === null ? null : (
            <>
              <dt>for</dt>
              <dd>{safeText(test.grantee)}</dd>
            </>
          )}
        </dl>
      ))}
      <p>{[...new Set(named.map(({ permission }) => permission?.without ?? ''))].join(' ')}</p>
      <Lines of={left} />
      {missing === null ? (
        <p>Ask whoever runs the bucket for {named.length === 1 ? 'this permission' : 'these permissions'}.</p>
      ) : (
        <div className={classes.policy}>
          <CopyTextButton text={missing} what="policy statement">
            Copy policy statement
          </CopyTextButton>
          <span>grants exactly {denied.length === 1 ? 'this' : 'what is missing'}</span>
        </div>
      )}
    </Box>
  )
}

function Failed({ failed, of }: { failed: StoreCheck[]; of: readonly StoreCheck[] }) {
  const isFolder = failed.every(({ group }) => group === 'use')
  return (
    <Box
      title={isFolder ? 'The store cannot be used' : `${failed.length} of ${of.length} checks did not pass`}
      isGrave
    >
      {isFolder ? null : <Lines of={failed} />}
      <p>
        {isFolder
          ? 'What is stored here stays as it is. Mend what the check says (is the share mounted, may you write there, is there room?), then test again.'
          : 'What is stored here stays as it is.'}
      </p>
    </Box>
  )
}

const Lines = ({ of }: { of: StoreCheck[] }) =>
  of.map(({ name, detail }) => <p key={`${name} ${detail}`}>{safeText(detail)}.</p>)
