/** A check's findings in the window's words. */
import { failureText } from '../../../shared/failure-text.ts'
import type { JobView } from '../../../shared/job.ts'
import {
  verifyAspectWords as aspectWords,
  type VerifyAspect,
  type VerifyReport,
  type VerifyResult,
} from '../../../shared/domain/verify-report.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { Format } from '../../lib/use-format.ts'

export const findingWords: Record<VerifyResult['result'], { word: string; tone: 'ok' | 'warn' | 'danger' }> =
  {
    matches: { word: 'Matches', tone: 'ok' },
    unpinned: { word: 'Not pinned', tone: 'warn' },
    missing: { word: 'Missing', tone: 'danger' },
    'wrapped-elsewhere': { word: 'Wrapped elsewhere', tone: 'warn' },
    differs: { word: 'Differs', tone: 'danger' },
    unread: { word: 'Not read', tone: 'warn' },
  }

const inARow = (aspects: readonly VerifyAspect[]): string =>
  aspects.map((aspect) => aspectWords[aspect]).join(', ')

/** What was looked at, and what was not. */
export function aspectsText({ checked, notChecked, leaves, leavesRead }: VerifyResult): string {
  const leavesText = checked.includes('leaves') ? ` (${leavesRead} of ${leaves} leaves)` : ''
  const isSome = notChecked.includes('payload') && checked.includes('leaves')
  const left = isSome ? notChecked.filter((aspect) => aspect !== 'payload') : notChecked
  return [
    checked.length === 0 ? 'Nothing was checked' : `Checked ${inARow(checked)}${leavesText}`,
    ...(left.length === 0 || checked.length === 0 ? [] : [`not checked: ${inARow(left)}`]),
  ].join('; ')
}

/** Why, where it does not match; null where it does. */
export const whyText = ({ failure, foundAs }: VerifyResult): string | null =>
  failure === null
    ? foundAs === null
      ? null
      : `Renamed: found as ${safeText(foundAs)}`
    : failureText(failure).title

/** One line over all. */
export function countsText({ counts }: VerifyReport, format: Pick<Format, 'count' | 'counted'>): string {
  const parts = [
    [counts.matches, counts.matches === 1 ? 'matches' : 'match'],
    [counts.differs, counts.differs === 1 ? 'differs' : 'differ'],
    [counts.missing, 'missing'],
    [counts.wrappedElsewhere, 'wrapped elsewhere'],
    [counts.unread, 'could not be read'],
    [counts.unpinned, 'not pinned'],
    [counts.renamed, 'renamed'],
  ] as const
  const said = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${format.count(count)} ${word}`]))
  return `${format.counted(counts.checked, 'object')} looked at${said.length === 0 ? '' : `: ${said.join(', ')}`}.`
}

/** What *Copy* copies: of a long report the page that is shown. */
export function reportText(job: JobView, report: VerifyReport): string {
  const plain = {
    count: (n: number) => String(n),
    counted: (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`,
  }
  return [
    `Check of ${safeText(job.title)}, ${safeText(job.target)}`,
    countsText(report, plain),
    ...report.stores.map(
      ({ store, objects, foreign }) =>
        `${safeText(store)} holds ${plain.counted(objects, 'object')}, ${foreign} of them not known here.`,
    ),
    '',
    ...report.results.map((each) =>
      [
        `${findingWords[each.result].word}: ${safeText(each.name)} v${each.version} in ${safeText(each.store)}`,
        whyText(each),
        aspectsText(each),
      ]
        .filter((part) => part !== null)
        .join('; '),
    ),
    ...(report.total > report.results.length
      ? [`… of ${report.total} in all: save the report for the rest`]
      : []),
  ].join('\n')
}
