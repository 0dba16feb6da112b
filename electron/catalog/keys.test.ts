import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { KeyId, newId, type StoreId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  destroyKey,
  encrypt,
  finishedVersion,
  makeKey,
  reserve,
  startJob,
} from './testing/catalog-in-thread.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

const dayMs = 86_400_000
let catalog: CatalogInThread
let storeId: StoreId
beforeEach(() => {
  catalog = catalogInThread()
  storeId = addStore(catalog)
})
afterEach(() => catalog.dispose())

const list = (more: Partial<Parameters<CatalogInThread['listKeys']>[0]> = {}) =>
  catalog.listKeys({
    query: '',
    filter: 'all',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
    ...more,
  })
const aliases = (more?: Parameters<typeof list>[0]) => list(more).rows.map(({ alias }) => alias)

describe('the inventory', () => {
  it('shows a key with its dates, what it protects and where it is', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'fraud/model.pkl')
    const row = catalog.keyRow(keyId)
    expect(row).toEqual({
      keyId,
      alias: 'model.pkl · key 1',
      number: 1,
      state: 'active',
      algorithm: 'X25519',
      createdAt: catalog.clock.now,
      activatedAt: catalog.clock.now,
      inactiveAt: null,
      compromisedAt: null,
      destroyAt: null,
      isMissing: false,
      rotationDueAt: catalog.clock.now + 90 * dayMs,
      cryptoPeriodDays: 90,
      artifactId,
      artifactName: 'fraud/model.pkl',
      protects: 1,
      protectsBytes: 1245,
      backend: 'GNOME Keyring',
      copiesElsewhere: 0,
      places: ['keychain'],
    })
    expect(list().rows).toEqual([row])
    expect(catalog.artifactKeys(artifactId)).toEqual([row])
    expect(catalog.keyByRecipient(`age1${keyId}`)?.keyId).toBe(keyId)
    expect(catalog.usableKeys(null, 10).map((key) => key.keyId)).toEqual([keyId])
    expect(catalog.usableKeys(keyId, 10)).toEqual([])
  })

  it('filters and counts by what is due and of no use', () => {
    const old = encrypt(catalog, storeId, 'old.pkl')
    catalog.clock.now += 83 * dayMs
    encrypt(catalog, storeId, 'new.pkl')
    makeKey(catalog, reserve(catalog, storeId, 'coming.pkl'))
    expect(aliases({ filter: 'rotation-due' })).toEqual(['old.pkl · key 1'])
    expect(aliases({ filter: 'compromised' })).toEqual([])
    expect(aliases({ filter: 'protects-nothing' })).toEqual(['coming.pkl · key 1'])
    expect(list().counts).toEqual({
      all: 3,
      'rotation-due': 1,
      compromised: 0,
      scheduled: 0,
      'protects-nothing': 1,
    })
    expect(catalog.keyRow(old.keyId).rotationDueAt).toBe(old.facts.encryptedAt + 90 * dayMs)
    expect(catalog.counts().rotationDue).toBe(1)
    catalog.setSettings({ settings: { cryptoPeriodDays: 365 }, by })
    expect(list().counts['rotation-due']).toBe(0)
    // However short the period, a key that was just made is not due.
    catalog.setSettings({ settings: { cryptoPeriodDays: 1 }, by })
    expect(aliases({ filter: 'rotation-due' })).toEqual(['old.pkl · key 1'])
  })

  it('sorts and searches by artifact, number and id', () => {
    const a = encrypt(catalog, storeId, 'alpha 100%.pkl')
    catalog.clock.now += dayMs
    encrypt(catalog, storeId, 'beta_1.onnx', { facts: {} })
    expect(aliases({ sort: { by: 'name', descending: true } })).toEqual([
      'beta_1.onnx · key 1',
      'alpha 100%.pkl · key 1',
    ])
    expect(aliases({ sort: { by: 'age', descending: true } })[0]).toBe('alpha 100%.pkl · key 1')
    expect(aliases({ query: '0%' })).toEqual(['alpha 100%.pkl · key 1'])
    expect(aliases({ query: 'a_1' })).toEqual(['beta_1.onnx · key 1'])
    expect(aliases({ query: 'ALPHA key' })).toEqual(['alpha 100%.pkl · key 1'])
    expect(aliases({ query: a.keyId.slice(3, 20) })).toEqual(['alpha 100%.pkl · key 1'])
    expect(aliases({ query: `'; DROP TABLE keys; --` })).toEqual([])
  })

  it('is drawn in lanes of 26 twentieths', () => {
    const { keyId } = encrypt(catalog, storeId, 'a.pkl')
    encrypt(catalog, storeId, 'b.pkl')
    catalog.clock.now += 45 * dayMs
    const jobId = startJob(catalog, 'destroy-key')
    catalog.keyDestroying({ jobId, keyId, wasPresent: true, reason: 'retired', by })
    catalog.clock.now += 400 * dayMs
    const lanes = new Map(catalog.keysPicture().lanes.map((lane) => [lane.state, lane]))
    expect(lanes.get('suspended')?.bins.indexOf(1)).toBe(10)
    expect(lanes.get('active')?.bins.indexOf(1)).toBe(25)
    expect(lanes.get('active')?.bins).toHaveLength(26)
    expect(lanes.get('active')?.count).toBe(1)
  })

  it('leaves out what a cancelled job made and took back', () => {
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const keyId = makeKey(catalog, reservation)
    const step = { jobId: reservation.jobId, keyId, wasPresent: true, reason: 'cancelled', by }
    catalog.keyDestroying(step)
    catalog.keyDestroyed({ ...step, facts: {} })
    catalog.setJobState(reservation.jobId, 'cancelled')
    expect(list()).toMatchObject({ total: 0, rows: [] })
    expect(catalog.keyRecord(keyId)?.state).toBe('destroyed')
    expect(catalog.counts().keys).toBe(list().counts.all)
  })
})

describe('a change of state', () => {
  it('is dated, has a reason, and stands in the key’s history and in the audit log', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    catalog.clock.now += dayMs
    const head = catalog.auditHead()
    const jobId = startJob(catalog, 'destroy-key')
    catalog.keyDestroying({ jobId, keyId, wasPresent: true, reason: 'retired', by })
    expect(catalog.keyDetails(keyId).events.at(-1)).toEqual({
      at: catalog.clock.now,
      event: 'key-destroying',
      from: 'active',
      to: 'suspended',
      reason: 'retired',
      who: 'dana.k',
    })
    expect(catalog.auditRange(head.entries + 1, 10)).toMatchObject([
      {
        event: 'key-destroying',
        on: 'model.pkl · key 1',
        facts: { from: 'active', to: 'suspended', reason: 'retired' },
      },
    ])
  })

  it('that the table of states does not have is refused, names both, and leaves no trace', () => {
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const keyId = makeKey(catalog, reservation)
    const { jobId } = reservation
    catalog.keyDestroyed({ jobId, keyId, wasPresent: true, reason: 'taken back', facts: {}, by })
    const head = catalog.auditHead()
    const activate = () =>
      catalog.encryptCompleted({ ...finishedVersion(reservation, keyId), activateKey: true, end: null })
    const failure = { code: 'key/illegal-transition', from: 'destroyed', to: 'active' }
    expect(activate).toThrow(expect.objectContaining({ failure }))
    expect(catalog.auditHead()).toEqual(head)
  })
})

describe('copies', () => {
  it('count those outside the keychain that are not known to be gone', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'model.pkl')
    const copy = { keyId, place: 'export', where: '/home/dana/key.txt', jobId: null, by } as const
    catalog.keyCopyRecorded({ ...copy, state: 'present' })
    catalog.keyCopyRecorded({ ...copy, state: 'present' })
    expect(catalog.keyRow(keyId)).toMatchObject({ copiesElsewhere: 1, places: ['export', 'keychain'] })
    expect(catalog.artifactRow(artifactId).copiesElsewhere).toBe(1)
    catalog.keyCopyRecorded({ ...copy, state: 'found-missing' })
    expect(catalog.keyRow(keyId).copiesElsewhere).toBe(0)
    expect(catalog.keyDetails(keyId).copies).toMatchObject([
      { place: 'keychain', where: `Weightlock/${keyId}`, state: 'present' },
      { place: 'export', where: '/home/dana/key.txt', state: 'found-missing' },
    ])
    const events = catalog.auditRange(1, 100).map(({ event }) => event)
    expect(events.slice(-3)).toEqual(['key-exported', 'key-exported', 'key-copy-missing'])
  })

  it('of the keychain have one name, whatever the caller calls it', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    catalog.keyCopyRecorded({ keyId, place: 'keychain', where: 'x', state: 'present', jobId: null, by })
    expect(catalog.keyDetails(keyId).copies).toHaveLength(1)
  })
})

describe('an import', () => {
  const key = (keyId: KeyId) => ({
    keyId,
    algorithm: 'X25519' as const,
    recipient: `age1${keyId}`,
    backend: 'GNOME Keyring',
    artifactId: null,
    importedFrom: '/media/usb/key.txt',
    by,
  })

  it('comes suspended, with the file as a copy elsewhere', () => {
    const keyId = newId(KeyId)
    catalog.keyImported({ ...key(keyId), reverseDestroyed: false })
    expect(catalog.keyRow(keyId)).toMatchObject({
      alias: `key ${keyId.slice(0, 8)}`,
      state: 'suspended',
      artifactName: null,
      copiesElsewhere: 1,
    })
    expect(() => catalog.keyImported({ ...key(keyId), reverseDestroyed: true })).toThrow('key/already-known')
  })

  it('brings a destroyed key back only when asked by name, and says so in its history', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'model.pkl')
    destroyKey(catalog, keyId)
    expect(catalog.artifactRow(artifactId).status).toBe('erased')
    expect(() => catalog.keyImported({ ...key(keyId), reverseDestroyed: false })).toThrow('key/destroyed')
    catalog.keyImported({ ...key(keyId), reverseDestroyed: true })
    expect(catalog.keyDetails(keyId).events.at(-1)).toMatchObject({
      event: 'key-destruction-reversed',
      from: 'destroyed',
      to: 'suspended',
    })
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'stored', keyState: 'suspended' })
    expect(catalog.keyRow(keyId).protects).toBe(1)
  })
})

describe('what dies with a key', () => {
  it('is every version that no other key opens', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    encrypt(catalog, storeId, 'model.pkl')
    const impact = catalog.keyImpact(one.keyId)
    expect(impact).toMatchObject({ confirmName: 'model.pkl', stillOpen: [], copiesElsewhere: 0 })
    expect(impact.goneForGood.map(({ version }) => version)).toEqual([2, 1])
  })

  it('is what only a closed header’s key opened, and its payload is erased with the last key that wrapped it', () => {
    const { artifactId, keyId } = encrypt(catalog, storeId, 'model.pkl')
    const other = newId(KeyId)
    const imported = { algorithm: 'X25519', recipient: 'age1x', backend: '', importedFrom: 'f' } as const
    catalog.keyImported({ ...imported, keyId: other, artifactId, reverseDestroyed: false, by })
    const fingerprint = 'ab'.repeat(32)
    catalog.repinVersion({ artifactId, version: 1, fingerprint, keyId: other, note: 'wrapped elsewhere', by })
    expect(catalog.keyImpact(other)).toMatchObject({
      goneForGood: [{ version: 1 }],
      stillOpen: [],
    })
    expect(catalog.keyImpact(keyId)).toMatchObject({
      goneForGood: [],
      stillOpen: [{ version: 1, alsoOpensWith: [{ keyId: other, name: 'key 2' }] }],
    })
    expect(destroyKey(catalog, other).erased).toEqual([])
    expect(catalog.artifactRow(artifactId)).toMatchObject({ status: 'erased' })
    expect(catalog.artifactDetails(artifactId).summary).not.toBeNull()
    expect(catalog.keyImpact(keyId).goneForGood).toHaveLength(1)
    expect(destroyKey(catalog, keyId).erased).toEqual([{ artifactId, name: 'model.pkl', version: 1 }])
    expect(catalog.artifactRow(artifactId).status).toBe('erased')
  })
})

describe('a destruction', () => {
  it('is announced, carried out and proved, each once however often it is told', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    const step = { jobId, keyId, wasPresent: true, reason: 'retired', by }
    for (let times = 0; times < 2; times++) catalog.keyDestroying(step)
    expect(catalog.artifactRow(artifactId).status).toBe('stored')
    for (let times = 0; times < 2; times++) catalog.keyDestroyed({ ...step, facts: { readBack: 'empty' } })
    const end = {
      triedToOpen: [{ artifactId, version: 1 }],
      outcome: 'Destroyed',
      report: ['x'],
    }
    const first = catalog.keyDestroyCompleted({ jobId, keyId, by, ...end })
    expect(catalog.keyDestroyCompleted({ jobId, keyId, by, ...end })).toEqual(first)
    expect(catalog.steps(jobId).map((each) => each.step)).toEqual(['begin', 'destroying', 'destroyed', 'end'])
    expect(catalog.getJob(jobId)).toMatchObject({ state: 'done', outcome: 'Destroyed', report: ['x'] })
    expect(catalog.keyRow(keyId)).toMatchObject({
      state: 'destroyed',
      protects: 0,
      places: [],
      rotationDueAt: null,
    })
    expect(catalog.artifactRow(artifactId)).toMatchObject({
      status: 'erased',
      keyState: 'destroyed',
      kindLabel: '',
    })
    expect(catalog.artifactDetails(artifactId).summary).toBeNull()
    expect(
      catalog
        .auditRange(1, 100)
        .map(({ event }) => event)
        .slice(5),
    ).toEqual([
      'key-destroying',
      'key-destroyed',
      'artifact-erased',
      'opening-failed-as-it-must',
      'inspection-forgotten',
    ])
    expect(() => catalog.keyDestroying({ ...step, jobId: startJob(catalog, 'destroy-key') })).toThrow(
      'key/destroyed',
    )
  })

  it('that is announced takes the key out of use at once', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    catalog.keyDestroying({ jobId, keyId, wasPresent: true, reason: 'retired', by })
    expect(catalog.keyRow(keyId).state).toBe('suspended')
    expect(catalog.keyDetails(keyId).events.at(-1)).toMatchObject({
      event: 'key-destroying',
      to: 'suspended',
    })
  })

  it('refuses to take more than was confirmed, also when it is asked again', () => {
    const { keyId, artifactId } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    const step = { jobId, keyId, wasPresent: true, reason: 'retired', by }
    const one = { artifactId, version: 1 }
    expect(() => catalog.keyDestroying({ ...step, confirmed: [] })).toThrow('key/protects-more')
    expect(catalog.keyRow(keyId).state).toBe('active')
    catalog.keyDestroying({ ...step, confirmed: [one] })
    expect(() => catalog.keyDestroying({ ...step, confirmed: [] })).toThrow('key/protects-more')
    catalog.keyDestroying({ ...step, confirmed: [one] })
  })

  it('is refused while a version is being stored, which is refused once the key is gone', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    const reservation = reserve(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    const step = { jobId, keyId, wasPresent: true, reason: 'retired', by }
    const destroy = () => catalog.keyDestroying(step)
    expect(destroy).toThrow(
      expect.objectContaining({
        failure: {
          code: 'key/still-protects',
          keyId,
          jobs: [expect.objectContaining({ kind: 'encrypt', title: 'model.pkl', state: 'running' })],
        },
      }),
    )
    expect(catalog.keyRow(keyId).state).toBe('active')
    catalog.keyDestroyed({ ...step, facts: {} })
    const version = finishedVersion(reservation, keyId)
    expect(() => catalog.encryptCompleted({ ...version, activateKey: false, end: null })).toThrow(
      'key/not-active',
    )
  })

  it('of a secret that was missing says so', () => {
    const { keyId } = encrypt(catalog, storeId, 'model.pkl')
    const jobId = startJob(catalog, 'destroy-key')
    const step = { jobId, keyId, wasPresent: false, reason: 'retired', by }
    catalog.keyDestroying(step)
    catalog.keyDestroyed({ ...step, facts: {} })
    expect(catalog.keyDetails(keyId).copies[0]?.state).toBe('found-missing')
    expect(catalog.auditRange(1, 100).at(-1)?.event).toBe('key-found-missing')
  })

  it('makes the next version take a new key', () => {
    const one = encrypt(catalog, storeId, 'model.pkl')
    destroyKey(catalog, one.keyId)
    const reservation = reserve(catalog, storeId, 'model.pkl')
    expect(reservation).toMatchObject({ artifactId: one.artifactId, version: 2, activeKeyId: null })
    const keyId = makeKey(catalog, reservation)
    catalog.encryptCompleted({ ...finishedVersion(reservation, keyId), activateKey: true, end: null })
    expect(catalog.keyRow(keyId)).toMatchObject({ alias: 'model.pkl · key 2', number: 2, protects: 1 })
    expect(catalog.artifactDetails(one.artifactId).versions.map(({ status }) => status)).toEqual([
      'stored',
      'erased',
    ])
  })
})
