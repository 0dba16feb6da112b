import { useId } from 'react'
import type { ReactNode } from 'react'
import classes from './framed-options.module.css'

type FramedOption<V extends string> = {
  value: V
  title: string
  /** At the right of its title: what it takes. */
  cost?: ReactNode
  help: ReactNode
  disabled?: boolean
}

type FramedOptionsProps<V extends string> = {
  /** For screen readers: the heading above says it to the eye. */
  label: string
  options: FramedOption<V>[]
  value: V
  onChange: (value: V) => void
}

/** One of a few ways, in one frame: each with what it takes and what it means. @see look.md, "Wizard" */
export function FramedOptions<V extends string>({ label, options, value, onChange }: FramedOptionsProps<V>) {
  const name = useId()
  return (
    <fieldset className={classes.frame}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option, index) => (
        <label key={option.value} className={classes.option}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={option.disabled}
            aria-labelledby={`${name}-${index}`}
            aria-describedby={`${name}-${index}-help`}
            onChange={() => onChange(option.value)}
          />
          <i />
          <span className={classes.line}>
            <b id={`${name}-${index}`}>{option.title}</b>
            {option.cost === undefined ? null : <span className={classes.cost}>{option.cost}</span>}
          </span>
          <span className={classes.help} id={`${name}-${index}-help`}>
            {option.help}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
