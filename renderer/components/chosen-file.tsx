import { useId } from 'react'
import { failureFrom } from '../lib/use-call.ts'
import { Button } from './button.tsx'
import { MiddleEllipsis } from './middle-ellipsis.tsx'
import { showFailure } from './notice.tsx'
import classes from './chosen-file.module.css'

type ChosenFileProps = {
  label: string
  /** Its path or name; null while none is chosen. */
  file: string | null
  /** Asks for it; what it cannot do is shown. */
  onChoose: () => Promise<void>
  /** The button takes the focus when the dialog opens. */
  autofocus?: boolean
}

/** A field for a file of the system, filled by the picker. */
export function ChosenFile({ label, file, onChoose, autofocus = false }: ChosenFileProps) {
  const id = useId()
  return (
    <div>
      <p className={classes.label} id={id}>
        {label}
      </p>
      <div className={classes.row}>
        <code className={classes.file} aria-labelledby={id}>
          {file === null ? (
            <span className={classes.unset}>No file chosen</span>
          ) : (
            <MiddleEllipsis text={file} />
          )}
        </code>
        <Button
          data-autofocus={autofocus || undefined}
          onClick={() => void onChoose().catch((error: unknown) => showFailure(failureFrom(error)))}
        >
          Choose…
        </Button>
      </div>
    </div>
  )
}
