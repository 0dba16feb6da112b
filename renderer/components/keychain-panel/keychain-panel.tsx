import { IconAlertTriangle, IconCheck, IconCircleDashed, IconLock } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { KeychainStatus } from '../../../shared/domain/keychain.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import { Button } from '../button.tsx'
import { FactRow, FactRows } from '../fact-rows.tsx'
import { showFailure } from '../notice.tsx'
import classes from './keychain-panel.module.css'

type Look = { words: string; tone: 'ok' | 'warn' | 'danger'; icon: typeof IconCheck }

const looks: Record<KeychainStatus['state'], Look> = {
  works: { words: 'Works', tone: 'ok', icon: IconCheck },
  locked: { words: 'Locked', tone: 'warn', icon: IconLock },
  unavailable: { words: 'Cannot be reached', tone: 'danger', icon: IconAlertTriangle },
  denied: { words: 'Access was refused', tone: 'danger', icon: IconAlertTriangle },
  'new-keychain': { words: 'Another keychain than before', tone: 'warn', icon: IconAlertTriangle },
  untested: { words: 'Not tested yet', tone: 'warn', icon: IconCircleDashed },
}

function sentence({ state, backend, testedAt, remedy }: KeychainStatus, format: Format): string {
  if (state === 'works')
    return testedAt === null
      ? `${backend}. Each artifact gets a key of its own here.`
      : `${backend}, tested at ${format.time(testedAt)} with an item that is gone again. Each artifact gets a key of its own here.`
  return [backend, remedy].filter((part) => part !== '').join('. ')
}

/** A plain answer about the keychain: does it work, how long each step took, what to do if not, and a test. */
export function KeychainPanel({ isSmall = false }: { isSmall?: boolean }) {
  const { keychain } = useStatus()
  const format = useFormat()
  const queries = useQueryClient()
  const onDone = () => void queries.invalidateQueries({ queryKey: ['program:status'] })
  const test = useAction('keychain:test', { onDone })
  const accept = useAction('keychain:accept-new', { onDone })
  const onError = (error: unknown): void => showFailure(failureFrom(error))
  const { words, tone, icon: Icon } = looks[keychain.state]
  const times: [string, number | null][] = [
    ['Write', keychain.writeMs],
    ['Read back', keychain.readBackMs],
    ['Delete', keychain.deleteMs],
  ]
  return (
    <div data-keychain-panel>
      <h2 className={isSmall ? classes.small : undefined}>Keychain</h2>
      <p className={classes.state} data-tone={tone} aria-live="polite">
        <Icon size={16} stroke={1.5} aria-hidden />
        {words}
      </p>
      {keychain.writeMs === null ? null : (
        <FactRows names="small">
          {times.map(([name, ms]) => (
            <FactRow key={name} name={name}>
              {ms === null ? '—' : format.millis(ms)}
            </FactRow>
          ))}
        </FactRows>
      )}
      <p className={classes.note}>{sentence(keychain, format)}</p>
      <div className={classes.actions}>
        <Button kind="link" busy={test.isPending} onClick={() => test.mutate({}, { onError })}>
          {keychain.state === 'untested' ? 'Test it' : 'Test again'}
        </Button>
        {keychain.state === 'new-keychain' ? (
          <Button kind="link" busy={accept.isPending} onClick={() => accept.mutate({}, { onError })}>
            Use this keychain
          </Button>
        ) : null}
      </div>
    </div>
  )
}
