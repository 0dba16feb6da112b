import type { VerifyResult } from '../../../shared/domain/verify-report.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { aspectsText, findingWords, whyText } from './verify-report-words.ts'
import classes from './verify-report.module.css'

/** Object by object, what is wrong first. */
export function VerifyResults({ results }: { results: VerifyResult[] }) {
  const format = useFormat()
  if (results.length === 0) return null
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard
    <div role="region" aria-label="Findings" tabIndex={0} className={classes.findings}>
      <table className={classes.table} aria-label="Objects">
        <colgroup>
          <col />
          <col style={{ width: 112 }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 136 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Object</th>
            <th scope="col">Store</th>
            <th scope="col" className={classes.end}>
              Size
            </th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {results.map((each) => {
            const { word, tone } = findingWords[each.result]
            const why = whyText(each)
            return (
              <tr key={`${each.artifactId} ${each.version} ${each.storeId} ${each.objectName}`}>
                <td>
                  <div className={classes.name}>
                    <MiddleEllipsis text={`${each.name} v${each.version}`} />
                  </div>
                  {why === null ? null : (
                    <p className={classes.why} data-tone={each.failure === null ? 'warn' : tone}>
                      {why}
                    </p>
                  )}
                  <p className={classes.aspects}>{aspectsText(each)}</p>
                </td>
                <td className={classes.second} title={safeText(each.store)}>
                  {safeText(each.store)}
                </td>
                <td className={classes.end} title={format.exactBytes(each.sizeBytes)}>
                  {format.bytes(each.sizeBytes)}
                </td>
                <td className={classes.word} data-tone={tone}>
                  {word}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
