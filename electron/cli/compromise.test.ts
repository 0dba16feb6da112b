import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { CompromisePlan, Incident } from '../../shared/domain/compromise.ts'
import { IncidentId } from '../../shared/ids.ts'
import { artifactId, artifactRow, keyId, keyRow, storeId } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { printed, run } from './testing/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'wl-incidents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const incidentId = IncidentId.parse(keyId(7))
const leaked = { keyId: keyId(1), alias: 'a.pkl · key 1', state: 'active' } as const
const plan: CompromisePlan = {
  keys: [leaked],
  keysInAll: 3,
  alreadyCompromised: [],
  artifacts: [
    { artifactId: artifactId(1), name: 'a.pkl', leaked: [1], now: 2, payloads: 1, ciphertextBytes: 1000 },
  ],
  payloads: 1,
  ciphertextBytes: 1000,
  wrappedNow: 0,
  wrappedEarlier: 1,
  copies: [{ place: 'export', where: '/mnt/a.key.txt', keys: 1 }],
  withoutActiveKey: [],
}
const incident: Incident = {
  incident: {
    incidentId,
    at: 0,
    who: 'ada',
    reason: 'stolen',
    since: null,
    keys: 1,
    payloads: 1,
    payloadsToDo: 1,
    copiesToRevoke: 1,
  },
  keys: [{ ...leaked, state: 'compromised', artifactName: 'a.pkl', stillOpens: 1 }],
  versions: [
    {
      artifactId: artifactId(1),
      name: 'a.pkl',
      version: 1,
      ciphertextBytes: 1000,
      keyId: keyId(1),
      wrappedBy: keyId(2),
      state: 'to-do',
    },
  ],
  copies: [{ place: 'export', where: '/mnt/a.key.txt', keys: 1, revokedAt: null }],
}
const handlers: FakeHandlers = {
  'keys:list': () => ({
    total: 1,
    rows: [keyRow(1)],
    counts: { all: 1, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 },
  }),
  'keys:compromise-plan': () => plan,
  'keys:revoke': () => ({ incidentId }),
  'incidents:list': () => ({ incidents: [incident.incident] }),
  'incidents:show': () => incident,
  'incidents:old-versions': () => ({ versions: [], unasked: [] }),
  'incidents:save-report': () => ({ location: '/work-folder/i.txt' }),
}

describe('weightlock keys revoke', () => {
  it('revokes what it counted, and says what is exposed and which copies wait for somebody', async () => {
    const { code, out, owner } = await run(['keys', 'revoke', keyId(1), '--reason', 'stolen'], handlers)
    expect(code).toBe(0)
    expect(owner.requestsOf('keys:revoke')).toEqual([
      { keyIds: [keyId(1)], since: null, reason: 'stolen', count: 1 },
    ])
    expect(out).toContain(`1 key compromised. Incident ${incidentId}`)
    expect(out).toContain('key 1 leaked · now key 2')
    expect(out).toContain('Revoke yourself: Exported file /mnt/a.key.txt (1 key)')
  })

  it('takes a date instead of keys, and gives the incident to scripts', async () => {
    const { result, owner } = await run(
      ['keys', 'revoke', '--since', '2026-11-03', '--reason', 'stolen', '--json'],
      handlers,
    )
    expect(owner.requestsOf('keys:compromise-plan')).toEqual([
      { keyIds: null, since: Date.parse('2026-11-03') },
    ])
    expect(result).toEqual({ ok: true, value: printed({ ...incident, plan }) })
  })

  it.each([
    [['--reason', 'r'], 'name a key, or give --since DATE'],
    [['--since', 'yesterday', '--reason', 'r'], '--since wants a date, as in 2026-11-03'],
    [['--since', '2026-11-03'], '--reason'],
  ])('is refused with: %s', async (words, detail) => {
    const { code, error } = await run(['keys', 'revoke', ...words], handlers)
    expect(code).toBe(2)
    expect(error).toContain(detail)
  })

  it('says so where no key is meant', async () => {
    const none = { ...handlers, 'keys:compromise-plan': () => ({ ...plan, keys: [], artifacts: [] }) }
    const { code, out } = await run(['keys', 'revoke', '--since', '2026-11-03', '--reason', 'r'], none)
    expect({ code, out }).toEqual({ code: 0, out: 'No key was made or used since then.\n' })
  })
})

describe('weightlock incidents', () => {
  it('lists them with what is left', async () => {
    const { out } = await run(['incidents', 'list'], handlers)
    expect(out).toContain('1 of 1')
    const nothing = await run(['incidents', 'list'], { 'incidents:list': () => ({ incidents: [] }) })
    expect(nothing.out).toBe('No compromise was reported.\n')
  })

  it('shows one, and writes its report', async () => {
    const { out, owner } = await run(['incidents', 'show', incidentId, '--report', 'i.txt'], handlers, {
      cwd: folder,
    })
    expect(out).toContain('a.pkl v1 · 1.0 kB: to re-encrypt')
    expect(out).toContain('Delete the file, and its copies.')
    expect(owner.requestsOf('incidents:save-report')).toEqual([
      { incidentId, target: { path: join(folder, 'i.txt') } },
    ])
    expect((await run(['incidents', 'show', 'x'], handlers)).code).toBe(1)
  })
})

describe('weightlock incidents settle', () => {
  const kept = (n: number, of = 1) => ({
    artifactId: artifactId(of),
    name: of === 1 ? 'a.pkl' : 'b.pkl',
    keyId: keyId(1),
    storeId: storeId(1),
    store: 'models-prod',
    objectName: of === 1 ? 'a.pkl.age' : 'b.pkl.age',
    versionId: `3HL${n}`,
    sizeBytes: 148_251_120,
    modifiedAt: Date.UTC(2026, 10, 22, 12),
    isGivenUp: n === 3,
  })
  const ref = (n: number) => ({ storeId: storeId(1), objectName: 'a.pkl.age', versionId: `3HL${n}` })
  const owner: FakeHandlers = {
    ...handlers,
    'artifacts:find': () => artifactRow(1),
    'incidents:old-versions': () => ({ versions: [kept(1), kept(2), kept(3), kept(4, 2)], unasked: [] }),
    'incidents:settle': ({ decisions }) => ({ settled: decisions.length, failures: [] }),
  }
  const settle = (...words: string[]) => run(['incidents', 'settle', incidentId, ...words], owner)

  it('prints what is kept with its size and date', async () => {
    const { out } = await run(['incidents', 'show', incidentId], owner)
    expect(out).toMatch(
      /models-prod a\.pkl\.age 3HL1 · 148\.3 MB · 22 Nov 2026.*: still opens with a leaked key/,
    )
    expect(out).toMatch(/3HL3 · .*: given up/)
  })

  it.each([
    [['--delete-version', '3HL1'], [{ kind: 'delete', ...ref(1) }]],
    [
      ['--delete-version', 'all', '--artifact', 'a.pkl'],
      [1, 2, 3].map((n) => ({ kind: 'delete', ...ref(n) })),
    ],
    [
      ['--give-up', 'all', '--artifact', 'a.pkl'],
      [
        {
          kind: 'give-up',
          artifactId: artifactId(1),
          confirmName: 'a.pkl',
          versions: [1],
          objectVersions: [ref(1), ref(2)],
        },
      ],
    ],
    [
      ['--give-up', 'v1', '--artifact', 'a.pkl'],
      [
        {
          kind: 'give-up',
          artifactId: artifactId(1),
          confirmName: 'a.pkl',
          versions: [1],
          objectVersions: [],
        },
      ],
    ],
  ])('%j is decided once the name is typed, and only then', async (words, decisions) => {
    const done = await settle(...words, '--confirm-name', 'a.pkl')
    expect([done.code, done.owner.requestsOf('incidents:settle')]).toEqual([0, [{ incidentId, decisions }]])
    for (const more of [['--dry-run'], [], ['--confirm-name', 'b.pkl']]) {
      const asked = await settle(...words, ...more)
      expect(asked.owner.requestsOf('incidents:settle')).toEqual([])
      expect(asked.code).toBe(more[0] === '--dry-run' ? 0 : more.length === 0 ? 2 : 1)
    }
  })

  it('ticks off a copy, and takes that back', async () => {
    for (const [option, revoked] of [
      ['--revoked', true],
      ['--not-revoked', false],
    ] as const) {
      const { code, owner: asked } = await settle(option, '/mnt/a.key.txt')
      expect([code, asked.requestsOf('incidents:settle')]).toEqual([
        0,
        [
          {
            incidentId,
            decisions: [{ kind: 'copy-revoked', place: 'export', where: '/mnt/a.key.txt', revoked }],
          },
        ],
      ])
    }
  })

  it.each([
    [[], 'give one of'],
    [['--give-up', 'v1', '--revoked', '/x'], 'give one of'],
    [['--give-up', 'all'], '--artifact A is missing'],
    [['--delete-version', 'v1', '--artifact', 'a.pkl'], 'nothing of this incident is meant by'],
    [['--delete-version', 'nothing'], 'nothing of this incident is meant by'],
    [['--revoked', '/elsewhere'], 'no copy of a leaked key is known at'],
  ])('is refused with: %s', async (words, detail) => {
    const { code, error } = await settle(...words)
    expect(code).toBe(2)
    expect(error).toContain(detail)
  })

  it('says which of several failed', async () => {
    const failure = {
      code: 'incident/version-in-use',
      store: 'models-prod',
      objectName: 'a.pkl.age',
    } as const
    const half = {
      ...owner,
      'incidents:settle': () => ({ settled: 2, failures: [{ decision: 1, failure }] }),
    }
    const words = ['--delete-version', 'all', '--artifact', 'a.pkl', '--confirm-name', 'a.pkl']
    const { code, error } = await run(['incidents', 'settle', incidentId, ...words], half)
    expect(code).toBe(1)
    expect(error).toContain('a.pkl.age 3HL2')
  })
})
