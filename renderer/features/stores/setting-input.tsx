import { PasswordInput, Select, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import type { SettingField } from '../../../shared/domain/store.ts'
import { Button } from '../../components/button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { showFailure } from '../../components/notice.tsx'
import { CheckOption } from '../../components/options.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom } from '../../lib/use-call.ts'
import classes from './add-store.module.css'

type SettingInputProps = {
  field: SettingField
  value: string | boolean
  error: string | null
  onChange: (value: string | boolean) => void
  /** A folder was chosen: its name, from which the store's may be taken. */
  onFolderName: (name: string) => void
}

/** One field of a kind's settings, as its description asks for it. */
export function SettingInput({ field, value, error, onChange, onFolderName }: SettingInputProps) {
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'folder':
    case 'file':
      return <PathInput field={field} error={error} onChange={onChange} onFolderName={onFolderName} />
    case 'secret':
      return (
        <PasswordInput
          label={field.label}
          description={field.help}
          value={text}
          error={error}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
    case 'switch':
      return (
        <CheckOption label={field.label} help={field.help} checked={value === true} onChange={onChange} />
      )
    case 'choice':
      return (
        <Select
          label={field.label}
          description={field.help}
          data={field.choices ?? []}
          value={text === '' ? null : text}
          error={error}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      )
    case 'text':
      return (
        <TextInput
          label={field.label}
          description={field.help}
          value={text}
          error={error}
          spellCheck={false}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}

type PathInputProps = Omit<SettingInputProps, 'value'>

function PathInput({ field, error, onChange, onFolderName }: PathInputProps) {
  const id = useId()
  const picker = usePathPicker()
  const [name, setName] = useState<string | null>(null)
  const choose = async (): Promise<void> => {
    const [chosen] = await picker.choose(field.kind === 'folder' ? 'store-folder' : 'certificate')
    if (chosen === undefined) return
    setName(chosen.name)
    if (field.kind === 'folder') onFolderName(chosen.name)
    onChange(chosen.token)
  }
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>{field.label}</legend>
      {field.help === '' ? null : <p className={classes.help}>{field.help}</p>}
      <div className={classes.folder}>
        <code className={classes.chosen} data-invalid={error === null ? undefined : true}>
          {name === null ? (
            <span className={classes.unset}>
              {field.kind === 'folder' ? 'No folder chosen' : 'No file chosen'}
            </span>
          ) : (
            <MiddleEllipsis text={name} />
          )}
        </code>
        <Button
          aria-describedby={error === null ? undefined : `${id}-error`}
          onClick={() => void choose().catch((cause: unknown) => showFailure(failureFrom(cause)))}
        >
          Choose…
        </Button>
      </div>
      {error === null ? null : (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
