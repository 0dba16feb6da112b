/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid has no table elements, only their roles */
import classes from './data-table.module.css'

/** Quiet bars in the rows' places; they appear only when loading takes long enough to notice. */
export function LoadingRows({ columns }: { columns: number }) {
  return (
    <div role="row" className={classes.loading}>
      <div role="gridcell" aria-colspan={columns}>
        <span className="visually-hidden">Loading</span>
        {Array.from({ length: 12 }, (_, n) => (
          <i key={n} style={{ '--width': `${38 + ((n * 29) % 34)}%` }} />
        ))}
      </div>
    </div>
  )
}
