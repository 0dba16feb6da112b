/** A check's findings in lines: for the history, the terminal and the file that is saved. */
import { failureText } from '../../../../shared/failure-text.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import {
  countFindings,
  verifyAspectWords as aspectWords,
  type VerifyAspect,
  type VerifyReport,
  type VerifyResult,
} from '../../../../shared/domain/verify-report.ts'

/** More problems than these are counted; the report has them all. */
const namedAtMost = 500

/** Whether somebody has to do something about it. */
export const isProblem = ({ result }: VerifyResult): boolean => result !== 'matches' && result !== 'unpinned'

const nameOf = ({ name, version, store }: VerifyResult): string =>
  `${safeText(name)}, version ${version}, in ${safeText(store)}`

const lineOf = ({ name, version, store }: VerifyResult, what: string): string =>
  `${safeText(name)}, version ${version}: ${what} (in ${safeText(store)})`

/** What was found, then what was and was not looked at. */
export function reportLines({ results, stores }: Pick<VerifyReport, 'results' | 'stores'>): string[] {
  const problems = results.filter(isProblem)
  const named = problems
    .slice(0, namedAtMost)
    .map((each) => lineOf(each, each.failure === null ? each.result : failureText(each.failure).title))
  const more = problems.length - named.length
  const renamed = results.filter(({ foundAs }) => foundAs !== null).slice(0, namedAtMost)
  return [
    ...named,
    ...(more > 0 ? [`${formatCounted(more, 'more problem')}: the report has all of them`] : []),
    ...renamed.map((each) => lineOf(each, `Renamed, found as ${safeText(each.foundAs ?? '')}`)),
    ...unpinnedLine(results),
    ...stores.map(
      ({ store, objects, foreign }) =>
        `${safeText(store)}: ${formatCounted(objects, 'object')}, ${foreign} of them not known here`,
    ),
    ...aspectLines(results),
  ]
}

function unpinnedLine(results: readonly VerifyResult[]): string[] {
  const { unpinned } = countFindings(results)
  return unpinned === 0
    ? []
    : [`${unpinned} trusted on first use: their bytes have no pin to be compared with`]
}

function aspectLines(results: readonly VerifyResult[]): string[] {
  const there = results.filter(({ checked }) => checked.length > 0)
  if (there.length === 0) return []
  const of = (aspect: VerifyAspect, list: 'checked' | 'notChecked') =>
    there.filter((each) => each[list].includes(aspect)).length
  const aspects = Object.keys(aspectWords) as VerifyAspect[]
  const line = (list: 'checked' | 'notChecked', title: string) => {
    const counted = aspects.flatMap((aspect) =>
      of(aspect, list) === 0 ? [] : [`${aspectWords[aspect]} of ${of(aspect, list)}`],
    )
    return counted.length === 0 ? [] : [`${title}: ${counted.join(', ')}`]
  }
  return [...line('checked', 'Checked'), ...line('notChecked', 'Not checked')]
}

const findingWords: Record<VerifyResult['result'], string> = {
  matches: 'matches',
  unpinned: 'not pinned',
  missing: 'MISSING',
  'wrapped-elsewhere': 'WRAPPED ELSEWHERE',
  differs: 'DIFFERS',
  unread: 'NOT READ',
}

/** One object in one line, for the file that is saved. */
export function resultLine(each: VerifyResult): string {
  const { result, objectName, foundAs, code, checked, notChecked } = each
  const list = (aspects: readonly VerifyAspect[]) => aspects.map((aspect) => aspectWords[aspect]).join(', ')
  return [
    `${findingWords[result]}: ${nameOf(each)}, as ${safeText(objectName)}`,
    ...(foundAs === null ? [] : [`found as ${safeText(foundAs)}`]),
    ...(code === null ? [] : [code]),
    ...(checked.length === 0 ? [] : [`checked ${list(checked)}`]),
    ...(notChecked.length === 0 ? [] : [`not checked ${list(notChecked)}`]),
  ].join('; ')
}
