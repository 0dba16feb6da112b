import type { KeyDetails } from '../../../shared/domain/key.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './facts-table.module.css'

type Others = KeyDetails['protects'][number]['alsoOpensWith']

const inARow = new Intl.ListFormat('en', { type: 'conjunction' })
const others = (keys: Others): string =>
  keys.length === 0 ? 'no other key' : inARow.format(keys.map(({ name }) => safeText(name)))

/** The versions that a key opens, and whether anything else does. */
export function ProtectsTable({ protects }: { protects: KeyDetails['protects'] }) {
  const format = useFormat()
  const severalNames = new Set(protects.map(({ artifactId }) => artifactId)).size > 1
  return (
    <table className={classes.table} aria-label="Protects">
      <colgroup>
        <col style={{ width: severalNames ? 136 : 56 }} />
        <col />
        <col style={{ width: 96 }} />
        <col style={{ width: 72 }} />
        <col style={{ width: 100 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Object</th>
          <th scope="col">Store</th>
          <th scope="col" className={classes.end}>
            Size
          </th>
          <th scope="col" className={classes.end}>
            Also opens with
          </th>
        </tr>
      </thead>
      <tbody>
        {protects.map((version) => (
          <tr key={`${version.artifactId} ${version.version} ${version.store} ${version.objectName}`}>
            <td className={classes.strong}>
              <span className={classes.cut}>
                <MiddleEllipsis
                  text={severalNames ? `${version.name} v${version.version}` : `v${version.version}`}
                />
              </span>
            </td>
            <td className={classes.mono}>
              <span className={classes.cut}>
                <MiddleEllipsis text={version.objectName} />
              </span>
            </td>
            <td className={classes.second} title={version.store}>
              {version.store}
            </td>
            <td className={classes.end} title={format.exactBytes(version.ciphertextBytes)}>
              {format.bytes(version.ciphertextBytes)}
            </td>
            <td className={`${classes.second} ${classes.end}`}>{others(version.alsoOpensWith)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
