import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { StoreKind } from './add-store.tsx'
import { StoreFacts } from './store-facts.tsx'
import { StoreFields } from './store-fields.tsx'
import { storeChanges } from './store-form-schema.ts'
import { StoreList } from './store-list.tsx'
import { StoreTestPanel } from './store-test-panel.tsx'
import { UnfinishedUploads } from './unfinished-uploads.tsx'
import { useStoreForm } from './use-store-form.ts'
import { useKeptTest, useTrial } from './use-store-test.ts'
import classes from './store-page.module.css'

type StorePageProps = { store: StoreInfo; stores: StoreInfo[]; kinds: StoreKind[] }

/** One store: its settings, of which those may be changed that do not decide what it holds, and its test. */
export function StorePage({ store, stores, kinds }: StorePageProps) {
  const format = useFormat()
  const queries = useQueryClient()
  const formId = useId()
  const { storeId } = store
  const kind = kinds.find((one) => one.kind === store.kind)
  const form = useStoreForm(kind?.fields ?? [], store)
  const kept = useKeptTest(storeId)
  const trial = useTrial(form, () => {
    const checked = form.check()
    return checked === null
      ? null
      : { kind: store.kind, storeId, name: checked.name, ...storeChanges(form.fields, checked) }
  })
  const [wasTrial, setWasTrial] = useState(false)
  const shown = wasTrial ? trial : kept
  const run = (): void => {
    setWasTrial(form.isDirty)
    if (form.isDirty) trial.run()
    else kept.run()
  }
  const save = useAction('stores:set', {
    onDone: () => {
      queries.removeQueries({ queryKey: ['stores:test', { storeId }] })
      void queries.invalidateQueries({ queryKey: ['stores:list'] })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const checked = form.check()
    if (checked === null || save.isPending) return
    form.take(null)
    save.mutate(
      { storeId, name: checked.name, ...storeChanges(form.fields, checked) },
      { onError: (error) => form.take(failureFrom(error)) },
    )
  }
  const isStale = wasTrial ? trial.of !== JSON.stringify(form.values) : form.isDirty
  return (
    <SettingsFrame
      section="stores"
      item={store.name}
      items={<StoreList stores={stores} kinds={kinds} current={storeId} />}
      actions={
        form.isDirty ? (
          <>
            <Button kind="ghost" onClick={form.reset}>
              Discard
            </Button>
            <Button kind="primary" type="submit" form={formId} busy={save.isPending}>
              Save store
            </Button>
          </>
        ) : null
      }
      aside={<StoreTestPanel testing={{ ...shown, run }} isStale={isStale} />}
      asideLabel="Connection"
    >
      <div className={classes.head}>
        <h2>{safeText(store.name)}</h2>
        <p title={format.exactBytes(store.ciphertextBytes)}>
          {kind?.label ?? store.kind} · {format.counted(store.artifacts, 'artifact')}
          {store.artifacts > 0 ? (
            <>
              , <span className={classes.whole}>{format.bytes(store.ciphertextBytes)}</span>
            </>
          ) : null}
        </p>
      </div>
      <form id={formId} className={classes.form} onSubmit={submit} noValidate>
        <StoreFields form={form} store={store} />
        {form.failure === null ? null : <FailureAlert failure={form.failure} />}
      </form>
      <StoreFacts store={store} holdsSecrets={form.fields.some((field) => field.kind === 'secret')} />
      {kind?.isRemote === true ? (
        <div className={classes.uploads}>
          <UnfinishedUploads storeId={storeId} />
        </div>
      ) : null}
    </SettingsFrame>
  )
}
