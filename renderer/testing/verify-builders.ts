/** Reports of checks, for tests and the gallery. */
import { countFindings, type VerifyReport, type VerifyResult } from '../../shared/domain/verify-report.ts'
import { artifactId, now, storeId } from './numbered-ids.ts'

export const verifyResult = (n: number, facts: Partial<VerifyResult> = {}): VerifyResult => ({
  artifactId: artifactId(n),
  name: `fraud/model-${n}.pkl`,
  version: 1,
  storeId: storeId(1),
  store: 'models-prod',
  objectName: `fraud/model-${n}.pkl.age`,
  foundAs: null,
  level: 'sample',
  result: 'matches',
  code: null,
  failure: null,
  checked: ['size', 'header', 'stored-checksum', 'leaves'],
  notChecked: ['payload'],
  leavesRead: 4,
  leaves: 214,
  sizeBytes: 3_580_000_000,
  ...facts,
})

export function verifyReport(
  results: VerifyResult[] = [verifyResult(1)],
  facts: Partial<VerifyReport> = {},
): VerifyReport {
  return {
    level: 'sample',
    startedAt: now - 60_000,
    endedAt: now,
    counts: countFindings(results),
    total: results.length,
    results,
    stores: [],
    ...facts,
  }
}
