import type { ProgramStatus } from '../../../shared/contract/program.ts'
import type { Response } from '../../../shared/contract/contract.ts'
import { groupsOfFour } from '../../../shared/format.ts'
import { Button } from '../../components/button.tsx'
import { CheckList } from '../../components/check-list.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { CopyTextButton } from '../../components/copy-text-button.tsx'
import { FactRow, FactRows } from '../../components/fact-rows.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { KeychainPanel } from '../../components/keychain-panel/keychain-panel.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useStatus } from '../../lib/use-status.ts'
import { Rebuild } from './rebuild.tsx'
import classes from './settings.module.css'

type Checks = Response<'program:diagnose'>['checks']

const hostWords: Record<ProgramStatus['host'], string> = {
  electron: 'Electron',
  chromium: 'an installed Chromium browser',
  headless: 'no window',
}

const systemWords: Record<string, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

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
  const answer = useCall('program:diagnose', {}, { fresh: true })
  const checks = answer.data?.checks ?? []
  const facts: { name: string; text: string; shown?: string; copies?: boolean }[] = [
    { name: 'Version', text: status.version },
    { name: 'Window', text: hostWords[status.host] },
    { name: 'System', text: systemWords[status.platform] ?? status.platform },
    { name: 'Data folder', text: status.dataFolder, copies: true },
    {
      name: 'Installation',
      text: status.installationId,
      shown: groupsOfFour(status.installationId),
      copies: true,
    },
  ]
  return (
    <SettingsFrame
      section="diagnostics"
      aside={<KeychainPanel />}
      asideLabel="Keychain"
      narrowAside
      actions={
        <>
          <CopyTextButton
            text={answer.data === undefined ? null : reportText(status, checks)}
            what="the report"
          >
            Copy report
          </CopyTextButton>
          <Button busy={answer.isFetching} onClick={() => void answer.refetch()}>
            Check again
          </Button>
        </>
      }
    >
      <h2>Diagnostics</h2>
      {answer.isError ? <FailureAlert failure={failureFrom(answer.error)} /> : null}
      <div className={classes.block}>
        <CheckList checks={checks} busy={answer.isFetching} wide />
      </div>
      <h3>This installation</h3>
      <div className={classes.block}>
        <FactRows names={96}>
          {facts.map(({ name, text, shown, copies }) => (
            <FactRow key={name} name={name}>
              {copies === true ? (
                <>
                  <code>
                    <MiddleEllipsis text={shown ?? text} tail={16} />
                  </code>
                  <CopyButton text={text} what={name.toLowerCase()} />
                </>
              ) : (
                text
              )}
            </FactRow>
          ))}
        </FactRows>
      </div>
      <Rebuild />
    </SettingsFrame>
  )
}
