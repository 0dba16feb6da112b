import { describe, expect, it } from 'vitest'
import { failed } from '../../shared/failure.ts'
import { StoreId, newId } from '../../shared/ids.ts'
import { artifactRow, jobId, jobView, keyRow, storeInfo } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { printed, run } from './testing/run.ts'

const artifact = artifactRow(1)
const here = { storeId: artifact.storeId, store: 'Local', objectName: 'a.age', location: '/s/a.age' }
const nas = storeInfo(2, { name: 'nas', storeId: newId(StoreId) })
const inNas = { storeId: nas.storeId, store: 'nas', objectName: 'a.age', location: '/nas/a.age' }

const version = (objects: (typeof here)[]) => ({
  version: 1,
  plaintextBytes: 1,
  ciphertextBytes: 300,
  encryptedAt: 0,
  fingerprint: artifact.fingerprint,
  rootDigest: null,
  digestAlgorithm: '',
  status: 'stored' as const,
  taintedBy: [],
  keyIds: [artifact.keyId],
  objects: objects.map((object) => ({ ...object, state: 'present' as const })),
  checkedAt: null,
  checkedHow: null,
  note: null,
})

const owner = (objects = [here], over: FakeHandlers = {}): FakeHandlers => ({
  'artifacts:find': () => artifact,
  'artifacts:show': () => ({
    artifact,
    createdAt: 0,
    versions: [version(objects)],
    keys: [keyRow(1)],
    keyEvents: [],
    summary: null,
  }),
  'stores:list': () => ({ stores: [storeInfo(1, { storeId: here.storeId, name: 'Local' }), nas] }),
  'artifacts:copy': () => ({ jobIds: [jobId(1)] }),
  'artifacts:delete': () => ({ jobIds: [jobId(1)] }),
  'artifacts:deletion': () => ({
    name: artifact.name,
    store: 'Local',
    keyState: 'active',
    objects: [{ version: 1, objectName: 'a.age', location: '/s/a.age', sizeBytes: 300 }],
    remaining: [],
    keepsObjectVersions: false,
  }),
  'jobs:wait': () => ({
    jobs: [
      jobView(1, { kind: 'copy', outcome: 'Copied and verified', report: ['Version 1: Local → nas, a.age'] }),
    ],
    artifacts: [],
  }),
  ...over,
})

describe('weightlock copy and move', () => {
  it.each(['copy', 'move'])('%s asks for the store by name, and prints the promised fields', async (word) => {
    const argv = [word, artifact.name, '--to', 'nas', '--artifact-version', '1', '--json']
    const ran = await run(argv, owner([here, inNas]))
    expect(ran.owner.requestsOf('artifacts:copy')).toEqual([
      {
        items: [{ artifactId: artifact.artifactId, fromStoreId: null }],
        storeId: nas.storeId,
        version: 1,
        move: word === 'move',
      },
    ])
    expect(ran.result).toEqual({
      ok: true,
      value: {
        artifact: printed(artifact),
        objects: [
          { version: 1, ...here, state: 'present' },
          { version: 1, ...inNas, state: 'present' },
        ],
        outcome: 'Copied and verified',
        report: ['Version 1: Local → nas, a.age'],
      },
    })
  })

  it('exits with 4 where the source did not verify, and says what became of the rest', async () => {
    const failure = { code: 'verify/altered', name: artifact.name } as const
    const jobs = [jobView(1, { kind: 'copy', state: 'failed', failure, outcome: '0 of 1 version copied' })]
    const ran = await run(
      ['copy', artifact.name, '--to', 'nas', '--json'],
      owner([here], { 'jobs:wait': () => ({ jobs, artifacts: [] }) }),
    )
    expect(ran.code).toBe(4)
    expect(ran.result).toMatchObject({ ok: false, failure, value: { outcome: '0 of 1 version copied' } })
  })

  it('needs a store, and a version that is a number', async () => {
    expect((await run(['copy', 'x'], owner())).error).toContain('copy needs --to STORE')
    expect((await run(['move', 'x', '--to', 'nas', '--artifact-version', 'two'], owner())).code).toBe(2)
  })
})

describe('weightlock delete', () => {
  const typed = ['delete', artifact.name, '--confirm-name', artifact.name]

  it('deletes from the only store, names what goes first, and never speaks of the key as destroyed', async () => {
    const ran = await run([...typed, '--object-versions'], owner())
    expect(ran.owner.requestsOf('artifacts:delete')).toEqual([
      {
        items: [{ artifactId: artifact.artifactId, storeId: here.storeId }],
        version: null,
        objectVersions: true,
        confirmName: artifact.name,
      },
    ])
    expect(ran.error).toContain('Deleting from Local: a.age · v1 · 300 B')
    expect((await run(['delete', '--help'], {})).out).toContain('its key is not destroyed')
  })

  it('asks which store is meant where it lies in several', async () => {
    const { result, owner: asked } = await run([...typed, '--json'], owner([here, inNas]))
    expect(result).toEqual(
      failed({ code: 'artifact/in-several-stores', name: artifact.name, stores: ['Local', 'nas'] }),
    )
    expect(asked.requestsOf('artifacts:delete')).toEqual([])
    const named = await run([...typed, '--store', 'nas', '--json'], owner([here, inNas]))
    expect(named.owner.requestsOf('artifacts:delete')).toMatchObject([{ items: [{ storeId: nas.storeId }] }])
  })

  it('deletes nothing whose name was typed wrongly', async () => {
    const ran = await run(['delete', artifact.name, '--confirm-name', 'x', '--json'], owner())
    expect(ran.result).toEqual(failed({ code: 'confirm/name-mismatch', expected: artifact.name }))
    expect(ran.owner.requestsOf('artifacts:delete')).toEqual([])
  })
})
