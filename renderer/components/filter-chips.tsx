import classes from './filter-chips.module.css'

export type FilterChip<Id extends string> = { id: Id; label: string; count?: string | undefined }

type FilterChipsProps<Id extends string> = {
  /** What they filter, for screen readers. */
  label: string
  chips: FilterChip<Id>[]
  value: Id
  onChange: (id: Id) => void
}

/** One of several views of a list; exactly one is pressed. */
export function FilterChips<Id extends string>({ label, chips, value, onChange }: FilterChipsProps<Id>) {
  return (
    <div className={classes.chips} role="group" aria-label={label}>
      {chips.map(({ id, label: name, count }) => (
        <button
          key={id}
          type="button"
          className={classes.chip}
          aria-pressed={id === value}
          onClick={() => onChange(id)}
        >
          {name}
          {count === undefined ? null : <span className={classes.count}>{count}</span>}
        </button>
      ))}
    </div>
  )
}
