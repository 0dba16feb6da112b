import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Failure, fail, failed } from '../../shared/failure.ts'
import { run } from './testing/run.ts'
import { artifactRow, jobId, jobView } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const done = (more = {}) => ({ jobs: [jobView(1, { kind: 'decrypt', ...more })], artifacts: [] })

const handlers: FakeHandlers = {
  'artifacts:find': () => artifactRow(1),
  'decrypt:start': () => ({ jobId: jobId(1) }),
  'decrypt:age-file': () => ({ jobId: jobId(1) }),
  'jobs:wait': () => done(),
  'jobs:cancel': () => ({ jobs: [] }),
  'jobs:dismiss': () => ({ jobs: [] }),
}

const header = {
  name: 'model.bin.age',
  sizeBytes: 1000,
  headerBytes: 200,
  plaintextBytes: 784,
  armored: false,
  stanzaTypes: ['X25519'],
  needsPassphrase: false,
  keyId: null,
  artifactId: null,
  keyHere: false,
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-decrypt-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('weightlock decrypt ARTIFACT', () => {
  it('writes where it is told, and says where', async () => {
    const { code, result, owner } = await run(
      ['decrypt', 'model-1.pkl', '--to', 'out.pkl', '--json'],
      handlers,
    )
    expect(code).toBe(0)
    expect(owner.requestsOf('decrypt:start')).toEqual([
      {
        artifactId: artifactRow(1).artifactId,
        version: null,
        target: { path: '/work-folder/out.pkl' },
        unpack: false,
      },
    ])
    expect(result).toMatchObject({
      ok: true,
      value: { location: '/work-folder/out.pkl', name: 'model-1.pkl' },
    })
  })

  it('writes into an existing folder under its own name, and unpacks a folder', async () => {
    const { owner } = await run(['decrypt', 'x', '--to', folder], {
      ...handlers,
      'artifacts:find': () => artifactRow(1, { name: 'fraud/bert', isFolder: true }),
    })
    expect(owner.requestsOf('decrypt:start')).toMatchObject([
      { target: { path: join(folder, 'bert') }, unpack: true },
    ])
  })

  it('never overwrites, and never goes one folder deeper instead', async () => {
    mkdirSync(join(folder, 'bert'))
    const { code, result, owner } = await run(['decrypt', 'x', '--to', folder, '--json'], {
      ...handlers,
      'artifacts:find': () => artifactRow(1, { name: 'fraud/bert', isFolder: true }),
    })
    expect([code, result]).toEqual([1, failed({ code: 'file/exists', path: join(folder, 'bert') })])
    expect(owner.requestsOf('decrypt:start')).toEqual([])
    rmSync(join(folder, 'bert'), { recursive: true })
  })

  it('takes a path with a slash at its end as a folder, and makes it', async () => {
    const { owner } = await run(['decrypt', 'model-1.pkl', '--to', `${folder}/fresh/`], handlers)
    const target = { path: join(folder, 'fresh', 'model-1.pkl') }
    expect(owner.requestsOf('decrypt:start')).toMatchObject([{ target }])
    expect(readdirSync(folder)).toContain('fresh')
    const { result } = await run(['decrypt', 'x', '--to', `${folder}/a/b/`, '--json'], handlers)
    expect(result).toEqual(failed({ code: 'file/not-found', path: join(folder, 'a') }))
  })

  it('knows before it starts which versions there are', async () => {
    const { result, owner } = await run('decrypt x --to y --artifact-version 9 --json'.split(' '), handlers)
    const failure = { code: 'artifact/no-such-version', name: 'model-1.pkl', version: 9, latest: 1 } as const
    expect(result).toEqual(failed(failure))
    expect(owner.requestsOf('decrypt:start')).toEqual([])
  })

  it('writes a folder as a tar where that is asked for, and opens older versions', async () => {
    const { owner } = await run(['decrypt', 'x', '--to', folder, '--tar', '--artifact-version', '2'], {
      ...handlers,
      'artifacts:find': () => artifactRow(1, { name: 'bert', isFolder: true, version: 3, versions: 3 }),
    })
    expect(owner.requestsOf('decrypt:start')).toMatchObject([
      { target: { path: join(folder, 'bert.tar') }, unpack: false, version: 2 },
    ])
  })

  it('sends plaintext to standard output, and nothing else', async () => {
    const { code, out, owner } = await run(['decrypt', 'x', '--to', '-'], {
      ...handlers,
      'decrypt:start': async (_, output) => {
        await output?.(Buffer.from('plain'))
        return { jobId: jobId(1) }
      },
    })
    expect([code, out]).toEqual([0, 'plain'])
    expect(owner.requestsOf('decrypt:start')).toMatchObject([{ target: { stdout: true }, unpack: false }])
  })

  it('says how much had left when verification failed half-way', async () => {
    const { code, error } = await run(['decrypt', 'x', '--to', '-'], {
      ...handlers,
      'decrypt:start': async (_, output) => {
        await output?.(Buffer.alloc(1234))
        return { jobId: jobId(1) }
      },
      'jobs:wait': () => done({ state: 'failed', failure: { code: 'verify/altered', name: 'x' } }),
    })
    expect(code).toBe(4)
    expect(error).toContain('1,234 bytes were written before it failed')
  })

  it('says nothing when the reader of its output went away', async () => {
    const failure: Failure = { code: 'file/io', path: '-', errno: 'EPIPE' }
    const { code, error, owner } = await run(['decrypt', 'x', '--to', '-'], {
      ...handlers,
      'jobs:wait': () => done({ state: 'failed', failure }),
    })
    expect([code, error]).toEqual([1, ''])
    expect(owner.requestsOf('jobs:dismiss')).toEqual([{ jobIds: [jobId(1)] }])
  })

  it('cancels on Ctrl-C what nobody can go on with', async () => {
    const control = new AbortController()
    const cancelled = Promise.withResolvers<void>()
    const { code, owner } = await run(
      ['decrypt', 'x', '--to', '-'],
      {
        ...handlers,
        'jobs:wait': async () => {
          control.abort()
          await cancelled.promise
          return done({ state: 'cancelled' })
        },
        'jobs:cancel': () => {
          cancelled.resolve()
          return { jobs: [] }
        },
      },
      { interrupted: control.signal },
    )
    expect(code).toBe(130)
    expect(owner.requestsOf('jobs:cancel')).toHaveLength(1)
  })

  it.each([
    ['decrypt x --to - --json', '--json and plaintext cannot share standard output, give --to a file', false],
    ['decrypt x --to -', 'plaintext is not written to a terminal, use --to FILE or a pipe', true],
    ['decrypt --to out', 'decrypt needs ARTIFACT or --file F.age', false],
    ['decrypt x --file f --to out', 'name an artifact or --file, not both', false],
    ['decrypt x --identity f --to out', '--identity belongs to --file F.age', false],
    ['decrypt x --to out --artifact-version two', '--artifact-version is a number, 1 or higher', false],
    ['decrypt --file f --unpack --to -', '--unpack needs a folder to write, not standard output', false],
  ])('refuses: %s', async (line, detail, isTerminal) => {
    const { code, error, out } = await run(line.split(' '), handlers, { isTerminal })
    expect(code).toBe(2)
    expect(error + out).toContain(detail)
  })
})

describe('weightlock decrypt --file', () => {
  const fileHandlers: FakeHandlers = { ...handlers, 'age-file:show': () => header }

  it('opens with an identity', async () => {
    const line = 'decrypt --file m.age --identity key.txt --to out --unpack --json'
    const { result, owner } = await run(line.split(' '), fileHandlers)
    expect(owner.requestsOf('decrypt:age-file')).toEqual([
      {
        source: { path: '/work-folder/m.age' },
        identity: { path: '/work-folder/key.txt' },
        passphrase: null,
        target: { path: '/work-folder/out' },
        unpack: true,
      },
    ])
    expect(result).toMatchObject({ ok: true, value: { location: '/work-folder/out', plaintextBytes: 784 } })
  })

  it('asks for a passphrase on standard input where the file wants one', async () => {
    const { owner } = await run(
      'decrypt --file m.age --to out'.split(' '),
      { ...fileHandlers, 'age-file:show': () => ({ ...header, needsPassphrase: true }) },
      { input: 'correct horse\r\nsecond line' },
    )
    expect(owner.requestsOf('decrypt:age-file')).toMatchObject([
      { passphrase: 'correct horse', identity: null },
    ])
  })

  it('asks again with a passphrase where the identity file wants one', async () => {
    let attempts = 0
    const { code, owner } = await run(
      'decrypt --file m.age --identity key.age --to out'.split(' '),
      {
        ...fileHandlers,
        'decrypt:age-file': ({ passphrase }) => {
          attempts++
          return passphrase === null ? fail({ code: 'age/passphrase-needed' }) : { jobId: jobId(1) }
        },
      },
      { input: 'secret\n' },
    )
    expect([code, attempts]).toEqual([0, 2])
    expect(owner.requestsOf('decrypt:age-file')).toMatchObject([
      { passphrase: null },
      { passphrase: 'secret' },
    ])
  })

  it('says so when there is no passphrase to read', async () => {
    const { code, result } = await run('decrypt --file m.age --to out --json'.split(' '), {
      ...fileHandlers,
      'age-file:show': () => ({ ...header, needsPassphrase: true }),
    })
    const detail = 'a passphrase is needed: on standard input, or with --passphrase-fd N'
    expect([code, result]).toEqual([2, failed({ code: 'usage/invalid', detail })])
  })
})
