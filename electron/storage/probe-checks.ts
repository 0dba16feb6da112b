/** What a probe found, as the checks that people read. */
import type { StoreTest } from '../../shared/domain/store.ts'
import { failureText } from '../../shared/failure-text.ts'
import type { ProbedAction, StoreAction, StoreFindings, StoreProbe } from './store-probe.ts'

type Check = StoreTest['checks'][number]

const actionNames: Record<StoreAction, string> = {
  list: 'List objects',
  read: 'Read',
  write: 'Write',
  delete: 'Delete',
  'abort-upload': 'Abort an upload',
  'list-parts': 'List the parts of an upload',
  'list-uploads': 'List unfinished uploads',
  'list-versions': 'List object versions',
  'delete-version': 'Delete an object version',
  'read-versioning': 'Look up versioning',
}

const checksumWords: Record<StoreFindings['checksums'], string> = {
  'full-crc32': 'of the whole object, CRC-32',
  'full-crc64nvme': 'of the whole object, CRC-64/NVME',
  'parts-crc32': 'of each part, CRC-32',
  none: 'none: uploads are checked by size alone',
}

/** Where the connection itself failed, only that. */
export function checksOfProbe({
  atMs,
  tookMs,
  failure,
  isPlain,
  actions,
  findings,
  left,
}: StoreProbe): StoreTest {
  const connected: Check[] =
    failure === null
      ? [
          {
            ...required,
            name: 'Connect',
            passed: true,
            detail: isPlain ? 'not encrypted: this machine only' : 'HTTPS',
          },
        ]
      : [
          {
            ...required,
            name: 'Connect',
            passed: false,
            detail: `${failureText(failure).title}: ${failureText(failure).remedy}`,
          },
        ]
  return {
    at: atMs,
    tookMs,
    checks: [
      ...connected,
      ...actions.filter(({ answer }) => answer !== 'not-tried').map(checkOfAction),
      ...(findings === null ? [] : checksOfFindings(findings)),
      ...left.map((name) => ({
        ...required,
        name: 'Clean up',
        passed: false,
        detail: `${name} could not be deleted`,
      })),
    ],
  }
}

const required = { isOptional: false } as const
const optional = { isOptional: true } as const

function checkOfAction({ action, permission, isRequired, answer, failure }: ProbedAction): Check {
  const name = actionNames[action]
  const passed = answer === 'works'
  const why = answer === 'denied' ? 'not permitted' : failure === null ? 'failed' : failureText(failure).title
  return { name, passed, detail: passed ? permission : `${permission}: ${why}`, isOptional: !isRequired }
}

const checksOfFindings = (findings: StoreFindings): Check[] => [
  {
    ...optional,
    name: 'Conditional writes',
    passed: findings.conditionalPut && findings.conditionalComplete,
    detail:
      findings.conditionalPut && findings.conditionalComplete
        ? 'honoured: two writers of a name cannot both win'
        : 'ignored by the server: Weightlock looks before it writes instead',
  },
  {
    ...optional,
    name: 'Object versions',
    passed: findings.objectVersions,
    detail: findings.objectVersions ? 'old ones stay after a replace or a delete' : 'not kept in this bucket',
  },
  {
    ...optional,
    name: 'Copies inside the store',
    passed: findings.copyParts,
    detail: findings.copyParts ? 'part by part (UploadPartCopy)' : 'only by way of this machine',
  },
  {
    ...optional,
    name: 'Checksums',
    passed: findings.checksums !== 'none',
    detail: checksumWords[findings.checksums],
  },
]
