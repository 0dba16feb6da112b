import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Failure, WeightlockError, fail, failed } from '../../shared/failure.ts'
import { countFindings, type VerifyResult } from '../../shared/domain/verify-report.ts'
import { printed, run } from './testing/run.ts'
import { artifactRow, jobId, jobView, keyId, keyRow, storeInfo } from './testing/builders.ts'
import { parseCommandLine } from './arguments.ts'
import type { StoreKind } from './command.ts'
import { commands } from './commands.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const folder = mkdtempSync(join(tmpdir(), 'wl-commands-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'ids.txt'), '')

const keysOf = (...rows: ReturnType<typeof keyRow>[]): FakeHandlers => ({
  'keys:list': ({ offset, limit }) => ({
    total: rows.length,
    rows: rows.slice(offset, offset + limit),
    counts: { all: rows.length, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 },
  }),
  'keys:show': ({ keyId: asked }) => {
    const key = rows.find((row) => row.keyId === asked) ?? fail({ code: 'key/not-found', keyId: asked })
    return {
      key,
      recipient: 'age1example',
      madeOn: 'ws-041',
      events: [],
      copies: [],
      protects: [],
      impact: {
        keyId: asked,
        confirmName: key.artifactName ?? '',
        goneForGood: [
          {
            artifactId: artifactRow(1).artifactId,
            name: 'model-1.pkl',
            version: 1,
            ciphertextBytes: 1000,
            stores: ['Local'],
          },
        ],
        stillOpen: [],
        copies: [],
        copiesElsewhere: 1,
      },
    }
  },
})

describe('weightlock keys', () => {
  it('lists every key with the promised fields', async () => {
    const rows = Array.from({ length: 201 }, (_, n) => keyRow(n))
    const { result } = await run(['keys', 'list', '--json'], keysOf(...rows))
    expect(result).toEqual({ ok: true, value: printed({ keys: rows }) })
  })

  it.each([
    ['its id', keyId(7)],
    ['the first letters of its id', keyId(7).slice(0, 8)],
    ['its alias', 'model-7.pkl · key 1'],
    ['the name of its artifact', 'model-7.pkl'],
  ])('finds a key by %s', async (_, query) => {
    const { result } = await run(['keys', 'show', query, '--json'], keysOf(keyRow(70_000), keyRow(7)))
    expect(result).toMatchObject({ ok: true, value: { key: { keyId: keyId(7) } } })
  })

  it('asks which key is meant where an artifact has several', async () => {
    const two = keysOf(keyRow(7), keyRow(8, { artifactName: 'model-7.pkl', state: 'deactivated' }))
    const { code, error } = await run(['keys', 'show', 'model-7.pkl'], two)
    expect(code).toBe(2)
    expect(error).toContain('"model-7.pkl" means 2 keys, name one by its id')
    expect(error).toMatch(new RegExp(`${keyId(7)} .*active`))
  })

  it('names a key that does not exist', async () => {
    const { code, result } = await run(['keys', 'show', 'x', '--json'], keysOf())
    expect([code, result]).toEqual([1, failed({ code: 'key/not-found', keyId: 'x' })])
  })

  it('destroys with the name confirmed, says before what dies, and after what is left', async () => {
    let state: 'active' | 'destroyed' = 'active'
    const handlers: FakeHandlers = {
      ...keysOf(keyRow(7)),
      'keys:show': (request, output) =>
        keysOf(keyRow(7, { state, copiesElsewhere: 1 }))['keys:show']?.(request, output) ??
        Promise.reject(new Error('none')),
      'keys:destroy': () => {
        state = 'destroyed'
        return { jobId: jobId(1) }
      },
      'jobs:wait': () => ({ jobs: [jobView(1, { kind: 'destroy-key' })], artifacts: [] }),
    }
    const { code, out, error, owner } = await run(
      ['keys', 'destroy', keyId(7), '--confirm-name', 'model-7.pkl'],
      handlers,
    )
    expect(code).toBe(0)
    expect(owner.requestsOf('keys:destroy')).toEqual([{ keyId: keyId(7), confirmName: 'model-7.pkl' }])
    expect(error).toContain('Gone for good with this key:\n  model-1.pkl v1 · 1.0 kB')
    expect(out).toBe('model-7.pkl · key 1: destroyed here, 1 copy elsewhere\n')
  })

  it('says of a destroyed key that it is destroyed, not what would die with it', async () => {
    const { code, error, owner } = await run(
      ['keys', 'destroy', keyId(7), '--confirm-name', 'model-7.pkl'],
      keysOf(keyRow(7, { state: 'destroyed' })),
    )
    expect(code).toBe(1)
    expect(error).not.toContain('Gone for good')
    expect(error).toContain('The key was destroyed')
    expect(owner.requestsOf('keys:destroy')).toEqual([])
  })

  it('says that nothing matches a search', async () => {
    expect((await run(['keys', 'list', 'zzz'], keysOf())).out).toBe('No key matches “zzz”.\n')
    expect((await run(['keys', 'list'], keysOf())).out).toBe('There are no keys yet.\n')
  })

  it('leaves a key alone whose name was typed wrongly', async () => {
    const { code, result } = await run(['keys', 'destroy', keyId(7), '--confirm-name', 'x', '--json'], {
      ...keysOf(keyRow(7)),
      'keys:destroy': () => fail({ code: 'confirm/name-mismatch', expected: 'model-7.pkl' }),
    })
    expect([code, result]).toEqual([1, failed({ code: 'confirm/name-mismatch', expected: 'model-7.pkl' })])
  })

  it('exports to a file, never to standard output', async () => {
    const handlers: FakeHandlers = {
      ...keysOf(keyRow(7)),
      'keys:export': () => ({ location: join(folder, 'k.txt') }),
    }
    const { owner, out } = await run(['keys', 'export', keyId(7), '--to', 'k.txt'], handlers, { cwd: folder })
    expect(owner.requestsOf('keys:export')).toEqual([
      { keyId: keyId(7), target: { path: join(folder, 'k.txt') }, understood: true },
    ])
    expect(out).toBe(`${folder}/k.txt\n`)
    const refused = await run(['keys', 'export', keyId(7), '--to', '-'], handlers)
    expect([refused.code, refused.owner.requestsOf('keys:export')]).toEqual([2, []])
  })

  it('imports, asking for a passphrase only where one is needed', async () => {
    const { code, owner } = await run(
      ['keys', 'import', 'ids.txt'],
      {
        'keys:import': ({ passphrase }) =>
          passphrase === null
            ? fail({ code: 'age/passphrase-needed' })
            : { imported: [keyRow(7)], alreadyKnown: 0 },
      },
      { input: 'secret', cwd: folder },
    )
    expect(code).toBe(0)
    expect(owner.requestsOf('keys:import')).toMatchObject([{ passphrase: null }, { passphrase: 'secret' }])
  })
})

describe('weightlock stores', () => {
  const handlers: FakeHandlers = {
    'stores:list': () => ({ stores: [storeInfo(1)] }),
    'stores:kinds': () => ({
      kinds: [
        {
          kind: 'local-folder',
          label: 'Local folder',
          fields: [
            { name: 'path', label: 'Folder', kind: 'folder', required: true, help: 'where it lies' },
            {
              name: 'readOnly',
              label: 'Read only',
              kind: 'switch',
              required: false,
              help: 'never written to',
            },
          ],
        },
      ],
    }),
    'stores:add': () => storeInfo(2),
  }

  it('draws its flags from the settings of the kind', async () => {
    const line = 'stores add nas --kind local-folder --path share --read-only --json'
    const { code, owner } = await run(line.split(' '), handlers)
    expect(code).toBe(0)
    expect(owner.requestsOf('stores:add')).toEqual([
      {
        name: 'nas',
        kind: 'local-folder',
        settings: { readOnly: true },
        paths: { path: { path: '/work-folder/share' } },
        secrets: {},
      },
    ])
  })

  it.each([
    ['stores add nas', 'stores add needs --path DIR'],
    ['stores add --path x', 'stores add needs S'],
    ['stores add nas --pth x', 'unknown option --pth, did you mean --path?'],
    [
      'stores add nas --zzzzzzzz x',
      'unknown option --zzzzzzzz; there are --kind, --path, --read-only, --data, --json, --help',
    ],
    [
      'stores add nas --path x --read-only true',
      '--read-only takes no value: leave out "true". It is on where it is given',
    ],
    ['stores add nas --kind ftp', '--kind is one of local-folder, not "ftp"'],
  ])('refuses: %s', async (line, detail) => {
    const { code, error, owner } = await run(line.split(' '), handlers)
    expect(code).toBe(2)
    expect(error).toContain(detail)
    expect(owner.requestsOf('stores:add')).toEqual([])
  })

  it('lists every option of every kind in its help, before any data folder is opened', async () => {
    const { kinds } = (await handlers['stores:kinds']?.({}, undefined)) ?? { kinds: [] }
    const storeKinds: StoreKind[] = [
      ...kinds,
      {
        kind: 's3',
        label: 'S3 bucket',
        fields: [
          {
            name: 'bucket',
            label: 'Bucket',
            kind: 'text',
            required: true,
            help: 'There already.',
            fixed: 'No.',
          },
          {
            name: 'pathStyle',
            label: 'Addressing',
            kind: 'switch',
            required: false,
            help: 'In the path.',
            begins: { field: 'preset', values: { minio: true, aws: false, other: true } },
          },
          {
            name: 'secretAccessKey',
            label: 'Secret',
            kind: 'secret',
            required: true,
            help: 'Kept.',
            onlyFor: { field: 'credentials', values: ['typed'] },
          },
        ],
      },
    ]
    const add = await run('stores add --kind s3 --help'.split(' '), {}, { storeKinds })
    expect(add.code).toBe(0)
    expect(add.out).toContain('--kind local-folder (Local folder):')
    expect(add.out).toMatch(/--path DIR +where it lies Needed\./)
    expect(add.out).toMatch(/--bucket VALUE +There already\. Needed\./)
    expect(add.out).toMatch(/--path-style +In the path\. On anyhow with --preset minio, other\./)
    expect(add.out).toMatch(/--secret-access-key-fd N +Kept\. Needed with --credentials typed\./)
    const set = await run('stores set --help'.split(' '), {}, { storeKinds })
    expect(set.out).toMatch(/--path-style on\|off +In the path\.\n/)
    expect(set.out).not.toContain('--bucket')
  })

  it('changes what is named, by the flags of its kind, and never what its objects are known by', async () => {
    const switched = {
      name: 'readOnly',
      label: 'Read only',
      kind: 'switch',
      required: false,
      help: 'never written to',
    } as const
    const fixed = { name: 'path', label: 'Folder', kind: 'folder', required: true, help: 'where' } as const
    const kind = {
      kind: 'local-folder',
      label: 'Local folder',
      fields: [{ ...fixed, fixed: 'No.' }, switched],
    }
    const known: FakeHandlers = {
      ...handlers,
      'stores:kinds': () => ({ kinds: [kind] }),
      'stores:set': () => storeInfo(1),
    }
    const { code, owner } = await run('stores set Weightlock --name nas --read-only off'.split(' '), known)
    expect(code).toBe(0)
    expect(owner.requestsOf('stores:set')).toEqual([
      { storeId: storeInfo(1).storeId, name: 'nas', settings: { readOnly: false }, paths: {}, secrets: {} },
    ])
    const moved = await run('stores set Weightlock --path elsewhere'.split(' '), known)
    expect([moved.code, moved.owner.requestsOf('stores:set')]).toEqual([2, []])
    expect(moved.error).toContain('--path never changes. No.')
  })

  it('fails where a test of the store fails, and shows every check', async () => {
    const check = { detail: '', isOptional: false, group: 'permission' } as const
    const permission = {
      action: 's3:DeleteObject',
      resource: 'arn:aws:s3:::m/*',
      without: 'Objects stay.',
      isDenied: true,
    }
    const { code, out, error } = await run(['stores', 'test', 'Weightlock'], {
      ...handlers,
      'stores:test': () => ({
        at: 0,
        tookMs: 12,
        failure: null,
        grantee: 'role/ml',
        policy: { whole: '{ }', missing: '{ "Action": "s3:DeleteObject" }' },
        checks: [
          { ...check, name: 'write', passed: true, permission: null },
          { ...check, name: 'delete', passed: false, detail: 'permission denied', permission },
        ],
      }),
    })
    expect(out).toContain('s3:DeleteObject on arn:aws:s3:::m/* is missing for role/ml. Objects stay.')
    expect(out).toContain('{ "Action": "s3:DeleteObject" }')
    expect(code).toBe(1)
    expect(out).toContain('delete  FAILED  permission denied')
    expect(out).toContain('1 of 2 passed in 12 ms')
    expect(error).toContain('“Weightlock” denies s3:DeleteObject to role/ml.')
  })

  it('says why a store could not be tested, and what to do about that', async () => {
    const { code, error } = await run(['stores', 'test', 'Weightlock'], {
      ...handlers,
      'stores:test': () => ({
        at: 0,
        tookMs: 12,
        failure: { code: 'store/bucket-not-found', store: 'Weightlock', bucket: 'ml-modles' },
        grantee: null,
        policy: null,
        checks: [
          {
            name: 'Connect',
            passed: false,
            detail: 'no',
            isOptional: false,
            group: 'connection',
            permission: null,
          },
        ],
      }),
    })
    expect(code).toBe(1)
    expect(error).toContain('has no bucket “ml-modles”')
    expect(error).toContain('Correct the bucket, the endpoint or the region.')
  })
})

describe('weightlock jobs', () => {
  it('resumes what can go on and returns when it has ended', async () => {
    const { result, code, owner } = await run(['jobs', 'resume', '--json'], {
      'jobs:resume': () => ({ jobs: [jobView(1, { state: 'queued' }), jobView(2)] }),
      'jobs:wait': () => ({ jobs: [jobView(1)], artifacts: [artifactRow(1)] }),
    })
    expect(owner.requestsOf('jobs:wait')).toEqual([{ jobIds: [jobId(1)] }])
    expect(code).toBe(0)
    expect(result).toEqual({
      ok: true,
      value: printed({ jobs: [jobView(1)], artifacts: [artifactRow(1)], failures: [] }),
    })
  })

  it('fails with what a job failed with', async () => {
    const failure: Failure = { code: 'verify/rolled-back', name: 'x', foundVersion: 1, expectedVersion: 2 }
    const job = jobView(1, { state: 'failed', failure })
    const { code, result } = await run(['jobs', 'resume', jobId(1), '--json'], {
      'jobs:resume': () => ({ jobs: [job] }),
      'jobs:wait': () => ({ jobs: [job], artifacts: [] }),
    })
    expect(code).toBe(4)
    expect(result).toMatchObject({
      ok: false,
      failure,
      value: { failures: [{ path: 'model-1.pkl', failure }] },
    })
  })

  it('pauses and cancels the jobs that are named', async () => {
    for (const line of [
      ['jobs', 'cancel'],
      ['jobs', 'cancel', jobId(2), '--all'],
    ]) {
      const { code, owner } = await run(line, { 'jobs:cancel': () => ({ jobs: [] }) })
      expect([code, owner.requestsOf('jobs:cancel')]).toEqual([2, []])
    }
    const all = await run(['jobs', 'cancel', '--all'], { 'jobs:cancel': () => ({ jobs: [] }) })
    expect(all.owner.requestsOf('jobs:cancel')).toEqual([{ jobIds: null }])
    for (const verb of ['pause', 'cancel'] as const) {
      const handlers = { [`jobs:${verb}`]: () => ({ jobs: [jobView(1), jobView(2)] }) }
      const { owner, result } = await run(['jobs', verb, jobId(2), '--json'], handlers)
      expect(owner.requestsOf(`jobs:${verb}`)).toEqual([{ jobIds: [jobId(2)] }])
      expect(result).toEqual({ ok: true, value: printed({ jobs: [jobView(2)] }) })
    }
  })
})

describe('weightlock verify and adopt', () => {
  const result: VerifyResult = {
    artifactId: artifactRow(1).artifactId,
    name: 'model-1.pkl',
    version: 1,
    storeId: storeInfo(1).storeId,
    store: 'bucket',
    objectName: 'model-1.pkl.age',
    foundAs: null,
    level: 'quick',
    result: 'matches',
    code: null,
    failure: null,
    checked: ['size', 'header', 'stored-checksum'],
    notChecked: ['payload'],
    leavesRead: 0,
    leaves: 3,
    sizeBytes: 1000,
  }
  const verified = {
    level: 'quick' as const,
    startedAt: 0,
    endedAt: 1,
    counts: countFindings([result]),
    total: 1,
    results: [result],
    stores: [],
  }
  const handlers: FakeHandlers = {
    'artifacts:find': ({ query }) =>
      query === 'gone' ? fail({ code: 'artifact/not-found', query }) : artifactRow(1),
    'artifacts:verify': () => ({ jobId: jobId(1) }),
    'artifacts:verify-report': ({ offset }) => ({ ...verified, results: verified.results.slice(offset) }),
    'artifacts:adopt': () => ({ jobId: jobId(1) }),
    'jobs:wait': () => ({
      jobs: [jobView(1, { kind: 'verify', outcome: 'All match', report: ['model-1.pkl v1: matches'] })],
      artifacts: [],
    }),
  }

  it('looks at everything where nothing is named', async () => {
    const { out, owner } = await run(['verify', '--level', 'full'], handlers)
    expect(owner.requestsOf('artifacts:verify')).toEqual([{ artifactIds: [], storeId: null, level: 'full' }])
    expect(out).toBe('model-1.pkl v1: matches\nAll match\n')
  })

  it('gives what was found of each object, and what was not looked at', async () => {
    const { result: answer, owner } = await run(['verify', 'a', '--level', 'quick', '--json'], handlers)
    expect(answer).toMatchObject({
      ok: true,
      value: { results: [result], counts: { matches: 1 }, stores: [] },
    })
    expect(owner.requestsOf('artifacts:verify-report')).toEqual([{ jobId: jobId(1), offset: 0, limit: 200 }])
  })

  it('never takes a name that means nothing for everything', async () => {
    const { code, result, owner } = await run(['verify', 'gone', '--json'], handlers)
    expect(code).toBe(1)
    expect(owner.requestsOf('artifacts:verify')).toEqual([])
    expect(result).toMatchObject({ ok: false, failure: { code: 'artifact/not-found', query: 'gone' } })
  })

  it('ends with 4 where something does not match', async () => {
    const failure: Failure = { code: 'verify/not-verified', name: 'x', checked: 2, problems: 1 }
    const { code } = await run(['verify', 'a'], {
      ...handlers,
      'jobs:wait': () => ({ jobs: [jobView(1, { state: 'failed', failure })], artifacts: [] }),
    })
    expect(code).toBe(4)
  })

  it('adopts what is named, or all, never neither', async () => {
    const named = await run(['adopt', 'a'], handlers)
    expect(named.owner.requestsOf('artifacts:adopt')).toEqual([
      { artifactIds: [artifactRow(1).artifactId], all: false },
    ])
    const all = await run(['adopt', '--all'], handlers)
    expect(all.owner.requestsOf('artifacts:adopt')).toEqual([{ artifactIds: [], all: true }])
    expect((await run(['adopt'], handlers)).code).toBe(2)
  })
})

describe('weightlock audit', () => {
  const verdict = {
    intact: true,
    entries: 48_213,
    checkedAt: 0,
    headHash: null,
    brokenAt: null,
    reason: null,
    tailVouched: true,
  }

  it('says that the chain is intact', async () => {
    const handlers = { 'audit:verify': () => verdict }
    expect((await run(['audit', 'verify'], handlers)).out).toBe('Chain intact · 48,213 entries\n')
    const { result } = await run(['audit', 'verify', '--json'], handlers)
    expect(result).toMatchObject({ ok: true, value: { entries: 48_213, intact: true } })
  })

  it('ends with 4 where it is broken, and still gives the facts', async () => {
    const { code, result } = await run(['audit', 'verify', '--json'], {
      'audit:verify': () => ({ ...verdict, intact: false, brokenAt: 7, reason: 'a hash differs' }),
    })
    expect(code).toBe(4)
    expect(result).toMatchObject({
      ok: false,
      failure: { code: 'audit/broken', sequence: 7, reason: 'a hash differs' },
      value: { entries: 48_213, intact: false },
    })
  })
})

describe('weightlock doctor', () => {
  it('fails where a check failed', async () => {
    const check = (state: 'ok' | 'failed') => ({
      'program:diagnose': () => ({ checks: [{ name: 'keychain', state, detail: 'GNOME Keyring' }] }),
    })
    expect(await run(['doctor'], check('ok'))).toMatchObject({
      code: 0,
      out: 'Check     State  Detail\nkeychain  ok     GNOME Keyring\n',
    })
    expect((await run(['doctor'], check('failed'))).code).toBe(1)
  })
})

describe('every command', () => {
  it('ends with 75 where the data folder is owned by a process that does not answer', async () => {
    const reach = () => Promise.reject(new WeightlockError({ code: 'owner/locked' }))
    const { code, result } = await run(['list', '--json'], {}, { reach })
    expect([code, result]).toEqual([75, failed({ code: 'owner/locked' })])
  })

  it('takes the data folder that it is told, and tells the owner its name only', async () => {
    const asked: unknown[] = []
    await run(
      ['audit', 'verify', '--data', 'd'],
      {},
      {
        reach: (...args) => {
          asked.push(args)
          return Promise.reject(new WeightlockError({ code: 'owner/locked' }))
        },
      },
    )
    expect(asked).toEqual([
      [{ data: '/work-folder/d', what: 'weightlock audit verify', mendsCatalog: false }],
    ])
  })

  it('is not even tried where the arguments are wrong', async () => {
    const { code, error, finished } = await run(['list', '--strore', 's'], {})
    expect([code, finished]).toEqual([2, 0])
    expect(error).toBe(
      'weightlock: unknown option --strore, did you mean --store?\nusage: weightlock list [QUERY] [--store S] [--archived]\n',
    )
  })

  it('reports a bug of ours by where it is, with nothing of what it worked on', async () => {
    const { code, result } = await run(['list', '--json'], {
      'artifacts:list': () => {
        throw new Error('AGE-SECRET-KEY-1 in a message')
      },
    })
    expect(code).toBe(1)
    expect(result).toMatchObject({ ok: false, failure: { code: 'internal/bug' } })
    expect(JSON.stringify(result)).not.toContain('AGE-SECRET-KEY')
  })

  it('has its help under a word as well, and answers --json alone as wrong usage', async () => {
    expect((await run(['help', 'keys', 'destroy'], {})).out).toContain('usage: weightlock keys destroy KEY')
    expect((await run(['help'], {})).out).toContain('usage: weightlock COMMAND')
    const { code, result } = await run(['--json'], {})
    expect([code, result]).toEqual([2, failed({ code: 'usage/invalid', detail: '--json needs a command' })])
  })

  it('has examples that can be typed, and exit codes, in the help of each command', async () => {
    const examples = commands.flatMap((command) =>
      (command.examples ?? []).map((typed) => ({ command, typed })),
    )
    expect(examples.length).toBeGreaterThan(20)
    for (const { command, typed } of examples) {
      const words = typed.replace(/ (\d*<|\|) .*$/, '').match(/"[^"]*"|\S+/g) ?? []
      const parsed = parseCommandLine(
        words.map((word) => word.replaceAll('"', '')),
        commands,
      )
      expect(parsed).toMatchObject({ kind: 'command', command: { words: command.words } })
      const { out } = await run([...command.words.split(' '), '--help'], {})
      expect(out).toContain(`  weightlock ${typed}\n`)
      expect(out).toContain('Exit codes: 0 done')
    }
    expect((await run(['keys', '--help'], {})).out).toContain('Exit codes: 0 done')
  })

  it('has a help of its own', async () => {
    const { out, code } = await run(['keys', 'destroy', '--help'], {})
    expect(code).toBe(0)
    expect(out.split('\n')[0]).toBe('usage: weightlock keys destroy KEY --confirm-name NAME')
    const all = await run([], {})
    for (const words of [
      'encrypt',
      'decrypt',
      'keys import',
      'stores add',
      'jobs resume',
      'audit export',
      'rebuild',
    ])
      expect(all.out).toContain(`  ${words}`)
    expect((await run(['--version'], {})).out).toBe('weightlock 1.2.3\n')
  })
})
