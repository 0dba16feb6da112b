import { PasswordInput, Select, TextInput } from '@mantine/core'
import type { SettingField } from '../../../shared/domain/store.ts'
import { CheckOption } from '../../components/options.tsx'
import { AddressInput } from './address-input.tsx'
import { PathInput } from './path-input.tsx'
import classes from './setting-input.module.css'

type SettingInputProps = {
  field: SettingField
  value: string | boolean
  error: string | null
  /** What an empty field comes to. */
  placeholder: string | undefined
  /** Of a store that is there: the path that is kept. */
  kept: string | null
  /** A secret is kept, and stays unless another is typed. */
  isKept: boolean
  onChange: (value: string | boolean) => void
  onFolderName: (name: string) => void
}

const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

/** One field of a kind's settings, as its description asks for it. */
export function SettingInput(props: SettingInputProps) {
  const { field, value, error, placeholder, isKept, onChange, onFolderName } = props
  const text = typeof value === 'string' ? value : ''
  // Beside one another there is no room for more than the label.
  const help = field.isShort === true ? '' : field.help
  const common = { label: field.label, error, inputWrapperOrder: order }
  switch (field.kind) {
    case 'folder':
    case 'file':
      return (
        <PathInput
          field={field}
          value={text}
          kept={props.kept}
          error={error}
          onChange={onChange}
          onFolderName={onFolderName}
        />
      )
    case 'secret':
      return (
        <PasswordInput
          {...common}
          description={help}
          placeholder={isKept ? 'As it is kept' : undefined}
          value={text}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'switch':
      if (field.states !== undefined)
        return (
          <Select
            {...common}
            data={[
              { value: 'off', label: field.states.off },
              { value: 'on', label: field.states.on },
            ]}
            value={value === true ? 'on' : 'off'}
            onChange={(chosen) => onChange(chosen === 'on')}
          />
        )
      return (
        <CheckOption label={field.label} help={field.help} checked={value === true} onChange={onChange} />
      )
    case 'choice':
      return (
        <Select
          {...common}
          data={field.choices ?? []}
          value={text === '' ? null : text}
          maxDropdownHeight={300}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      )
    case 'address':
      return (
        <AddressInput
          label={field.label}
          help={help}
          value={text}
          placeholder={placeholder}
          error={error}
          onChange={onChange}
        />
      )
    case 'text':
      return (
        <TextInput
          {...common}
          description={help}
          classNames={{ input: classes.mono ?? '' }}
          placeholder={placeholder ?? field.unset}
          value={text}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}
