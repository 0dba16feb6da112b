import { IconCheck } from '@tabler/icons-react'
import { useEffect, useId, useRef } from 'react'
import classes from './typed-name.module.css'

type TypedNameProps = {
  /** What must be typed, exactly. */
  expected: string
  value: string
  onChange: (typed: string) => void
  disabled?: boolean
  /** Takes the focus when its step or dialog opens. */
  takesFocus?: boolean
}

/** Confirms something final by its name, typed out. It says whether the name matches; the caller decides what that allows. */
export function TypedName({
  expected,
  value,
  onChange,
  disabled = false,
  takesFocus = false,
}: TypedNameProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // A dialog may show it only after a look, when its own search for what takes the focus is over.
  useEffect(() => {
    if (takesFocus) input.current?.focus()
  }, [takesFocus])
  const matches = value === expected
  return (
    <div>
      <label htmlFor={id} className={classes.label}>
        Type <code>{expected}</code> to confirm
      </label>
      <div className={classes.row}>
        <input
          ref={input}
          data-autofocus={takesFocus || undefined}
          id={id}
          className={classes.input}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          disabled={disabled}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby={`${id}-state`}
        />
        <span id={`${id}-state`} className={classes.state} data-matches={matches} aria-live="polite">
          {matches ? (
            <>
              <IconCheck size={16} stroke={1.5} aria-hidden />
              matches
            </>
          ) : value !== '' && !expected.startsWith(value) ? (
            'differs'
          ) : null}
        </span>
      </div>
    </div>
  )
}
