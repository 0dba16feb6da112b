import { TextInput } from '@mantine/core'
import { isAsked, type SettingField, type StoreInfo } from '../../../shared/domain/store.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { SettingInput } from './setting-input.tsx'
import { settingKey } from './store-form-schema.ts'
import type { StoreForm } from './use-store-form.ts'
import classes from './store-fields.module.css'

type StoreFieldsProps = {
  form: StoreForm
  /** Null for one that is not added yet. */
  store: StoreInfo | null
}

/** The settings of a store, in two columns, as its kind describes them. */
export function StoreFields({ form, store }: StoreFieldsProps) {
  const { fields, values } = form
  const kept = (field: SettingField): string | null => {
    const value = store?.settings[field.name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  return (
    <div className={classes.fields}>
      {fields.map((field, at) =>
        store !== null && field.fixed !== undefined ? (
          <FixedSetting
            key={field.name}
            field={field}
            value={kept(field)}
            // Said once of neighbours that stay for the same reason.
            withReason={fields[at + 1]?.fixed !== field.fixed}
          />
        ) : (
          <div key={field.name} data-short={field.isShort || undefined}>
            <SettingInput
              field={field}
              value={values[settingKey(field)] ?? ''}
              error={form.errorOf(settingKey(field))}
              placeholder={whenEmpty(field, form)}
              kept={kept(field)}
              isKept={store !== null && isAsked(field, store.settings)}
              onChange={(value) => form.set(settingKey(field), value)}
              onFolderName={(name) => {
                if (values.name === '') form.set('name', name)
              }}
            />
          </div>
        ),
      )}
      <div>
        <TextInput
          label="Name"
          description="What it is called here and on the command line."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={values.name}
          error={form.errorOf('name')}
          spellCheck={false}
          onChange={(event) => form.set('name', event.currentTarget.value)}
        />
      </div>
    </div>
  )
}

type FixedSettingProps = { field: SettingField; value: string | null; withReason: boolean }

/** What decides which objects are the store's: shown, and copied, never changed. */
const FixedSetting = ({ field, value, withReason }: FixedSettingProps) => (
  <>
    <div data-short={field.isShort || undefined}>
      <p className={classes.label}>{field.label}</p>
      <div className={classes.fixed}>
        {value === null ? (
          <span>{field.unset ?? 'None'}</span>
        ) : (
          <>
            <code>
              <MiddleEllipsis text={value} {...(field.isShort === true ? {} : { tail: 20 })} />
            </code>
            <CopyButton text={value} what={field.label.toLowerCase()} />
          </>
        )}
      </div>
    </div>
    {withReason ? <p className={classes.reason}>{field.fixed}</p> : null}
  </>
)

/** What an empty field comes to, as the choices stand. */
function whenEmpty({ whenEmpty: by }: SettingField, { fields, values }: StoreForm): string | undefined {
  const chosen = by === undefined ? '' : values[settingKey({ name: by.field })]
  const text = typeof chosen === 'string' ? by?.values[chosen] : undefined
  return text?.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const given = values[settingKey({ name })]
    const label = fields.find((field) => field.name === name)?.label.toLowerCase()
    return typeof given === 'string' && given !== '' ? given : (label ?? name)
  })
}
