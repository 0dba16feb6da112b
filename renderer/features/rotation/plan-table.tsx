import { Fragment } from 'react'
import type { RotationInStore, RotationMethod, RotationPlan } from '../../../shared/domain/rotation.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { planRows, type PlanRow } from './plan-rows.ts'
import { methodWord } from './rotation-words.ts'
import classes from './rotation.module.css'

const words = (value: number | null, quantity: PlanRow['quantity'], format: Format): string => {
  if (value === null) return 'not known'
  if (value === 0) return '–'
  if (quantity === 'count') return format.count(value)
  return quantity === 'bytes' ? format.bytes(value) : `${format.count(value)} B`
}

/** Exact counts and bytes of a method, store by store and together. */
export function PlanTable({ plan, method }: { plan: RotationPlan; method: RotationMethod }) {
  const format = useFormat()
  const { columns, rows } = planRows(plan, method)
  const shown = columns.length === 1 ? 1 : columns.length + 1
  return (
    <table className={classes.plan} aria-label={`Plan for ${methodWord[method].toLowerCase()}`}>
      <thead>
        <tr>
          <th scope="col">Plan for {methodWord[method].toLowerCase()}</th>
          {columns.map(({ name }) => (
            <th key={name} scope="col">
              {safeText(name)}
            </th>
          ))}
          {columns.length === 1 ? null : <th scope="col">Together</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, quantity, values, bytes, currencies }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            {values.slice(0, shown).map((value, n) => {
              const size = bytes?.[n]
              const currency = currencies?.[n] ?? null
              return (
                // oxlint-disable-next-line react/no-array-index-key -- one for each column
                <td
                  key={n}
                  title={quantity === 'bytes' && value !== null ? format.exactBytes(value) : undefined}
                >
                  {value !== null && value > 0 && currency !== null
                    ? format.money(value, currency)
                    : words(value, quantity, format)}
                  {value !== null && value > 0 && typeof size === 'number' ? ` · ${format.bytes(size)}` : ''}
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** No price is pretended: where one is missing, it can be set. */
export function PriceNote({ stores }: { stores: RotationInStore[] }) {
  if (stores.length === 0) return null
  return (
    <p className={classes.note}>
      What is kept has no price yet for{' '}
      {stores.map(({ storeId, store }, n) => (
        <Fragment key={storeId}>
          {n === 0 ? '' : ', '}
          <a href={`#/settings/stores/${storeId}`}>{safeText(store)}</a>
        </Fragment>
      ))}
      : set it there to see what a month costs.
    </p>
  )
}
