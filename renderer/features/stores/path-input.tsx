import { IconX } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { SettingField } from '../../../shared/domain/store.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { showFailure } from '../../components/notice.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom } from '../../lib/use-call.ts'
import { clearedPath } from './store-form-schema.ts'
import classes from './setting-input.module.css'

type PathInputProps = {
  field: SettingField
  /** A token that a dialog gave, `cleared`, or nothing. */
  value: string
  /** The path that is kept, where the store is there. */
  kept: string | null
  error: string | null
  onChange: (value: string) => void
  /** A folder was chosen: its name, from which the store's may be taken. */
  onFolderName: (name: string) => void
}

/** A folder or file of this machine, chosen by a dialog and shown with its whole path. */
export function PathInput({ field, value, kept, error, onChange, onFolderName }: PathInputProps) {
  const id = useId()
  const picker = usePathPicker()
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = async (): Promise<void> => {
    const [source] = await picker.choose(field.kind === 'folder' ? 'store-folder' : 'certificate')
    if (source === undefined) return
    setChosen(source.path ?? source.name)
    if (field.kind === 'folder') onFolderName(source.name)
    onChange(source.token)
  }
  const path = value === clearedPath ? null : value === '' ? kept : chosen
  const unset = field.unset ?? (field.kind === 'folder' ? 'No folder chosen' : 'No file chosen')
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>{field.label}</legend>
      <div className={classes.path}>
        <code className={classes.chosen} data-invalid={error === null ? undefined : true}>
          {path === null ? (
            <span className={classes.unset}>{unset}</span>
          ) : (
            <MiddleEllipsis text={path} tail={24} />
          )}
        </code>
        {path === null || field.required ? null : (
          <IconButton
            icon={IconX}
            label={`${unset} instead`}
            onClick={() => onChange(kept === null ? '' : clearedPath)}
          />
        )}
        <Button
          aria-label={`Choose ${field.label.toLowerCase().replace('ca', 'CA')}…`}
          aria-describedby={error === null ? undefined : `${id}-error`}
          onClick={() => void choose().catch((cause: unknown) => showFailure(failureFrom(cause)))}
        >
          Choose…
        </Button>
      </div>
      {field.help === '' ? null : <p className={classes.help}>{field.help}</p>}
      {error === null ? null : (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  )
}
