import { IconSearch, IconX } from '@tabler/icons-react'
import { useRef } from 'react'
import type { RefObject } from 'react'
import { useShortcuts } from '../lib/shortcuts.ts'
import { IconButton } from './icon-button.tsx'
import classes from './search-field.module.css'

type SearchFieldProps = {
  /** What it searches, as placeholder and name: `Search keys and artifacts`. */
  label: string
  value: string
  onChange: (query: string) => void
  widthPx?: number
  /** Down from the field to what was found: ArrowDown, Enter, or Escape when it is empty. */
  onLeave?: () => void
  inputRef?: RefObject<HTMLInputElement | null>
}

/** Searches the list of this screen while one types; `/` leads here, Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, widthPx, onLeave } = props
  const own = useRef<HTMLInputElement>(null)
  const input = props.inputRef ?? own
  useShortcuts([{ keys: '/', does: label, run: () => input.current?.focus() }])
  const clear = (): void => {
    onChange('')
    input.current?.focus()
  }
  return (
    <search className={classes.field} style={widthPx === undefined ? undefined : { width: widthPx }}>
      <IconSearch size={16} stroke={1.5} className={classes.icon} aria-hidden />
      <input
        ref={input}
        type="search"
        className={classes.input}
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault()
            clear()
          } else if (onLeave && /^(ArrowDown|Enter|Escape)$/.test(event.key)) {
            event.preventDefault()
            onLeave()
          }
        }}
      />
      {value === '' ? (
        <kbd className={classes.hint} aria-hidden>
          /
        </kbd>
      ) : (
        <IconButton small icon={IconX} label="Clear the search" className={classes.clear} onClick={clear} />
      )}
    </search>
  )
}
