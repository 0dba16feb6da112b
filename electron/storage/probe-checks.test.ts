import { describe, expect, it } from 'vitest'
import { checksOfProbe } from './probe-checks.ts'
import type { StoreProbe } from './store-probe.ts'

const findings = {
  conditionalPut: true,
  conditionalComplete: false,
  conditionalCopy: true,
  conditionalDelete: true,
  objectVersions: false,
  copyParts: true,
  checksums: 'none',
  listsUploads: 'all',
} as const
const probe: StoreProbe = {
  atMs: 1,
  tookMs: 2,
  failure: null,
  isPlain: false,
  findings: null,
  left: [],
  leftUploads: 0,
  grantee: 'profile ml',
  policy: null,
  actions: [],
}
const action = {
  action: 'write',
  permission: 's3:PutObject',
  resource: 'arn:aws:s3:::models/*',
  without: 'Nothing can be encrypted into the bucket.',
  isRequired: true,
  failure: null,
} as const

describe('the checks of a probe', () => {
  it('name the permission that is missing', () => {
    const actions = [
      { ...action, answer: 'denied' as const },
      { ...action, action: 'list-versions' as const, answer: 'denied' as const, isRequired: false },
      { ...action, action: 'delete' as const, answer: 'not-tried' as const },
    ]
    const permission = {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::models/*',
      without: 'Nothing can be encrypted into the bucket.',
      isDenied: true,
    }
    const denied = { group: 'permission', passed: false, detail: 's3:PutObject: not permitted', permission }
    expect(checksOfProbe({ ...probe, actions })).toMatchObject({ grantee: 'profile ml' })
    expect(checksOfProbe({ ...probe, actions }).checks).toEqual([
      {
        name: 'Connect',
        passed: true,
        detail: 'HTTPS',
        isOptional: false,
        group: 'connection',
        permission: null,
      },
      { ...denied, name: 'Write', isOptional: false },
      { ...denied, name: 'List object versions', isOptional: true },
    ])
  })

  it('say what the server lacks, which does not keep it from being used', () => {
    const { checks } = checksOfProbe({ ...probe, findings, isPlain: true })
    expect(checks.filter(({ passed }) => !passed).map(({ name, isOptional }) => [name, isOptional])).toEqual([
      ['Conditional writes', true],
      ['Object versions', true],
      ['Checksums', true],
    ])
    expect(checks[0]?.detail).toBe('not encrypted: this machine only')
  })

  it('say what kept everything else from being tried, and what could not be deleted', () => {
    const failure = { code: 'store/credentials-expired', store: 'prod' } as const
    const { checks } = checksOfProbe({ ...probe, failure, left: ['.weightlock-x.tmp'], leftUploads: 2 })
    expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
      ['Connect', false],
      ['Clean up', false],
      ['Clean up', false],
    ])
    expect(checks.at(-1)?.detail).toBe('2 uploads could not be aborted')
  })
})
