import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react'
import type { ProgramStatus } from '../../../shared/contract/program.ts'
import type { Response } from '../../../shared/contract/contract.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { KeychainPanel } from '../../components/keychain-panel/keychain-panel.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { announce } from '../../lib/announce.ts'
import { failureFrom, useCall, useInvoke } from '../../lib/use-call.ts'
import { useStatus } from '../../lib/use-status.ts'
import { Rebuild } from './rebuild.tsx'
import classes from './settings.module.css'

type Checks = Response<'program:diagnose'>['checks']

const hostWords: Record<ProgramStatus['host'], string> = {
  electron: 'Electron',
  chromium: 'an installed Chromium browser',
  headless: 'no window',
}

/** What a person may send with a bug report: no name of an artifact, no key, no path but the data folder's. */
export const reportText = (status: ProgramStatus, checks: Checks): string =>
  [
    `Weightlock ${status.version}, ${status.platform}, in ${hostWords[status.host]}`,
    `Keychain: ${status.keychain.backend}, ${status.keychain.state}`,
    `Artifacts ${status.counts.artifacts}, keys ${status.counts.keys}, open jobs ${status.counts.openJobs}`,
    ...checks.map(({ name, state, detail }) => `[${state}] ${name}: ${detail}`),
  ].join('\n')

/** Whether everything that the program stands on works, and the way back when the catalog does not. */
export function Diagnostics() {
  const status = useStatus()
  const invoke = useInvoke()
  const answer = useCall('program:diagnose', {}, { fresh: true })
  const checks = answer.data?.checks ?? []
  const copy = async (): Promise<void> => {
    await invoke('program:copy-text', { text: reportText(status, checks) })
    announce('Copied the report')
  }
  const facts: { name: string; text: string; copies?: boolean }[] = [
    { name: 'Version', text: status.version },
    { name: 'Window', text: hostWords[status.host] },
    { name: 'System', text: status.platform },
    { name: 'Data folder', text: status.dataFolder, copies: true },
    { name: 'Installation', text: status.installationId, copies: true },
  ]
  return (
    <SettingsFrame
      section="diagnostics"
      aside={<KeychainPanel />}
      asideLabel="Keychain"
      narrowAside
      actions={
        <>
          <Button disabled={answer.data === undefined} onClick={() => void copy()}>
            Copy report
          </Button>
          <Button busy={answer.isFetching} onClick={() => void answer.refetch()}>
            Check again
          </Button>
        </>
      }
    >
      <h2>Diagnostics</h2>
      {answer.isError ? <FailureAlert failure={failureFrom(answer.error)} /> : null}
      <ul className={classes.checks} aria-label="Checks" aria-busy={answer.isFetching}>
        {checks.map((check) => (
          <li key={check.name} data-state={check.state}>
            <CheckIcon state={check.state} />
            <b>{check.name}</b>
            <span className={classes.detail}>{safeText(check.detail)}</span>
          </li>
        ))}
      </ul>
      <h3>This installation</h3>
      <dl className={classes.facts}>
        {facts.map(({ name, text, copies }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {copies === true ? (
                <>
                  <code>
                    <MiddleEllipsis text={text} tail={16} />
                  </code>
                  <CopyButton text={text} what={name.toLowerCase()} />
                </>
              ) : (
                text
              )}
            </dd>
          </div>
        ))}
      </dl>
      <Rebuild />
    </SettingsFrame>
  )
}

function CheckIcon({ state }: { state: Checks[number]['state'] }) {
  if (state === 'ok') return <IconCheck size={16} stroke={1.5} aria-label="works" />
  if (state === 'warn') return <IconAlertTriangle size={16} stroke={1.5} aria-label="warning" />
  return <IconX size={16} stroke={1.5} aria-label="failed" />
}
