import { schemaResolver, useForm } from '@mantine/form'
import type { SettingField, StoreInfo } from '../../../shared/domain/store.ts'
import type { Failure } from '../../../shared/failure.ts'
import { useState } from 'react'
import {
  emptyValues,
  settingKey,
  shownFields,
  storeFormSchema,
  valuesOf,
  withBeginnings,
} from './store-form-schema.ts'
import type { StoreFormValues } from './store-form-schema.ts'

export type StoreForm = {
  /** Those that count, as the choices stand. */
  fields: SettingField[]
  values: StoreFormValues
  isDirty: boolean
  errorOf: (key: string) => string | null
  set: (key: string, value: string | boolean) => void
  reset: () => void
  /** Shows what is wrong. @returns what the schema made of the values, or null
   * @param instead values that count instead of the form's */
  check: (instead?: { name: string }) => StoreFormValues | null
  /** Takes an answer of main: what it says of a field stands at the field, anything else is returned by `failure`. */
  take: (failure: Failure | null) => void
  failure: Failure | null
}

/** The form of a store, new or there.
 * @param every all fields of its kind */
export function useStoreForm(every: SettingField[], store: StoreInfo | null): StoreForm {
  const schemaOf = (values: StoreFormValues) =>
    storeFormSchema(shownFields(every, values), store?.settings ?? null)
  const form = useForm<StoreFormValues>({
    initialValues: store === null ? emptyValues(every) : valuesOf(every, store),
    validate: (values) => schemaResolver(schemaOf(values), { sync: true })(values),
  })
  const [failure, setFailure] = useState<Failure | null>(null)
  const { values } = form
  return {
    fields: shownFields(every, values),
    values,
    isDirty: form.isDirty(),
    errorOf: (key) => {
      const error = form.errors[key]
      return typeof error === 'string' ? error : null
    },
    set: (key, value) => {
      setFailure(null)
      const now = form.getValues()
      form.setValues(withBeginnings(every, { ...now, [key]: value }, now))
      form.clearFieldError(key)
    },
    reset: () => {
      setFailure(null)
      form.reset()
    },
    check: (instead) => {
      // The form's values come as they were typed: what is sent is what the schema made of them.
      const asked = { ...values, ...instead }
      const parsed = schemaOf(values).safeParse(asked)
      if (parsed.success) return { ...asked, ...parsed.data }
      form.validate()
      return null
    },
    take: (answer) => {
      const field = answer?.code === 'store/settings-invalid' ? answer.field : null
      const known = shownFields(every, values).find(({ name }) => name === field)
      setFailure(known === undefined ? answer : null)
      if (known !== undefined && answer?.code === 'store/settings-invalid')
        form.setFieldError(settingKey(known), `${known.label}: ${answer.reason}.`)
    },
    failure,
  }
}
