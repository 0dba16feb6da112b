import { Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { FormEvent } from 'react'
import { useLocation } from 'wouter'
import type { Response } from '../../../shared/contract/contract.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useAction, useCall, useInvoke } from '../../lib/use-call.ts'
import { StoreFields } from './store-fields.tsx'
import { storeToAdd } from './store-form-schema.ts'
import { StoreList } from './store-list.tsx'
import { StoreTestPanel } from './store-test-panel.tsx'
import { useStoreForm } from './use-store-form.ts'
import { useTrial } from './use-store-test.ts'
import classes from './store-page.module.css'

export type StoreKind = Response<'stores:kinds'>['kinds'][number]

/** One more place for ciphertext: the form is drawn from what the kind says of its settings. */
export function AddStore({ stores }: { stores: StoreInfo[] }) {
  const kinds = useCall('stores:kinds', {})
  const [chosen, setChosen] = useState<string | null>(null)
  const kind = kinds.data?.kinds.find((one) => one.kind === chosen) ?? kinds.data?.kinds[0]
  if (kind === undefined)
    return (
      <SettingsFrame
        section="stores"
        item="Add a store"
        items={<StoreList stores={stores} kinds={[]} current="add" />}
      >
        {kinds.isError ? <FailureAlert failure={failureFrom(kinds.error)} /> : null}
      </SettingsFrame>
    )
  return (
    <NewStore
      key={kind.kind}
      kind={kind}
      kinds={kinds.data?.kinds ?? []}
      onKind={setChosen}
      stores={stores}
    />
  )
}

type NewStoreProps = {
  kind: StoreKind
  kinds: StoreKind[]
  onKind: (kind: string) => void
  stores: StoreInfo[]
}

function NewStore({ kind, kinds, onKind, stores }: NewStoreProps) {
  const invoke = useInvoke()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const formId = useId()
  const form = useStoreForm(kind.fields, null)
  const trial = useTrial(form, () => {
    // It is tested before it has a name.
    const name = form.values.name === '' ? kind.label : form.values.name
    const checked = form.check({ name })
    return checked === null
      ? null
      : { kind: kind.kind, storeId: null, name, ...storeToAdd(form.fields, checked) }
  })
  const add = useAction('stores:add', {
    onDone: ({ storeId }) => {
      void queries.invalidateQueries({ queryKey: ['stores:list'] })
      const queryKey = ['stores:test', { storeId }]
      if (trial.test !== null && trial.of === JSON.stringify(form.values))
        queries.setQueryData(queryKey, trial.test)
      else
        void queries.prefetchQuery({
          queryKey,
          queryFn: () => invoke('stores:test', { storeId }),
        })
      navigate(`/settings/stores/${storeId}`)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const checked = form.check()
    if (checked === null || add.isPending) return
    form.take(null)
    add.mutate(
      { name: checked.name, kind: kind.kind, ...storeToAdd(form.fields, checked) },
      { onError: (error) => form.take(failureFrom(error)) },
    )
  }
  return (
    <SettingsFrame
      section="stores"
      item="Add a store"
      items={<StoreList stores={stores} kinds={kinds} current="add" />}
      actions={
        <>
          <Button kind="ghost" onClick={() => window.history.back()}>
            Discard
          </Button>
          <Button kind="primary" type="submit" form={formId} busy={add.isPending}>
            Add store
          </Button>
        </>
      }
      aside={
        <StoreTestPanel
          testing={trial}
          isNew
          isStale={trial.test !== null && trial.of !== JSON.stringify(form.values)}
        />
      }
      asideLabel="Connection"
    >
      <div className={classes.head}>
        <h2>Add a store</h2>
        <p>A place where ciphertext is kept. Keys never go there.</p>
      </div>
      <form id={formId} className={classes.form} onSubmit={submit} noValidate>
        {kinds.length > 1 ? (
          <Select
            className={classes.kind ?? ''}
            label="Kind"
            data={kinds.map(({ kind: value, label }) => ({ value, label }))}
            value={kind.kind}
            onChange={(value) => onKind(value ?? kind.kind)}
          />
        ) : null}
        <StoreFields form={form} store={null} />
        {form.failure === null ? null : <FailureAlert failure={form.failure} />}
      </form>
    </SettingsFrame>
  )
}
