/** Every operation that changes several things changes all of them or nothing, wherever in the middle it fails. */
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, vi } from 'vitest'
import { ArtifactId, JobId, KeyId, newId, type StoreId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  encrypt,
  finishedVersion,
  makeKey,
  reserve,
  startJob,
} from './testing/catalog-in-thread.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

/** Prepares what an operation needs. @returns the operation */
type Scenario = (catalog: CatalogInThread, storeId: StoreId) => () => unknown

const scenarios: Record<string, Scenario> = {
  addStore: (catalog) => () => addStore(catalog, 'another'),
  insertJob: (catalog) => {
    const links = { artifactId: null, keyId: null }
    const texts = { title: '', target: '', totalBytes: 0 }
    return () => catalog.insertJob({ jobId: newId(JobId), kind: 'verify', spec: {}, by, ...links, ...texts })
  },
  reserveVersion: (catalog, storeId) => {
    const jobId = startJob(catalog)
    return () => reserve(catalog, storeId, 'new.pkl', { jobId })
  },
  keyPreActivated: (catalog, storeId) => {
    const reservation = reserve(catalog, storeId, 'new.pkl')
    return () => makeKey(catalog, reservation)
  },
  encryptCompleted: (catalog, storeId) => {
    const reservation = reserve(catalog, storeId, 'new.pkl')
    const version = finishedVersion(reservation, makeKey(catalog, reservation))
    return () =>
      catalog.encryptCompleted({ ...version, activateKey: true, end: { outcome: 'done', report: [] } })
  },
  encryptUnresolved: (catalog, storeId) => {
    const reservation = reserve(catalog, storeId, 'new.pkl')
    const version = finishedVersion(reservation, makeKey(catalog, reservation))
    return () => catalog.encryptUnresolved({ ...version, safe: '' })
  },
  keyCopyRecorded: (catalog, storeId) => {
    const { keyId } = encrypt(catalog, storeId, 'one.pkl')
    const copy = { keyId, place: 'export', where: '/key.txt', state: 'present' } as const
    return () => catalog.keyCopyRecorded({ ...copy, jobId: null, by })
  },
  keyImported: (catalog) => {
    const key = {
      keyId: newId(KeyId),
      algorithm: 'X25519',
      recipient: 'age1x',
      backend: '',
      artifactId: null,
    } as const
    return () => catalog.keyImported({ ...key, importedFrom: '/key.txt', reverseDestroyed: false, by })
  },
  keysLeftBehind: (catalog, storeId) => {
    encrypt(catalog, storeId, 'one.pkl')
    encrypt(catalog, storeId, 'two.pkl')
    return () => catalog.keysLeftBehind()
  },
  keyDestroying: (catalog, storeId) => {
    const { keyId } = encrypt(catalog, storeId, 'one.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    return () => catalog.keyDestroying({ jobId, keyId, wasPresent: true, reason: 'asked', by })
  },
  keyDestroyed: (catalog, storeId) => {
    const { keyId } = encrypt(catalog, storeId, 'one.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    return () => catalog.keyDestroyed({ jobId, keyId, wasPresent: false, reason: 'asked', facts: {}, by })
  },
  keyDestroyCompleted: (catalog, storeId) => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'one.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    catalog.keyDestroyed({ jobId, keyId, wasPresent: true, reason: 'asked', facts: {}, by })
    const end = { triedToOpen: [{ artifactId, version: 1 }], outcome: '', report: [] }
    return () => catalog.keyDestroyCompleted({ jobId, keyId, by, ...end })
  },
  repinVersion: (catalog, storeId) => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'one.pkl')
    return () => catalog.repinVersion({ artifactId, version: 1, fingerprint: 'ab', keyId, note: '', by })
  },
  updateObjectLocation: (catalog, storeId) => {
    const { artifactId } = encrypt(catalog, storeId, 'one.pkl')
    const move = { storeId, from: 'one.pkl.age', to: 'two.pkl.age', revision: '' }
    return () => catalog.updateObjectLocation({ artifactId, version: 1, by, ...move })
  },
  rebuildInsert: (catalog, storeId) => {
    const jobId = startJob(catalog, 'rebuild')
    const key = { keyId: newId(KeyId), algorithm: 'X25519', recipient: 'age1x', backend: '' } as const
    const object = {
      storeId,
      objectName: 'found.age',
      sizeBytes: 5,
      revision: '',
      modifiedAt: 1,
    }
    const found = {
      ...key,
      ...object,
      artifactId: newId(ArtifactId),
      name: 'found',
      version: 1,
      isFolder: false,
      plaintextBytes: 1,
      fingerprint: 'ab',
      nonce: 'cd',
      summary: null,
      ownership: 'reader',
    } as const
    return () => catalog.rebuildInsert({ jobId, found: [found], by })
  },
  scanFinished: (catalog, storeId) => {
    encrypt(catalog, storeId, 'one.pkl')
    catalog.clock.now += 1
    const { scanId } = catalog.scanStarted(storeId)
    catalog.scanPage(scanId, [{ name: 'foreign.txt', sizeBytes: 1, modifiedAt: 1, isAgeFile: false }])
    return () => catalog.scanFinished(scanId)
  },
}

const tables = [
  'stores',
  'artifacts',
  'keys',
  'key_copies',
  'key_events',
  'payloads',
  'wraps',
  'versions',
  'objects',
  'foreign_objects',
  'reservations',
  'jobs',
  'job_steps',
  'artifact_list',
  'audit',
] as const
const changes = ['INSERT', 'UPDATE', 'DELETE'] as const

const dump = (db: DatabaseSync): unknown[] => [
  ...tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()),
  db.prepare('SELECT rowid FROM search').all(),
]

/** Which tables the operation changes, and how. */
function changesOf(scenario: Scenario): string[] {
  const catalog = catalogInThread()
  const run = scenario(catalog, addStore(catalog))
  const shell = new DatabaseSync(catalog.path)
  shell.exec('CREATE TABLE hits (hit TEXT PRIMARY KEY)')
  for (const table of tables)
    for (const change of changes)
      shell.exec(`CREATE TRIGGER hit_${table}_${change} BEFORE ${change} ON ${table}
        BEGIN INSERT OR IGNORE INTO hits VALUES ('${change} ON ${table}'); END`)
  run()
  const hits = shell.prepare('SELECT hit FROM hits').all()
  shell.close()
  catalog.dispose()
  return hits.map(({ hit }) => String(hit))
}

describe.each(Object.entries(scenarios))('%s', (_name, scenario) => {
  it('leaves nothing behind, whichever of its changes fails, and can be done again', () => {
    const hits = changesOf(scenario)
    const catalog = catalogInThread()
    const run = scenario(catalog, addStore(catalog))
    const shell = new DatabaseSync(catalog.path)
    const before = dump(shell)
    expect(hits.length).toBeGreaterThan(0)
    for (const hit of hits) {
      shell.exec(`CREATE TRIGGER boom BEFORE ${hit} BEGIN SELECT RAISE(ABORT, 'boom'); END`)
      expect(run).toThrow('boom')
      shell.exec('DROP TRIGGER boom')
      expect({ hit, left: dump(shell) }).toEqual({ hit, left: before })
    }
    run()
    expect(dump(shell)).not.toEqual(before)
    shell.close()
    catalog.dispose()
  })
})
