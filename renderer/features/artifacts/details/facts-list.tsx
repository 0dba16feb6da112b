import type { MetadataEntry } from '../../../../shared/model-inspection.ts'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import classes from './inside.module.css'

/** Names and values out of a file; empty values are left out. */
export function FactsList({ facts }: { facts: MetadataEntry[] }) {
  const shown = facts.filter(({ value }) => value !== '')
  return (
    <dl className={classes.pairs}>
      {shown.map(({ key, value }) => (
        <div key={key}>
          <dt>
            <MiddleEllipsis text={key} />
          </dt>
          <dd>
            <MiddleEllipsis text={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
