import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { StoreCheck, StoreTest } from '../../../shared/domain/store.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { CheckList } from '../../components/check-list.tsx'
import { CopyTextButton } from '../../components/copy-text-button.tsx'
import { TestTrouble } from './test-trouble.tsx'
import classes from './store-test-result.module.css'

/** What is tried in a folder, one after the other: what fails ends the test. */
const folderChecks = ['List', 'Write', 'Read back', 'Delete']

const ofGroup = (checks: readonly StoreCheck[], ...groups: StoreCheck['group'][]): StoreCheck[] =>
  checks.filter(({ group }) => groups.includes(group))

/** What a test found: what is wrong first, then every permission, then what the server can do. */
export function StoreTestResult({ test }: { test: StoreTest }) {
  const { checks, policy } = test
  const used = ofGroup(checks, 'use')
  const permissions = ofGroup(checks, 'permission')
  const server = ofGroup(checks, 'connection', 'server')
  return (
    <>
      <TestTrouble test={test} />
      {used.length > 0 ? <FolderChecks checks={used} /> : null}
      {permissions.length > 0 ? (
        <section className={classes.section}>
          <div className={classes.head}>
            <h3>
              Permissions
              <span className={classes.count}>{neededText(permissions)}</span>
            </h3>
            {policy === null ? null : (
              <CopyTextButton kind="link" text={policy.whole} what="policy">
                Copy the whole policy
              </CopyTextButton>
            )}
          </div>
          <ul className={classes.permissions} aria-label="Permissions">
            {permissions.map((check) => (
              <Permission key={check.name} check={check} />
            ))}
          </ul>
        </section>
      ) : null}
      {permissions.length > 0 && server.length > 0 ? (
        <section className={classes.section}>
          <h3>What the server can do</h3>
          <ul className={classes.server} aria-label="What the server can do">
            {server.map(({ name, passed, detail }) => (
              <li key={name} data-passed={passed}>
                <Mark passed={passed} isOptional />
                <span>{name}</span>
                <span>{safeText(detail)}</span>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </>
  )
}

/** `6 needed, 4 optional`. */
const neededText = (permissions: readonly StoreCheck[]): string => {
  const optional = permissions.filter(({ isOptional }) => isOptional).length
  return [`${permissions.length - optional} needed`, ...(optional > 0 ? [`${optional} optional`] : [])].join(
    ', ',
  )
}

function Permission({ check: { passed, isOptional, permission } }: { check: StoreCheck }) {
  const action = permission?.action.replace(/^s3:/, '') ?? ''
  return (
    <li data-passed={passed} data-optional={isOptional || undefined} title={permission?.action}>
      <Mark passed={passed} isOptional={isOptional} />
      <code>{action}</code>
      {passed ? null : (
        <small>{permission?.isDenied ? (isOptional ? 'not needed' : '') : 'not answered'}</small>
      )}
    </li>
  )
}

function Mark({ passed, isOptional }: { passed: boolean; isOptional: boolean }) {
  if (passed) return <IconCheck size={16} stroke={1.5} aria-label="passed" />
  return isOptional ? (
    <IconMinus size={16} stroke={1.5} aria-label="not there" />
  ) : (
    <IconX size={16} stroke={1.5} aria-label="failed" />
  )
}

/** What failed ended the test: the rest was not come to. */
function FolderChecks({ checks }: { checks: StoreCheck[] }) {
  const ran = new Set(checks.map(({ name }) => name))
  const isWhole = checks.every(({ passed }) => passed)
  const left = isWhole ? [] : folderChecks.filter((name) => !ran.has(name))
  return (
    <CheckList
      checks={[
        ...checks.map(({ name, passed, detail }) => ({
          name,
          state: passed ? ('ok' as const) : ('failed' as const),
          detail,
        })),
        ...left.map((name) => ({ name, state: 'skipped' as const, detail: 'Not run' })),
      ]}
    />
  )
}
