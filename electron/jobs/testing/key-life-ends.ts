/** Where keys end: destroyed, retired with their artifact, and brought back from a copy. */
import { expect } from 'vitest'
import { parseIdentity } from '../../age/identity.ts'
import { by } from '../../catalog/testing/catalog-in-thread.ts'
import { identityFileText, readIdentityFile } from '../../keys/identity-file.ts'
import { importIdentities, importOne } from '../../keys/import-identities.ts'
import { transition } from '../../../shared/key-state.ts'
import {
  chosen,
  codeOf,
  isErased,
  isHere,
  type KeyLife,
  keysOf,
  type ModelKey,
  move,
  startJob,
  versionsOf,
} from './key-life.ts'

/** As the job does it: the journal first, then the keychain, then the proof. */
export async function destroy(life: KeyLife, key: ModelKey): Promise<void> {
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

/** Every key that the artifact ever had, whatever anybody decided: a leaked one, too. */
export async function retire(life: KeyLife, at: number): Promise<void> {
  const { catalog, secrets } = life
  const first = chosen(life.versions, at)
  if (first === undefined) return
  const { artifactId } = first
  const keys = keysOf(life, artifactId)
  // What stands half destroyed, or cannot be, is another test's.
  if (life.isLocked || life.keepsDeleted || keys.some(({ destroying }) => destroying !== null)) return
  const jobId = startJob(life, 'retire')
  const versions = versionsOf(life, artifactId).map(({ version }) => ({ artifactId, version }))
  const confirmed = { keyIds: keys.map(({ keyId }) => keyId), versions }
  catalog.retirementBegun({ jobId, artifactId, confirmed, by })
  for (const key of keys) {
    const { keyId } = key
    if (key.state === 'destroyed') continue
    if (key.state === 'active') move(key, 'suspended')
    const wasPresent = (await secrets.presence(keyId)) === 'present'
    const step = { jobId, keyId, wasPresent, reason: 'retired', by }
    catalog.keyDestroying({ ...step, confirmed: versions })
    await secrets.destroy(keyId)
    catalog.keyDestroyed({ ...step, facts: {} })
    move(key, 'destroyed')
  }
  // The date has done its work.
  life.retiring.delete(artifactId)
  for (const key of keys) key.scheduled = null
  const certificate = {
    artifactName: first.artifactId,
    at: 0,
    statement: '{}',
    signature: '',
    publicKeyPem: '',
  }
  catalog.retirementCompleted({
    jobId,
    artifactId,
    triedToOpen: versions.map(({ version }) => version),
    certificate,
    outcome: 'Retired',
    report: [],
    by,
  })
}

export async function exportKey(life: KeyLife, key: ModelKey): Promise<void> {
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

const fileTextOf = (key: ModelKey): string =>
  identityFileText({
    keyId: key.keyId,
    artifactId: null,
    artifactName: key.name,
    alias: 'a key',
    recipient: parseIdentity(key.secret).recipient().text,
    exportedAt: new Date(0),
    secret: key.secret,
  })

export async function importKey(life: KeyLife, key: ModelKey): Promise<void> {
  if (!key.exported) return
  const deps = { catalog: life.asCatalog, secrets: life.secrets }
  const bytes = Buffer.from(fileTextOf(key))
  const origin = { importedFrom: '/mnt/k.txt', reverseDestroyed: key.name, by }
  const failed = await codeOf(() => importIdentities(deps, { bytes, passphrase: null, ...origin }))
  expect(failed === null).toBe(!life.isLocked && key.destroying === null)
  if (failed === null) isBack(key)
}

/** Every key that was exported, from one kit: each as it stands, and destroyed ones only under the typed name. */
export async function restoreKit(life: KeyLife, reversed: number): Promise<void> {
  const keys = [...life.keys.values()].filter(({ exported }) => exported)
  const deps = { catalog: life.asCatalog, secrets: life.secrets }
  if (keys.length === 0) return
  const typed = `model-${reversed}.pkl`
  const found = await readIdentityFile(Buffer.from(keys.map(fileTextOf).join('\n')), null)
  for (const [n, key] of keys.entries()) {
    const one = found[n]
    if (one === undefined) throw new Error('it is in the kit')
    const origin = { importedFrom: '/mnt/kit.age', isKit: true, reverseDestroyed: [typed], by }
    const failed = await codeOf(() => importOne(deps, one, origin))
    const isRefused = key.destroying !== null || (key.state === 'destroyed' && key.name !== typed)
    expect(failed === null).toBe(!life.isLocked && !isRefused)
    if (failed === null) isBack(key)
  }
}

function isBack(key: ModelKey): void {
  key.lost = false
  // By name and audited: no move of the table. What leaked stays leaked.
  if (key.state === 'destroyed') key.state = key.leaked ? 'compromised' : 'suspended'
}
