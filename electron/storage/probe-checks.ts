/** What a probe found, as the checks that people read. */
import type { StoreTest } from '../../shared/domain/store.ts'
import { failureText } from '../../shared/failure-text.ts'
import { formatCounted } from '../../shared/format.ts'
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
  'read-tags': 'Read tags',
}

const checksumWords: Record<StoreFindings['checksums'], string> = {
  'full-crc32': 'CRC-32, full object',
  'full-crc64nvme': 'CRC-64/NVME, full object',
  'parts-crc32': 'CRC-32, each part',
  none: 'none: size alone',
}

const plain = { isOptional: false, permission: null } as const

/** Where the connection itself failed, only that. */
export function checksOfProbe(probe: StoreProbe): StoreTest {
  const { atMs, tookMs, failure, isPlain, actions, findings, grantee, policy } = probe
  return {
    at: atMs,
    tookMs,
    failure,
    grantee,
    policy,
    checks: [
      {
        ...plain,
        group: 'connection',
        name: 'Connect',
        passed: failure === null,
        detail:
          failure !== null
            ? `${failureText(failure).title}: ${failureText(failure).remedy}`
            : isPlain
              ? 'not encrypted: this machine only'
              : 'HTTPS',
      },
      ...actions.filter(({ answer }) => answer !== 'not-tried').map(checkOfAction),
      ...(findings === null ? [] : checksOfFindings(findings)),
      ...leftBehind(probe),
    ],
  }
}

function leftBehind({ left, leftUploads }: StoreProbe): Check[] {
  const check = { ...plain, group: 'left-behind', name: 'Clean up', passed: false } as const
  return [
    ...left.map((name) => ({ ...check, detail: `${name} could not be deleted` })),
    ...(leftUploads === 0
      ? []
      : [{ ...check, detail: `${formatCounted(leftUploads, 'upload')} could not be aborted` }]),
  ]
}

function checkOfAction(probed: ProbedAction): Check {
  const { action, permission, resource, without, isRequired, answer, failure } = probed
  const passed = answer === 'works'
  const why = answer === 'denied' ? 'not permitted' : failure === null ? 'failed' : failureText(failure).title
  return {
    name: actionNames[action],
    passed,
    detail: passed ? permission : `${permission}: ${why}`,
    isOptional: !isRequired,
    group: 'permission',
    permission: { action: permission, resource, without, isDenied: answer === 'denied' },
  }
}

const optional = { isOptional: true, group: 'server', permission: null } as const

const checksOfFindings = (findings: StoreFindings): Check[] => {
  const { conditionalPut, conditionalComplete, objectVersions, copyParts, checksums } = findings
  return [
    {
      ...optional,
      name: 'Conditional writes',
      passed: conditionalPut && conditionalComplete,
      detail: conditionalPut && conditionalComplete ? 'put and complete' : 'ignored: looked up first',
    },
    {
      ...optional,
      name: 'Server-side part copy',
      passed: copyParts,
      detail: copyParts ? 'yes' : 'no: by way of this machine',
    },
    {
      ...optional,
      name: 'Object versions',
      passed: objectVersions,
      detail: objectVersions ? 'on: old ones are kept' : 'off',
    },
    { ...optional, name: 'Checksums', passed: checksums !== 'none', detail: checksumWords[checksums] },
  ]
}
