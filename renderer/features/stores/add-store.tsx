import { Select, TextInput } from '@mantine/core'
import { schemaResolver, useForm } from '@mantine/form'
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
import { SettingInput } from './setting-input.tsx'
import { emptyValues, settingKey, shownFields, storeFormSchema, storeToAdd } from './store-form-schema.ts'
import type { StoreFormValues } from './store-form-schema.ts'
import { StoreList } from './store-list.tsx'
import classes from './add-store.module.css'

type Kind = Response<'stores:kinds'>['kinds'][number]

/** One more place for ciphertext: the form is drawn from what the kind says of its settings. */
export function AddStore({ stores }: { stores: StoreInfo[] }) {
  const kinds = useCall('stores:kinds', {})
  const [chosen, setChosen] = useState<string | null>(null)
  const formId = useId()
  const [isBusy, setIsBusy] = useState(false)
  const kind = kinds.data?.kinds.find((one) => one.kind === chosen) ?? kinds.data?.kinds[0]
  return (
    <SettingsFrame
      section="stores"
      item="Add a store"
      items={<StoreList stores={stores} current="add" />}
      actions={
        <>
          <Button kind="ghost" onClick={() => window.history.back()}>
            Discard
          </Button>
          <Button kind="primary" type="submit" form={formId} busy={isBusy} disabled={kind === undefined}>
            Add store
          </Button>
        </>
      }
    >
      {kinds.isError ? <FailureAlert failure={failureFrom(kinds.error)} /> : null}
      {kind === undefined ? null : (
        <KindForm
          key={kind.kind}
          kind={kind}
          kinds={kinds.data?.kinds ?? []}
          onKind={setChosen}
          formId={formId}
          onBusy={setIsBusy}
        />
      )}
    </SettingsFrame>
  )
}

type KindFormProps = {
  kind: Kind
  kinds: Kind[]
  onKind: (kind: string) => void
  formId: string
  onBusy: (isBusy: boolean) => void
}

function KindForm({ kind, kinds, onKind, formId, onBusy }: KindFormProps) {
  const invoke = useInvoke()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const schemaOf = (values: StoreFormValues) => storeFormSchema(shownFields(kind.fields, values))
  const form = useForm<StoreFormValues>({
    initialValues: emptyValues(kind.fields),
    validate: (values) => schemaResolver(schemaOf(values), { sync: true })(values),
  })
  const fields = shownFields(kind.fields, form.values)
  const add = useAction('stores:add', {
    onDone: ({ storeId }) => {
      void queries.invalidateQueries({ queryKey: ['stores:list'] })
      void queries.prefetchQuery({
        queryKey: ['stores:test', { storeId }],
        queryFn: () => invoke('stores:test', { storeId }),
      })
      navigate(`/settings/stores/${storeId}`)
    },
  })
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    // The form's values come as they were typed: what is sent is what the schema made of them.
    const parsed = schemaOf(form.values).safeParse(form.values)
    if (form.validate().hasErrors || !parsed.success || add.isPending) return
    onBusy(true)
    await add
      .mutateAsync({
        name: parsed.data.name,
        kind: kind.kind,
        ...storeToAdd(fields, parsed.data),
      })
      .catch(() => {})
    onBusy(false)
  }
  const errorOf = (name: string): string | null => {
    const error = form.errors[name]
    return typeof error === 'string' ? error : null
  }
  return (
    <>
      <h2>Add a store</h2>
      <p className={classes.lead}>A place where ciphertext is kept. Keys never go there.</p>
      <form id={formId} className={classes.form} onSubmit={(event) => void submit(event)} noValidate>
        {kinds.length > 1 ? (
          <Select
            label="Kind"
            data={kinds.map(({ kind: value, label }) => ({ value, label }))}
            value={kind.kind}
            onChange={(value) => onKind(value ?? kind.kind)}
          />
        ) : null}
        {fields.map((field) => (
          <SettingInput
            key={field.name}
            field={field}
            value={form.values[settingKey(field)] ?? ''}
            error={errorOf(settingKey(field))}
            onChange={(value) => form.setFieldValue(settingKey(field), value)}
            onFolderName={(name) => {
              if (form.values.name === '') form.setFieldValue('name', name)
            }}
          />
        ))}
        <TextInput
          label="Name"
          description="What it is called here and on the command line."
          value={form.values.name}
          error={errorOf('name')}
          spellCheck={false}
          onChange={(event) => form.setFieldValue('name', event.currentTarget.value)}
        />
        {add.isError ? <FailureAlert failure={failureFrom(add.error)} /> : null}
      </form>
    </>
  )
}
