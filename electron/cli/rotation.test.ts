import { describe, expect, it } from 'vitest'
import type { RotationPlan } from '../../shared/domain/rotation.ts'
import { artifactRow, jobId, jobView, keyRow } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

const artifact = artifactRow(1)
const old = keyRow(1, { artifactId: artifact.artifactId, artifactName: artifact.name })
const fresh = keyRow(2, { artifactId: artifact.artifactId, artifactName: artifact.name })
const plan = (more: Partial<RotationPlan> = {}): RotationPlan => ({
  artifacts: [
    {
      artifactId: artifact.artifactId,
      name: artifact.name,
      keyId: old.keyId,
      alias: old.alias,
      state: 'active',
      versions: 1,
      objects: 1,
      ciphertextBytes: 300,
      rotationDueAt: null,
      isTainted: false,
    },
  ],
  refused: [],
  rewrap: [],
  reEncrypt: [],
  rewrapSeconds: null,
  reEncryptSeconds: null,
  kits: [{ where: '/media/kit.age', madeAt: 0 }],
  ...more,
})
const job = (more: Parameters<typeof jobView>[1] = {}) =>
  jobView(1, {
    kind: 'rewrap',
    state: 'done',
    artifactId: artifact.artifactId,
    outcome: 'Rewrapped and verified',
    report: ['Version 1: opens with the new key'],
    ...more,
  })
const owner = (over: FakeHandlers = {}): FakeHandlers => ({
  'keys:list': () => ({
    total: 1,
    rows: [old],
    counts: { all: 1, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 },
  }),
  'keys:rotation-plan': () => plan(),
  'keys:rotate': () => ({ jobIds: [jobId(1)], refused: [] }),
  'jobs:wait': () => ({ jobs: [job()], artifacts: [] }),
  'artifacts:show': () => ({
    artifact: { ...artifact, keyId: fresh.keyId },
    createdAt: 0,
    versions: [],
    keys: [],
    keyEvents: [],
    summary: null,
  }),
  ...over,
})

describe('keys rotate', () => {
  it('rotates the key in use of a named artifact, and says which key is new', async () => {
    const ran = await run(['keys', 'rotate', artifact.name, '--reason', 'policy', '--json'], owner())
    expect(ran.code).toBe(0)
    expect(ran.owner.requestsOf('keys:rotate')).toEqual([
      { keyIds: [old.keyId], method: 'rewrap', reason: 'policy', note: '' },
    ])
    expect(ran.result).toMatchObject({
      ok: true,
      value: { artifacts: [{ name: artifact.name, oldKeyId: old.keyId, keyId: fresh.keyId }], failures: [] },
    })
  })

  it('takes a reason in the user’s words, and names kits that will not hold the new key', async () => {
    const ran = await run(['keys', 'rotate', artifact.name, '--re-encrypt', '--reason', 'a hunch'], owner())
    expect(ran.owner.requestsOf('keys:rotate')).toEqual([
      { keyIds: [old.keyId], method: 're-encrypt', reason: 'other', note: 'a hunch' },
    ])
    expect(ran.error).toContain('/media/kit.age will not hold the new keys')
    expect(ran.out).toContain('Rewrapped and verified')
  })

  it('rotates what is due, and ends with 0 where nothing is', async () => {
    const due = await run(['keys', 'rotate', '--due'], owner())
    expect(due.owner.requestsOf('keys:rotate')).toEqual([
      { keyIds: null, method: 'rewrap', reason: 'crypto-period-ended', note: '' },
    ])
    const nothing = owner({ 'keys:rotation-plan': () => plan({ artifacts: [] }) })
    const none = await run(['keys', 'rotate', '--due'], nothing)
    expect([none.code, none.out.trim()]).toEqual([0, 'No key is due.'])
  })

  it('fails with what was refused or failed, and tells of the rest', async () => {
    const refused = [
      { keyId: old.keyId, alias: old.alias, failure: { code: 'key/destroyed' as const, keyId: old.keyId } },
    ]
    const one = await run(
      ['keys', 'rotate', artifact.name, '--reason', 'policy', '--json'],
      owner({ 'keys:rotate': () => ({ jobIds: [jobId(1)], refused }) }),
    )
    expect(one.code).toBe(1)
    expect(one.result).toMatchObject({
      ok: false,
      value: { artifacts: [{ oldKeyId: old.keyId }], failures: [{ failure: { code: 'key/destroyed' } }] },
    })
    const failure = { code: 'verify/swapped' as const, name: artifact.name, foundName: 'x' }
    const failed = await run(
      ['keys', 'rotate', artifact.name, '--reason', 'policy'],
      owner({ 'jobs:wait': () => ({ jobs: [job({ state: 'failed', failure })], artifacts: [] }) }),
    )
    expect(failed.code).toBe(4)
  })

  it('wants keys or --due, not both, and a reason', async () => {
    for (const words of [[], ['x', '--due'], [artifact.name]])
      expect((await run(['keys', 'rotate', ...words], owner())).code).toBe(2)
  })
})

describe('keys suspend and resume', () => {
  it('says what became of the key', async () => {
    const handlers = owner({
      'keys:suspend': () => ({ ...old, state: 'suspended' as const }),
      'keys:resume': () => old,
    })
    const suspended = await run(['keys', 'suspend', old.keyId, '--reason', 'holiday', '--json'], handlers)
    expect(suspended.owner.requestsOf('keys:suspend')).toEqual([{ keyId: old.keyId, reason: 'holiday' }])
    expect(suspended.result).toMatchObject({ ok: true, value: { key: { state: 'suspended' } } })
    const resumed = await run(['keys', 'resume', old.keyId], handlers)
    expect([resumed.code, resumed.out]).toEqual([0, expect.stringContaining(old.alias)])
  })

  it('takes the name of an artifact for the key that it can act on', async () => {
    const ofArtifact = (n: number, state: 'deactivated' | 'suspended' | 'active') =>
      keyRow(n, { artifactId: artifact.artifactId, artifactName: artifact.name, number: n, state })
    const rows = [ofArtifact(1, 'deactivated'), ofArtifact(2, 'suspended'), ofArtifact(3, 'active')]
    const handlers = owner({
      'keys:list': () => ({
        total: 3,
        rows,
        counts: { all: 3, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 },
      }),
      'keys:suspend': () => old,
      'keys:resume': () => old,
    })
    const idOf = (n: number) => rows[n - 1]?.keyId
    const resumed = await run(['keys', 'resume', artifact.name], handlers)
    expect(resumed.owner.requestsOf('keys:resume')).toMatchObject([{ keyId: idOf(2) }])
    const suspended = await run(['keys', 'suspend', artifact.name], handlers)
    expect(suspended.owner.requestsOf('keys:suspend')).toMatchObject([{ keyId: idOf(3) }])
  })
})
