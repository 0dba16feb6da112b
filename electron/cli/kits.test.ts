import { describe, expect, it } from 'vitest'
import type { KitRow } from '../../shared/domain/kit.ts'
import { fail } from '../../shared/failure.ts'
import { KitId } from '../../shared/ids.ts'
import { artifactId, artifactRow, jobId, jobView, keyId } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

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
    const { code, owner: asked, out, error } = await run(['kit', 'create', 'kit.age'], owner(), { input })
    expect(code).toBe(0)
    expect(asked.requestsOf('kits:create')).toEqual([
      { keyIds: null, passphrase: { typed: input.trim() }, target: { path: '/work-folder/kit.age' } },
    ])
    expect(out).toBe('/work-folder/kit.age: 2 keys in it\n')
    expect(out + error).not.toContain('lantern')
  })

  it('shows a generated passphrase once, on a terminal only, and never in JSON', async () => {
    const shown = await run(['kit', 'create', 'kit.age', '--generate'], owner(), { isTerminal: true })
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

describe('kit drill, restore and list', () => {
  it('says what was opened', async () => {
    const { out, code } = await run(['kit', 'drill', 'kit.age'], owner(), { input })
    expect([code, out]).toEqual([
      0,
      'Opened model.pkl, version 2, in nas with a key of the kit.\nIt holds 2 keys of this installation, and lacks 1.\n',
    ])
  })

  it('refuses with the exit code of what did not verify', async () => {
    const opensNothing = () => fail({ code: 'kit/opens-nothing', identities: 2, tried: 3 })
    const { code } = await run(['kit', 'drill', 'kit.age'], owner({ 'kits:drill': opensNothing }), { input })
    expect(code).toBe(4)
  })

  it('names a destroyed key that is wanted back', async () => {
    const argv = ['kit', 'restore', 'kit.age', '--reverse-destroyed', 'model.pkl', '--json']
    const { owner: asked, result } = await run(argv, owner(), { input })
    expect(asked.requestsOf('kits:restore')).toEqual([
      {
        source: { path: '/work-folder/kit.age' },
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
