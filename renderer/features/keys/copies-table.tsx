import type { KeyCopy } from '../../../shared/domain/key.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { isOutOfReach } from './key-words.ts'
import classes from './facts-table.module.css'

function lastSeen(copy: KeyCopy, format: Format): string {
  switch (copy.state) {
    case 'destroyed':
      return `destroyed ${format.moment(copy.at)}`
    case 'found-missing':
      return `found missing ${format.moment(copy.at)}`
    case 'not-here':
      return 'in another keychain'
    case 'out-of-reach':
      return `${format.day(copy.at)} · out of reach`
    case 'present':
      if (isOutOfReach(copy)) return `${format.day(copy.at)} · out of reach`
      return copy.lastSeenAt === null ? 'present' : `read back ${format.moment(copy.lastSeenAt)}`
  }
}

/** Every place where a copy of a key is known to be, or to have been. */
export function CopiesTable({ copies }: { copies: KeyCopy[] }) {
  const format = useFormat()
  return (
    <table className={classes.table} aria-label="Copies">
      <colgroup>
        <col style={{ width: 128 }} />
        <col />
        <col style={{ width: 164 }} />
      </colgroup>
      <tbody>
        {copies.map((copy) => (
          <tr key={`${copy.place} ${copy.where}`}>
            <td className={classes.strong}>{keyPlaces[copy.place].name}</td>
            <td className={`${classes.mono} ${classes.second}`}>
              <span className={classes.cut}>
                <MiddleEllipsis text={copy.where} />
              </span>
            </td>
            <td
              className={isOutOfReach(copy) ? classes.end : `${classes.end} ${classes.second}`}
              title={format.exactTime(copy.lastSeenAt ?? copy.at)}
            >
              {lastSeen(copy, format)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
