/** What can happen to keys, as the property test plays it: each action says what it must come to, and does it. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { by, reserve } from '../../catalog/testing/catalog-in-thread.ts'
import { identityFileText } from '../../keys/identity-file.ts'
import { importIdentities } from '../../keys/import-identities.ts'
import { parseIdentity } from '../../age/identity.ts'
import { transition } from '../../../shared/key-state.ts'
import {
  codeOf,
  factsOf,
  isErased,
  keyNamedIn,
  type KeyLife,
  keysOf,
  makeKey,
  type ModelKey,
  newPayload,
  startJob,
  versionsOf,
  wrap,
} from './key-life.ts'

const pick = fc.nat({ max: 50 })
export const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('encrypt' as const),
      name: fc.nat({ max: 2 }),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'resume' as const), key: pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('rotate' as const),
      version: pick,
      method: fc.constantFrom('rewrap' as const, 're-encrypt' as const),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('revoke' as const),
      keys: fc.array(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('destroy' as const), key: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('give-up' as const), version: pick, incident: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('export' as const, 'import' as const), key: pick }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), key: pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('lock' as const, 'keep-deleted' as const), on: fc.boolean() }),
  },
)
export type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

/** Does one, and holds what came of it against the model. */
export async function carryOut(life: KeyLife, asked: Action): Promise<void> {
  switch (asked.do) {
    case 'encrypt':
      return encrypt(life, asked)
    case 'rotate':
      return rotate(life, asked)
    case 'revoke':
      return revoke(life, asked.keys)
    case 'give-up':
      return giveUp(life, asked)
    case 'lock':
      return lock(life, asked.on)
    case 'keep-deleted':
      life.keychain.keepDeleted(asked.on)
      life.keepsDeleted = asked.on
      return
    default:
      return toKey(life, asked)
  }
}

async function toKey(life: KeyLife, asked: Extract<Action, { key: number }>): Promise<void> {
  const key = chosen([...life.keys.values()], asked.key)
  if (key === undefined) return
  if (asked.do === 'suspend' || asked.do === 'resume') return rest(life, key, asked.do)
  if (asked.do === 'destroy') return destroy(life, key)
  if (asked.do === 'export') return exportKey(life, key)
  if (asked.do === 'import') return importKey(life, key)
  life.keychain.items.delete(`Weightlock/${key.keyId}`)
  key.lost = true
}

const chosen = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(1, from.length)]
const isHere = (life: KeyLife, key: ModelKey) => life.keychain.items.has(`Weightlock/${key.keyId}`)

/** Moves the model's key; the catalog must have done the same. */
function move(key: ModelKey, to: ModelKey['state']): void {
  expect(transition(key.state, to)).toEqual({ ok: true, value: to })
  key.state = to
}

function lock(life: KeyLife, on: boolean): void {
  life.isLocked = on
  if (on) life.keychain.lock()
  else life.keychain.unlock()
}

async function encrypt(life: KeyLife, asked: { name: number; fails: boolean }): Promise<void> {
  const { catalog, storeId } = life
  const name = `model-${asked.name}.pkl`
  const jobId = startJob(life, 'encrypt')
  const reservation = reserve(catalog, storeId, name, { jobId })
  const { artifactId, version } = reservation
  const active = keysOf(life, artifactId).find(({ state }) => state === 'active')
  expect(reservation.activeKeyId).toBe(active?.keyId ?? null)
  const payload = newPayload()
  let made: ModelKey | null = null
  const failed = await codeOf(async () => {
    made = active === undefined ? await makeKey(life, { jobId, artifactId, name }) : null
    const key = active ?? made
    if (!key) throw new Error('there is a key')
    const { header, fingerprint } = await wrap(life, key, payload)
    if (asked.fails) return
    const facts = factsOf(reservation, key.keyId, payload, fingerprint)
    catalog.encryptCompleted({
      ...facts,
      activateKey: active === undefined,
      end: { outcome: 'Stored', report: [] },
    })
    payload.wrappedBy.add(key.keyId)
    life.versions.push({ artifactId, version, payload, header, givenUpFor: new Set() })
    if (active === undefined) move(key, 'active')
  })
  expect(failed === null).toBe(!life.isLocked && (active === undefined || isHere(life, active)))
  if (failed === null && !asked.fails) return
  if (made) await takeBack(life, made, jobId)
  catalog.releaseReservation(jobId)
  catalog.setJobState(jobId, 'cancelled')
}

/** A job takes back the key that it made: nobody else has used it. */
async function takeBack(life: KeyLife, key: ModelKey, jobId: ReturnType<typeof startJob>): Promise<void> {
  const { catalog, secrets } = life
  const step = { jobId, keyId: key.keyId, wasPresent: true, reason: 'taken back', by }
  catalog.keyDestroying(step)
  const failed = await codeOf(() => secrets.destroy(key.keyId))
  expect(failed === null).toBe(!life.isLocked && !life.keepsDeleted)
  if (failed !== null) return
  catalog.keyDestroyed({ ...step, facts: {} })
  move(key, 'destroyed')
}

async function rest(life: KeyLife, key: ModelKey, what: 'suspend' | 'resume'): Promise<void> {
  const to = what === 'suspend' ? 'suspended' : 'active'
  const other = keysOf(life, key.artifactId).some(({ state }) => state === 'active')
  const legal =
    key.destroying === null &&
    (to === 'active' ? key.state === 'suspended' && !other : key.state === 'active')
  const failed = await codeOf(() => life.catalog.keyRested({ keyId: key.keyId, to, reason: 'asked', by }))
  expect(failed === null).toBe(legal)
  if (legal) move(key, to)
}

async function rotate(
  life: KeyLife,
  asked: { version: number; method: 'rewrap' | 're-encrypt'; fails: boolean },
): Promise<void> {
  const { catalog, storeId } = life
  const first = chosen(life.versions, asked.version)
  if (first === undefined) return
  const { artifactId } = first
  const versions = versionsOf(life, artifactId).filter((version) => !isErased(life, version))
  if (versions.length === 0) return
  const { name } = catalog.artifactRow(artifactId)
  const jobId = startJob(life, asked.method)
  let key: ModelKey | null = null
  const made = await codeOf(async () => {
    key = await makeKey(life, { jobId, artifactId, name })
  })
  expect(made === null).toBe(!life.isLocked)
  if (key === null) return void catalog.setJobState(jobId, 'cancelled')
  const fresh: ModelKey = key
  const planned: {
    version: (typeof versions)[number]
    header: Uint8Array
    payload: typeof first.payload
    fingerprint: string
  }[] = []
  for (const version of versions) {
    const payload = asked.method === 'rewrap' ? version.payload : newPayload()
    const { header, fingerprint } = await wrap(life, fresh, payload)
    const wrapped = { jobId, artifactId, version: version.version, keyId: fresh.keyId, fingerprint }
    if (asked.method === 'rewrap')
      catalog.headerPlanned({ ...wrapped, header: Buffer.from(header).toString('base64') })
    else {
      const nonce = Buffer.from(payload.nonce).toString('hex')
      const rest = { leafDigests: new Uint8Array(32), root: 'cd'.repeat(32), algorithm: 'blake3' }
      catalog.payloadPlanned({ ...wrapped, payload: { nonce, ...rest } })
    }
    planned.push({ version, header, payload, fingerprint })
  }
  if (asked.fails) {
    catalog.rotationTakenBack({ jobId, artifactId })
    await takeBack(life, fresh, jobId)
    return void catalog.setJobState(jobId, 'cancelled')
  }
  const { more } = catalog.rotationCompleted({
    jobId,
    method: asked.method,
    artifactId,
    keyId: fresh.keyId,
    reason: 'asked',
    versions: planned.map(({ version, fingerprint }) => ({
      version: version.version,
      fingerprint,
      objects: catalog
        .versionForOpening(artifactId, version.version)
        .objects.map(({ objectName, sizeBytes }) => ({
          storeId,
          objectName,
          sizeBytes,
          revision: jobId,
          checksum: null,
        })),
    })),
    outcome: 'Rotated',
    report: [],
    by,
  })
  expect(more).toEqual([])
  for (const { version, header, payload } of planned) {
    payload.wrappedBy.add(fresh.keyId)
    if (version.payload !== payload) version.givenUpFor.clear()
    Object.assign(version, { header, payload })
  }
  const before = keysOf(life, artifactId).find(({ state }) => state === 'active')
  if (before) move(before, 'deactivated')
  move(fresh, 'active')
}

function revoke(life: KeyLife, picked: readonly number[]): void {
  const all = [...life.keys.values()]
  const wanted = [...new Set(picked.flatMap((at) => chosen(all, at) ?? []))].filter(({ leaked }) => !leaked)
  if (wanted.length === 0) return
  const keyIds = wanted.map(({ keyId }) => keyId)
  const plan = life.catalog.compromisePlan({ keyIds, since: null })
  expect(plan.keys.map(({ keyId }) => keyId).toSorted()).toEqual(keyIds.toSorted())
  const exposed = life.versions.filter(
    (version) => !isErased(life, version) && keyIds.some((keyId) => version.payload.wrappedBy.has(keyId)),
  )
  expect(plan.payloads).toBe(exposed.length)
  const request = { keyIds, since: null, reason: 'leaked', count: keyIds.length, by }
  life.incidents.push({ incidentId: life.catalog.revokeKeys(request), keyIds })
  for (const key of wanted) {
    if (key.state !== 'destroyed') move(key, 'compromised')
    key.leaked = true
  }
}

function giveUp(life: KeyLife, asked: { version: number; incident: number }): void {
  const incident = chosen(life.incidents, asked.incident)
  const version = chosen(life.versions, asked.version)
  if (incident === undefined || version === undefined) return
  const { artifactId } = version
  const decided = { incidentId: incident.incidentId, artifactId, objectVersions: [], by }
  life.catalog.incidentGaveUp({ ...decided, versions: [version.version] })
  for (const keyId of incident.keyIds) version.givenUpFor.add(keyId)
}

/** As the job does it: the journal first, then the keychain, then the proof. */
async function destroy(life: KeyLife, key: ModelKey): Promise<void> {
  const { catalog, secrets } = life
  const { keyId } = key
  if (key.state === 'destroyed') {
    const jobId = startJob(life, 'destroy-key', keyId)
    const again = { jobId, keyId, wasPresent: true, confirmed: [], kept: [], reason: 'asked', by }
    expect(await codeOf(() => catalog.keyDestroying(again))).toBe('key/destroyed')
    return void catalog.setJobState(jobId, 'cancelled')
  }
  const impact = catalog.keyImpact(keyId)
  const jobId = key.destroying ?? startJob(life, 'destroy-key', keyId)
  const confirmed = impact.goneForGood.map(({ artifactId, version }) => ({ artifactId, version }))
  let wasPresent = false
  const failed = await codeOf(async () => {
    await secrets.ready()
    wasPresent = (await secrets.presence(keyId)) === 'present'
    catalog.keyDestroying({ jobId, keyId, wasPresent, confirmed, kept: [], reason: 'asked', by })
    key.destroying = jobId
    if (transition(key.state, 'suspended').ok) move(key, 'suspended')
    await secrets.destroy(keyId)
  })
  const inTheWay =
    key.state === 'compromised' &&
    life.versions.some(
      (version) =>
        version.payload.wrappedBy.has(keyId) && !isErased(life, version) && !version.givenUpFor.has(keyId),
    )
  const begun = key.destroying !== null
  const works = !life.isLocked && !(life.keepsDeleted && wasPresent)
  expect(failed === null).toBe(works && begun)
  if (!begun && !life.isLocked) expect(inTheWay ? failed : null).toBe(failed)
  if (failed !== null) return void catalog.setJobState(jobId, begun ? 'failed' : 'cancelled')
  catalog.keyDestroyed({ jobId, keyId, wasPresent, reason: 'asked', facts: {}, by })
  catalog.keyDestroyCompleted({ jobId, keyId, triedToOpen: [], outcome: 'Destroyed', report: [], by })
  move(key, 'destroyed')
  key.destroying = null
}

async function exportKey(life: KeyLife, key: ModelKey): Promise<void> {
  const failed = await codeOf(() => life.secrets.read(key.keyId))
  expect(failed === null).toBe(!life.isLocked && isHere(life, key))
  if (failed !== null) return
  const where = `/mnt/${key.keyId}.txt`
  life.catalog.keyCopyRecorded({
    keyId: key.keyId,
    place: 'export',
    where,
    state: 'present',
    jobId: null,
    by,
  })
  key.exported = true
}

async function importKey(life: KeyLife, key: ModelKey): Promise<void> {
  if (!key.exported) return
  const text = identityFileText({
    keyId: key.keyId,
    artifactName: key.name,
    alias: 'a key',
    recipient: parseIdentity(key.secret).recipient().text,
    exportedAt: new Date(0),
    secret: key.secret,
  })
  const deps = { catalog: life.asCatalog, secrets: life.secrets }
  const bytes = Buffer.from(text)
  const failed = await codeOf(() =>
    importIdentities(deps, {
      bytes,
      passphrase: null,
      importedFrom: '/mnt/k.txt',
      reverseDestroyed: key.name,
      by,
    }),
  )
  expect(failed === null).toBe(!life.isLocked && key.destroying === null)
  if (failed !== null) return
  key.lost = false
  // By name and audited: no move of the table. What leaked stays leaked.
  if (key.state === 'destroyed') key.state = key.leaked ? 'compromised' : 'suspended'
}

/** The key that a version's header names, as the model knows it. */
export const wrapperOf = (life: KeyLife, header: Uint8Array): ModelKey | undefined =>
  life.keys.get(keyNamedIn(header))
