import { IconCheck } from '@tabler/icons-react'
import { useId } from 'react'
import type { ReactNode } from 'react'
import classes from './options.module.css'

type Option<V extends string> = { value: V; label: ReactNode; help?: ReactNode; disabled?: boolean }

/** Choices that belong together, under one name. */
export const OptionFrame = ({ label, children }: { label: string; children: ReactNode }) => (
  <fieldset className={classes.group}>
    <legend>{label}</legend>
    {children}
  </fieldset>
)

type OptionGroupProps<V extends string> = {
  label: string
  options: Option<V>[]
  value: V
  onChange: (value: V) => void
}

/** One of a few, each with a line of what it means. */
export function OptionGroup<V extends string>({ label, options, value, onChange }: OptionGroupProps<V>) {
  const name = useId()
  return (
    <OptionFrame label={label}>
      {options.map((option) => (
        <label key={option.value} className={classes.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          <i data-kind="radio" />
          <span>{option.label}</span>
          {option.help ? <small>{option.help}</small> : null}
        </label>
      ))}
    </OptionFrame>
  )
}

type CheckOptionProps = {
  label: ReactNode
  help?: ReactNode
  checked: boolean
  /** Some of what it stands for are chosen. */
  indeterminate?: boolean
  disabled?: boolean
  onChange: (checked: boolean) => void
}

/** Yes or no, with a line of what it means. */
export function CheckOption({ label, help, checked, indeterminate, disabled, onChange }: CheckOptionProps) {
  return (
    <label className={classes.option}>
      <input
        ref={(input) => {
          if (input) input.indeterminate = indeterminate === true
        }}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <i data-kind="check">
        <IconCheck size={12} stroke={2.5} aria-hidden />
      </i>
      <span>{label}</span>
      {help ? <small>{help}</small> : null}
    </label>
  )
}

type SegmentedProps<V extends string> = {
  label: string
  options: { value: V; label: string }[]
  value: V
  onChange: (value: V) => void
}

/** One of two or three words, side by side. */
export function Segmented<V extends string>({ label, options, value, onChange }: SegmentedProps<V>) {
  const name = useId()
  return (
    <div className={classes.segmented} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  )
}
