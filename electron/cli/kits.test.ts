import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { KitRow } from '../../shared/domain/kit.ts'
import { fail } from '../../shared/failure.ts'
import { KitId } from '../../shared/ids.ts'
import { artifactId, artifactRow, jobId, jobView, keyId } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'wl-kits-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'here.age'), '')

const kit: KitRow = {
  kitId: KitId.parse(keyId(7)),
  where: '/work-folder/kit.age',
  sizeBytes: 900,
  digest: 'ab'.repeat(32),
  madeAt: Date.UTC(2026, 10, 22, 16, 42),
  madeHere: true,
  identities: 2,
  holds: 2,
  lacks: 1,
  holdsDestroyed: 0,
  needsNewAge: false,
  drilledAt: null,
  failedDrill: null,
}

const owner = (more: FakeHandlers = {}): FakeHandlers => ({
  'kits:list': () => ({ kits: [kit], coverage: { keys: 3, inKits: 0 } }),
  'kits:create': ({ passphrase }) => ({
    jobId: jobId(1),
    kitId: kit.kitId,
    generated: 'generate' in passphrase ? 'lantern-gravel' : null,
  }),
  'kits:drill': () => ({
    kit,
    opened: {
      artifactId: artifactId(1),
      name: 'model.pkl',
      version: 2,
      store: 'nas',
      keyId: keyId(1),
      bytes: 9,
    },
  }),
  'kits:restore': () => ({ jobId: jobId(2), identities: 2 }),
  'jobs:wait': ({ jobIds }) => ({
    jobs: jobIds.map(() => jobView(1, { kind: 'make-kit', state: 'done', outcome: '2 keys in it' })),
    artifacts: [],
  }),
  'artifacts:find': () => artifactRow(1),
  'artifacts:archive': ({ artifactIds }) => ({ changed: artifactIds }),
  ...more,
})
const input = 'lantern gravel mango orbit velvet\n'

describe('kit create', () => {
  it('takes the passphrase from standard input, and never repeats it', async () => {
    const {
      code,
      owner: asked,
      out,
      error,
    } = await run(['kit', 'create', 'kit.age'], owner(), { input, cwd: folder })
    expect(code).toBe(0)
    expect(asked.requestsOf('kits:create')).toEqual([
      { keyIds: null, passphrase: { typed: input.trim() }, target: { path: join(folder, 'kit.age') } },
    ])
    expect(out).toBe(`${folder}/kit.age: 2 keys in it\n`)
    expect(out + error).not.toContain('lantern')
  })

  it('refuses a weak one before it asks the owner, with why and what would do', async () => {
    const weak = 'Correct Horse Battery Staple 1\n'
    const {
      code,
      error,
      owner: asked,
    } = await run(['kit', 'create', 'kit.age'], owner(), { input: weak, cwd: folder })
    expect([code, asked.calls]).toEqual([1, []])
    expect(error).toMatch(/about \d+ bits, counted as 5 words, with some that anybody tries first/)
    expect(error).toContain('35 bits at least')
    expect(error).toContain('--generate')
    expect(error).not.toContain('Horse')
  })

  it('shows a generated passphrase once, on a terminal only, and never in JSON', async () => {
    const shown = await run(['kit', 'create', 'kit.age', '--generate'], owner(), {
      isTerminal: true,
      cwd: folder,
    })
    expect(shown.code).toBe(0)
    expect(shown.error.match(/lantern-gravel/g)).toHaveLength(1)
    expect(shown.out).not.toContain('lantern')
    for (const more of [[], ['--json']]) {
      const refused = await run(['kit', 'create', 'kit.age', '--generate', ...more], owner())
      expect(refused.code).toBe(2)
      expect(refused.owner.requestsOf('kits:create')).toEqual([])
    }
  })
})

describe('a slip in a path', () => {
  it.each([
    [['kit', 'create', 'missing/kit.age'], 'file/no-folder'],
    [['kit', 'create', 'here.age/kit.age'], 'file/no-folder'],
    [['kit', 'create', 'here.age'], 'file/exists'],
    [['kit', 'create', '.'], 'file/is-folder'],
    [['kit', 'restore', 'missing.age'], 'file/not-found'],
    [['kit', 'restore', '.'], 'file/is-folder'],
    [['kit', 'drill', 'here.age/kit.age'], 'file/not-found'],
    [['keys', 'export', keyId(1), '--to', 'missing/k.txt'], 'file/no-folder'],
    [['keys', 'export', keyId(1), '--to', 'here.age'], 'file/exists'],
    [['keys', 'import', 'missing.txt'], 'file/not-found'],
    [['certificate', 'verify', 'missing.erase.json'], 'file/not-found'],
    [['certificate', 'save', 'model-1.pkl', '--to', 'missing/c.json'], 'file/no-folder'],
    [['audit', 'export', '--to', 'here.age'], 'file/exists'],
  ])('%j is refused before anything is asked: %s', async (argv, code) => {
    // Without input, a question would end as wrong usage.
    const ran = await run([...argv, '--json'], {}, { cwd: folder })
    expect([ran.code, ran.result]).toMatchObject([1, { ok: false, failure: { code } }])
    expect(ran.owner.calls).toEqual([])
  })

  it.skipIf(process.getuid?.() === 0)('is a folder that nothing may be written into, too', async () => {
    mkdirSync(join(folder, 'sealed'), { mode: 0o500 })
    const { result, owner: asked } = await run(
      ['kit', 'create', 'sealed/kit.age', '--json'],
      {},
      { cwd: folder },
    )
    expect(result).toMatchObject({
      failure: { code: 'file/permission-denied', path: join(folder, 'sealed') },
    })
    expect(asked.calls).toEqual([])
  })

  it('is said with what to do next', async () => {
    const { error } = await run(['kit', 'create', 'missing/kit.age'], {}, { cwd: folder })
    expect(error).toContain('The folder is not there')
    expect(error).toContain('make the folder first')
  })
})

describe('kit drill, restore and list', () => {
  it('says what was opened', async () => {
    const { out, code } = await run(['kit', 'drill', 'here.age'], owner(), { input, cwd: folder })
    expect([code, out]).toEqual([
      0,
      'Opened model.pkl, version 2, in nas with a key of the kit.\nIt holds 2 keys of this installation, and lacks 1.\n',
    ])
  })

  it('refuses with the exit code of what did not verify', async () => {
    const opensNothing = () => fail({ code: 'kit/opens-nothing', identities: 2, tried: 3 })
    const { code } = await run(['kit', 'drill', 'here.age'], owner({ 'kits:drill': opensNothing }), {
      input,
      cwd: folder,
    })
    expect(code).toBe(4)
  })

  it('names a destroyed key that is wanted back', async () => {
    const argv = ['kit', 'restore', 'here.age', '--reverse-destroyed', 'model.pkl', '--json']
    const { owner: asked, result } = await run(argv, owner(), { input, cwd: folder })
    expect(asked.requestsOf('kits:restore')).toEqual([
      {
        source: { path: join(folder, 'here.age') },
        passphrase: input.trim(),
        reverseDestroyed: ['model.pkl'],
      },
    ])
    expect(result).toEqual({ ok: true, value: { outcome: '2 keys in it', report: [] } })
  })

  it('lists what does not count yet', async () => {
    const { out } = await run(['kit', 'list'], owner())
    expect(out).toContain('never: does not count yet')
    expect(out).toContain('0 of 3 keys in a kit whose drill passed.')
  })
})

describe('archive', () => {
  it.each([
    ['archive', true],
    ['unarchive', false],
  ] as const)('%s asks for it', async (word, isArchived) => {
    const { owner: asked, code } = await run([word, 'model-1.pkl'], owner())
    expect(code).toBe(0)
    expect(asked.requestsOf('artifacts:archive')).toEqual([{ artifactIds: [artifactId(1)], isArchived }])
  })
})
