import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { KeychainStatus } from '../../shared/domain/keychain.ts'
import { waitWords } from '../../shared/retirement-words.ts'
import { safeText } from '../../shared/safe-text.ts'
import { Button } from '../components/button.tsx'
import { showFailure } from '../components/notice.tsx'
import { failureFrom, useAction, useCall } from '../lib/use-call.ts'
import { useFormat } from '../lib/use-format.ts'
import { useStatus } from '../lib/use-status.ts'
import classes from './banners.module.css'

/** What stands in the way of working, above the screen, with the button that helps. */
export function Banners() {
  const { keychain } = useStatus()
  return (
    <>
      {keychain.state === 'works' || keychain.state === 'untested' ? null : (
        <KeychainBanner keychain={keychain} />
      )}
      <DueRetirementsBanner />
    </>
  )
}

/** Scheduled destructions that fell due and wait for a yes; not above the page where it is given. */
function DueRetirementsBanner() {
  const [path, navigate] = useLocation()
  const format = useFormat()
  const answer = useCall('retirement:scheduled', {})
  const due = answer.data?.scheduled.filter(({ isDue, waits }) => isDue && waits !== null) ?? []
  const [first] = due
  if (first === undefined || first.waits === null || path.startsWith('/retire/')) return null
  return (
    <Banner
      actions={
        <Button onClick={() => navigate(`/retire/${due.map(({ artifactId }) => artifactId).join(',')}`)}>
          Show what would be destroyed
        </Button>
      }
    >
      <b>
        {due.length === 1
          ? `The retirement of ${safeText(first.name)} waits for a yes.`
          : `${format.count(due.length)} retirements wait for a yes.`}
      </b>{' '}
      {due.length === 1
        ? `Its keys were not destroyed: ${waitWords[first.waits]}.`
        : 'No key of theirs was destroyed.'}
    </Banner>
  )
}

const keychainSentences = {
  locked:
    'is locked. What is stored stays as it is; nothing can be encrypted, opened or destroyed until it is unlocked.',
  unavailable: 'cannot be reached. Without it no key can be kept or read; what is stored stays as it is.',
  denied: 'refused access. No key was deleted or changed; what is stored stays as it is.',
  'new-keychain':
    'is not the one that was used before. Its keys are not here; artifacts encrypted before open only with the old one.',
} as const

function KeychainBanner({ keychain }: { keychain: KeychainStatus }) {
  const test = useAction('keychain:test')
  const accept = useAction('keychain:accept-new')
  if (keychain.state === 'works' || keychain.state === 'untested') return null
  const busy = test.isPending || accept.isPending
  const say = { onError: (error: unknown) => showFailure(failureFrom(error)) }
  return (
    <Banner
      actions={
        <>
          {keychain.state === 'new-keychain' ? (
            <Button busy={busy} onClick={() => accept.mutate({}, say)}>
              Use this keychain
            </Button>
          ) : null}
          <Button busy={busy} onClick={() => test.mutate({}, say)}>
            Test again
          </Button>
        </>
      }
    >
      <b>
        {keychain.backend} {keychainSentences[keychain.state]}
      </b>{' '}
      {keychain.remedy}
    </Banner>
  )
}

function Banner({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <section className={classes.banner} role="alert">
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
      <p>{children}</p>
      <span className={classes.actions}>{actions}</span>
    </section>
  )
}
