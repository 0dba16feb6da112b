import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FactRow, FactRows } from '../../components/fact-rows.tsx'
import { KeychainPanel } from '../../components/keychain-panel/keychain-panel.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { FirstSteps } from './first-steps.tsx'
import classes from './first-run.module.css'

/** What an empty program shows: one thing to do, the first steps, and plain answers about keychain and store. */
export function FirstRun() {
  useFirstTest()
  const stores = useCall('stores:list', {})
  const store = stores.data?.stores.find(({ isDefault }) => isDefault) ?? stores.data?.stores[0]
  return (
    <div className={classes.split}>
      <section className={classes.main} aria-label="Begin">
        <div className={classes.well}>
          <h1>Drop a model to encrypt it</h1>
          <p>
            A file or a folder, Hugging Face snapshots and shards included. It is encrypted on this machine.
            The key goes to your keychain, the result to{' '}
            {store === undefined ? 'your store' : <code>{safeText(store.location)}</code>}.
          </p>
          <div className={classes.buttons}>
            <Button onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'files' })}>
              Choose files…
            </Button>
            <Button onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'folder' })}>
              Choose a folder…
            </Button>
          </div>
        </div>
        <FirstSteps />
      </section>
      <aside className={classes.aside} aria-label="This machine">
        <div className={classes.part}>
          <KeychainPanel isSmall />
        </div>
        <StorePart />
      </aside>
    </div>
  )
}

/** The keychain is tried before anything is entrusted to it, without being asked for. */
function useFirstTest(): void {
  const { keychain } = useStatus()
  const queries = useQueryClient()
  const { mutate } = useAction('keychain:test', {
    onDone: () => void queries.invalidateQueries({ queryKey: ['program:status'] }),
  })
  const isUntested = keychain.state === 'untested'
  useEffect(() => {
    if (isUntested) mutate({})
  }, [isUntested, mutate])
}

function StorePart() {
  const format = useFormat()
  const stores = useCall('stores:list', {})
  const store = stores.data?.stores.find(({ isDefault }) => isDefault) ?? stores.data?.stores[0]
  return (
    <div className={classes.part}>
      <h2>Store</h2>
      {store === undefined ? (
        <p className={classes.note}>{stores.isPending ? '' : 'No store yet.'}</p>
      ) : (
        <>
          <code className={classes.path}>
            <MiddleEllipsis text={store.location} tail={16} />
          </code>
          {store.exists ? null : <p className={classes.note}>Made when the first artifact arrives.</p>}
          {store.freeBytes === null ? null : (
            <FactRows names="small">
              <FactRow name="Free" title={format.exactBytes(store.freeBytes)}>
                {format.bytes(store.freeBytes)}
              </FactRow>
            </FactRows>
          )}
        </>
      )}
      <a className={classes.link} href="#/settings/stores/add">
        Add a folder or a share
      </a>
    </div>
  )
}
