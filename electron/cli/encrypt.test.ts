import { describe, expect, it } from 'vitest'
import { failed } from '../../shared/failure.ts'
import { printed, run } from './testing/run.ts'
import { artifactRow, jobId, jobView, storeInfo } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const summary = { kind: 'pickle', label: 'pickle', framework: null, malformed: null, warning: null } as const
const proposal = (sources: number[], name: string) => ({
  sources,
  name,
  isFolder: false,
  sizeBytes: 1,
  files: 1,
  summary,
  links: { count: 0, outside: [], leftOut: [] },
  hidden: [],
  existing: null,
  objectName: `${name}.age`,
  offer: 'encrypt' as const,
  refusal: null,
  shards: null,
})

/** Everything succeeds: job n and artifact n for item n. */
const handlers: FakeHandlers = {
  'stores:list': () => ({ stores: [storeInfo(1), storeInfo(2)] }),
  'encrypt:inspect': ({ sources }) => ({
    proposals: sources.map((source, n) =>
      proposal([n], 'path' in source ? (source.path.split('/').at(-1) ?? '') : ''),
    ),
  }),
  'encrypt:start': ({ items }) => ({ jobIds: items.map((_, n) => jobId(n)), refused: [] }),
  'jobs:wait': ({ jobIds }) => ({
    jobs: jobIds.map((_, n) => jobView(n)),
    artifacts: jobIds.map((_, n) => artifactRow(n)).toReversed(),
  }),
}

describe('weightlock encrypt', () => {
  it('makes one artifact of each path, under its own name', async () => {
    const { code, owner } = await run(['encrypt', 'a.pkl', '../b/', '/m/c.onnx'], handlers)
    expect(code).toBe(0)
    expect(owner.requestsOf('encrypt:start')).toEqual([
      {
        items: [
          ['/work-folder/a.pkl', 'a.pkl'],
          ['/b', 'b'],
          ['/m/c.onnx', 'c.onnx'],
        ].map(([path, name]) => ({ sources: [{ path }], name, separate: false, leaveOutHidden: false })),
        storeId: null,
        algorithm: null,
        original: 'keep',
        opaqueNames: false,
      },
    ])
  })

  it('takes a store by name, a folder by --name, and says what else it was told', async () => {
    const line =
      'encrypt a.pkl b.pkl --store store-2 --name fraud/ --separate --original trash --post-quantum'
    const { owner } = await run(line.split(' '), handlers)
    expect(owner.requestsOf('encrypt:start')).toMatchObject([
      {
        items: [
          { name: 'fraud/a.pkl', separate: true },
          { name: 'fraud/b.pkl', separate: true },
        ],
        storeId: storeInfo(2).storeId,
        algorithm: 'mlkem768x25519',
        original: 'trash',
      },
    ])
  })

  it('makes one artifact of several paths under one full name', async () => {
    const { owner } = await run(['encrypt', '1.safetensors', '2.safetensors', '--name', 'llm'], handlers)
    const sources = [{ path: '/work-folder/1.safetensors' }, { path: '/work-folder/2.safetensors' }]
    expect(owner.requestsOf('encrypt:start')).toMatchObject([{ items: [{ sources, name: 'llm' }] }])
  })

  it('gives the promised fields, in the order of the paths', async () => {
    const { result, error } = await run(['encrypt', 'a', 'b', '--json'], handlers)
    expect(result).toEqual({
      ok: true,
      value: printed({ artifacts: [artifactRow(0), artifactRow(1)], failures: [] }),
    })
    expect(error).toBe('')
  })

  it('keeps what was stored when others failed, and names each', async () => {
    const some: FakeHandlers = {
      ...handlers,
      'encrypt:start': () => ({
        jobIds: [jobId(1), jobId(2)],
        refused: [{ item: 0, failure: { code: 'file/not-found', path: '/work-folder/gone' } }],
      }),
      'jobs:wait': () => ({
        jobs: [
          jobView(2, {
            state: 'failed',
            failure: { code: 'file/changed-while-reading', path: '/work-folder/c' },
          }),
          jobView(1),
        ],
        artifacts: [artifactRow(1)],
      }),
    }
    const { code, result } = await run(['encrypt', 'gone', 'b', 'c', '--json'], some)
    expect(code).toBe(1)
    expect(result).toEqual({
      ok: false,
      failure: { code: 'file/not-found', path: '/work-folder/gone' },
      value: {
        artifacts: [printed(artifactRow(1))],
        failures: [
          { path: 'gone', failure: { code: 'file/not-found', path: '/work-folder/gone' } },
          { path: 'c', failure: { code: 'file/changed-while-reading', path: '/work-folder/c' } },
        ],
      },
    })
    const people = await run(['encrypt', 'gone', 'b', 'c'], some)
    expect(people.out).toContain('model-1.pkl')
    expect(people.error).toContain('weightlock: gone: ')
    expect(people.error).toContain('weightlock: c: ')
    for (const part of ['What happened', 'What is safe', 'What to do']) expect(people.error).toContain(part)
  })

  it('warns of a pickle that runs code, of links and of versions', async () => {
    const { error } = await run(['encrypt', 'a.pkl'], {
      ...handlers,
      'encrypt:inspect': () => ({
        proposals: [
          {
            ...proposal([0], 'a.pkl'),
            existing: {
              artifactId: artifactRow(1).artifactId,
              nextVersion: 3,
              separateObjectName: 'model-2.pkl.age',
            },
            links: { count: 2, outside: ['x\u202e'], leftOut: ['latest'] },
            summary: {
              ...summary,
              warning: {
                severity: 'runs-code',
                danger: 'shell-command',
                flagged: ['os.system'],
                flaggedCount: 1,
                hidden: 0,
                importCount: 1,
                incomplete: false,
              },
            },
          },
        ],
      }),
    })
    expect(error.split('\n')).toEqual([
      'a.pkl: loading this pickle runs code: os.system',
      'a.pkl: 1 link to outside the folder, what is there is stored as well: x\\u202e',
      'a.pkl: 1 link to folders left out',
      'a.pkl exists: this becomes version 3',
      '',
    ])
  })

  const existing = {
    artifactId: artifactRow(1).artifactId,
    nextVersion: 3,
    separateObjectName: 'a-2.pkl.age',
  }
  it.each([
    ['for a separate artifact', ['--separate'], null],
    ['for what is refused', [], { code: 'file/not-found', path: '/work-folder/a.pkl' } as const],
  ])('announces no version %s', async (_, more, refusal) => {
    const { error } = await run(['encrypt', 'a.pkl', ...more], {
      ...handlers,
      'encrypt:inspect': () => ({ proposals: [{ ...proposal([0], 'a.pkl'), existing, refusal }] }),
    })
    expect(error).toBe('')
  })

  it('stores once what is named twice', async () => {
    const { owner, error } = await run(['encrypt', 'a.pkl', './a.pkl'], handlers)
    expect(owner.requestsOf('encrypt:start')).toMatchObject([{ items: [{ name: 'a.pkl' }] }])
    expect(error).toContain('What was named more than once is stored once.')
  })

  it('says what became of the original', async () => {
    const outcome = 'Stored and verified; original moved to the trash'
    const { out } = await run(['encrypt', 'a.pkl', '--original', 'trash'], {
      ...handlers,
      'jobs:wait': () => ({ jobs: [jobView(0, { outcome })], artifacts: [artifactRow(0)] }),
    })
    expect(out).toContain(`model-0.pkl: ${outcome}`)
  })

  it('names a store that does not exist', async () => {
    const { code, result, owner } = await run(['encrypt', 'a', '--store', 'nas', '--json'], handlers)
    expect([code, result]).toEqual([1, failed({ code: 'store/not-found', query: 'nas' })])
    expect(owner.requestsOf('encrypt:start')).toEqual([])
  })

  it.each([
    ['encrypt / --json', '/ has no name of its own, give it one with --name'],
    ['encrypt a --name= --json', '--name needs a name'],
    [
      'encrypt / a --name both --json',
      '/ is a folder: a full --name makes one artifact of several files, or of one folder',
    ],
    ['encrypt - --json', 'standard input cannot be encrypted, name a file or folder'],
  ])('refuses: %s', async (line, detail) => {
    const { code, result } = await run(line.split(' '), handlers)
    expect([code, result]).toEqual([2, failed({ code: 'usage/invalid', detail })])
  })
})

describe('Ctrl-C', () => {
  it('pauses the jobs of this command and ends as stopped', async () => {
    const control = new AbortController()
    const paused = Promise.withResolvers<void>()
    const { code, owner, error, finished } = await run(
      ['encrypt', 'a'],
      {
        ...handlers,
        'jobs:wait': async () => {
          control.abort()
          await paused.promise
          return { jobs: [jobView(0, { state: 'paused' })], artifacts: [] }
        },
        'jobs:pause': ({ jobIds }) => {
          paused.resolve()
          return { jobs: (jobIds ?? []).map((_, n) => jobView(n, { state: 'paused' })) }
        },
      },
      { interrupted: control.signal },
    )
    expect(code).toBe(130)
    expect(owner.requestsOf('jobs:pause')).toEqual([{ jobIds: [jobId(0)] }])
    expect(error).toContain('Pausing…')
    expect(finished).toBe(1)
  })

  it('changes nothing for a job that ended meanwhile', async () => {
    const control = new AbortController()
    const { code } = await run(
      ['encrypt', 'a'],
      {
        ...handlers,
        'jobs:pause': () => ({ jobs: [] }),
        'jobs:wait': () => {
          control.abort()
          return { jobs: [jobView(0)], artifacts: [artifactRow(0)] }
        },
      },
      { interrupted: control.signal },
    )
    expect(code).toBe(0)
  })

  it('ends a question at once', async () => {
    const control = new AbortController()
    const { code } = await run(
      ['list'],
      {
        'artifacts:list': () => {
          control.abort()
          return new Promise(() => undefined)
        },
      },
      { interrupted: control.signal },
    )
    expect(code).toBe(130)
  })
})
