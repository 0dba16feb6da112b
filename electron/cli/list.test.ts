import { describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import { printed, run } from './testing/run.ts'
import { artifactRow, storeId, storeInfo } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const listed = (
  artifacts: ArtifactRow[],
  foreign: string[] = [],
  archived: ArtifactRow[] = [],
): FakeHandlers => {
  const rows: StoreEntry[] = [
    ...artifacts.map((row) => ({ ...row, type: 'artifact' as const })),
    ...foreign.map((objectName) => ({
      type: 'foreign' as const,
      storeId: storeId(1),
      objectName,
      sizeBytes: 4100,
      modifiedAt: 0,
      isAgeFile: false,
    })),
  ]
  return {
    'stores:list': () => ({ stores: [storeInfo(1), storeInfo(2)] }),
    'artifacts:list': ({ offset, limit, archived: which }) => ({
      total: which === 'only' ? archived.length : rows.length,
      rows: (which === 'only' ? archived.map((row) => ({ ...row, type: 'artifact' as const })) : rows).slice(
        offset,
        offset + limit,
      ),
      artifacts: which === 'only' ? archived.length : artifacts.length,
      ciphertextBytes: 0,
      otherObjects: foreign.length,
    }),
  }
}

describe('weightlock list', () => {
  it('reads every page, 200 rows at a time', async () => {
    const artifacts = Array.from({ length: 450 }, (_, n) => artifactRow(n))
    const { result, owner } = await run(['list', '--json'], listed(artifacts))
    expect(result).toEqual({ ok: true, value: printed({ artifacts, others: [] }) })
    expect(owner.requestsOf('artifacts:list')).toMatchObject([
      { offset: 0 },
      { offset: 200 },
      { offset: 400 },
    ])
  })

  it('counts a row once that moved onto the next page while the list was read', async () => {
    const artifacts = Array.from({ length: 201 }, (_, n) => artifactRow(n))
    const all = listed(artifacts)
    let isMoved = false
    const { result } = await run(['list', '--json'], {
      ...all,
      'artifacts:list': (request) => {
        const shifted = isMoved ? listed([artifactRow(999), ...artifacts]) : all
        isMoved = true
        return shifted['artifacts:list']?.(request, undefined) ?? Promise.reject(new Error('none'))
      },
    })
    const rows = (result as { value: { artifacts: ArtifactRow[] } }).value.artifacts
    expect(new Set(rows.map(({ artifactId }) => artifactId)).size).toBe(rows.length)
  })

  it('passes on what is searched for, and where', async () => {
    const { owner } = await run(['list', 'fraud', '--store', 'store-2', '--json'], listed([]))
    expect(owner.requestsOf('artifacts:list')).toMatchObject([
      { query: 'fraud', storeId: storeId(2), deep: true, foreign: true },
    ])
  })

  it('aligns names for people, shows what is not ours, and what no key opens any more', async () => {
    const rows = [
      artifactRow(1, { name: 'bad\u202ename.pkl' }),
      artifactRow(2, { name: 'old.onnx', keyState: 'destroyed', copiesElsewhere: 2, status: 'erased' }),
    ]
    const { out } = await run(['list'], listed(rows, ['README.md']))
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^Name +Version {6}Size {2}Encrypted +Key +Store +Note$/),
      expect.stringMatching(/^bad\\u202ename\.pkl {2}v1 {7}148\.2 MB {2}\S+ Nov 2026, \d\d:42 {2}active/),
      expect.stringMatching(/^old\.onnx .* destroyed here, 2 copies elsewhere {2}Weightlock {2}erased$/),
      expect.stringMatching(/^README\.md .* 4\.1 kB .* — .*not Weightlock’s$/),
      '',
      '2 artifacts · 296.4 MB · 1 other object',
      '',
    ])
  })

  it('says so when there is nothing', async () => {
    expect((await run(['list'], listed([]))).out).toBe('Nothing is stored here yet.\n')
    expect((await run(['list', 'zzz'], listed([]))).out).toBe('Nothing matches “zzz”.\n')
    expect((await run(['list', '--store', 'store-2'], listed([]))).out).toBe(
      'Nothing is stored in store-2 yet.\n',
    )
  })

  it('says when a key is to be destroyed', async () => {
    const keyDestroyAt = Date.UTC(2026, 11, 1, 12)
    const rows = [artifactRow(1, { keyState: 'suspended', keyDestroyAt })]
    const { out } = await run(['list'], listed(rows))
    expect(out).toContain('  scheduled, destroys 1 Dec 2026  ')
    expect(out).not.toContain('suspended')
  })

  it('counts what is archived beneath the list, and lists it where that is asked', async () => {
    const archived = [artifactRow(7, { isArchived: true })]
    const { out } = await run(['list'], listed([artifactRow(1)], [], archived))
    expect(out).not.toContain('model-7.pkl')
    expect(out).toContain('1 artifact · 148.2 MB · 1 archived (--archived lists them)\n')
    const only = await run(['list', '--archived'], listed([artifactRow(1)], ['README.md'], archived))
    expect(only.out).toContain('model-7.pkl')
    expect(only.out).not.toContain('model-1.pkl')
    expect(only.out).toContain('\n1 artifact · 148.2 MB\n')
    expect(only.owner.requestsOf('artifacts:list')).toMatchObject([{ archived: 'only', foreign: false }])
    expect((await run(['list', '--archived'], listed([]))).out).toBe('Nothing is archived here.\n')
    expect((await run(['list'], listed([], [], archived))).out).toBe(
      '0 artifacts · 0 B · 1 archived (--archived lists them)\n',
    )
  })

  it('tells apart by their ids what has one name', async () => {
    const rows = [artifactRow(1, { name: 'twin' }), artifactRow(2, { name: 'twin' }), artifactRow(3)]
    const { out } = await run(['list'], listed(rows))
    expect(out).toContain(artifactRow(1).artifactId)
    expect(out).toContain(artifactRow(2).artifactId)
    expect(out).not.toContain(artifactRow(3).artifactId)
  })

  it('cuts long names in their middle on a terminal only', async () => {
    const name = `${'n'.repeat(230)}.safetensors`
    const rows = listed([artifactRow(1, { name })])
    expect((await run(['list'], rows)).out).toContain(name)
    const { out } = await run(['list'], rows, { isTerminal: true })
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThan(120)
    expect(out).toMatch(/n….*\.safetensors/)
  })
})
