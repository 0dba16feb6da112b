import type {
  ImportVerdict,
  PickleDanger,
  PickleFindings,
  PickleImport,
  PickleStream,
  PickleWarning,
} from '../../../shared/model-inspection.ts'
import { printable } from '../printable.ts'
import { dangerOf } from './dangerous-imports.ts'
import { isKnown } from './known-imports.ts'
import type { Discoveries } from './machine.ts'
import type { ImportRecord } from './values.ts'

const importsListed = 2000
const flaggedListed = 50
const streamsListed = 200

const worstFirst: readonly PickleDanger[] = [
  'shell-command',
  'code',
  'native-library',
  'network',
  'files',
  'nested-pickle',
]
const rank: Record<ImportVerdict, number> = { 'runs-code': 0, unknown: 1, known: 2 }

/** What is to be thought of one global. */
export function judge({ module, name, isCalled }: ImportRecord): {
  verdict: ImportVerdict
  danger: PickleDanger | null
} {
  const danger = dangerOf(module, name)
  if (danger) return { verdict: 'runs-code', danger }
  return { verdict: isKnown(module, name, isCalled) ? 'known' : 'unknown', danger: null }
}

/** Everything that was found in the pickles of a file, judged, sorted and cut to what can be shown. */
export function findingsOf(
  discoveries: Discoveries,
  streams: readonly PickleStream[],
  incomplete: boolean,
  notes: readonly string[],
): PickleFindings {
  const judged: PickleImport[] = []
  const dangers = new Set<PickleDanger>()
  for (const record of discoveries.imports.values()) {
    const { verdict, danger } = judge(record)
    if (danger) dangers.add(danger)
    const { isCalled } = record
    judged.push({ module: printable(record.module), name: printable(record.name), verdict, isCalled })
  }
  judged.sort((a, b) => rank[a.verdict] - rank[b.verdict])
  const worst = judged[0]?.verdict ?? 'known'
  const isIncomplete = incomplete || discoveries.hasForgotten
  const severity =
    worst === 'runs-code' || discoveries.hidden > 0
      ? 'runs-code'
      : worst === 'unknown' || isIncomplete
        ? 'unknown'
        : 'none'
  const flagged = judged.filter(({ verdict }) => verdict === severity)
  return {
    severity,
    danger: worstFirst.find((danger) => dangers.has(danger)) ?? (discoveries.hidden > 0 ? 'code' : null),
    imports: judged.slice(0, importsListed),
    importCount: judged.length,
    flagged: flagged.slice(0, flaggedListed).map(({ module, name }) => `${module}.${name}`),
    flaggedCount: flagged.length,
    hidden: discoveries.hidden,
    streams: streams.slice(0, streamsListed),
    incomplete: isIncomplete,
    notes: [...notes],
  }
}

/** The short form for a warning; null where there is nothing to warn of. */
export function warningOf(findings: PickleFindings | null): PickleWarning | null {
  if (!findings || findings.severity === 'none') return null
  const { severity, danger, flagged, flaggedCount, hidden, importCount, incomplete } = findings
  return { severity, danger, flagged, flaggedCount, hidden, importCount, incomplete }
}
