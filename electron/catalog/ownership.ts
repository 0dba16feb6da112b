/** Whose artifact it is: pins of what was read in full, and the installation that rotates and retires it
 * (cryptography.md, section 4, "Whose artifact"). */
import { fail } from '../../shared/failure.ts'
import { formatDate } from '../../shared/format.ts'
import { artifactRecord, versionRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import type { Actor } from './catalog.ts'
import { addEvent, changeState, giveToArtifact } from './key-changes.ts'
import { keyRecordNo, keyRow } from './key-rows.ts'
import type { Pin, VersionOperations } from './version-operations.ts'
import { closeWraps, insertWrap } from './version-rows.ts'

type Adoption = Parameters<VersionOperations['adopted']>[0]
type FirstUse = Parameters<VersionOperations['pinnedOnFirstUse']>[0]
type OwnerMet = Parameters<VersionOperations['ownerMet']>[0]

/** This installation becomes its owner: every version is pinned to what was read of it. Audited; an event of each key. */
export function adopt(context: Context, { jobId, artifactId, pins, by }: Adoption): void {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  for (const pin of pins.toSorted((one, other) => one.version - other.version)) {
    giveToArtifact(context, pin.keyId, artifactNo)
    insertPin(context, artifactId, pin, 'when it was adopted')
    addEvent(context, keyRecordNo(context, pin.keyId).keyNo, {
      event: 'artifact-adopted',
      from: null,
      to: null,
      reason: `Version ${pin.version} read in full and pinned`,
      who: by.who,
    })
  }
  activateNewest(context, artifactNo, pins, by)
  context.run(`UPDATE artifacts SET ownership = 'owner' WHERE artifact_no = $artifactNo`, { artifactNo })
  audit(context, {
    event: 'artifact-adopted',
    on: name,
    artifactId,
    jobId,
    facts: { versions: pins.length, history: 'not proved' },
    by,
  })
  context.touchArtifact(artifactNo)
}

/** An imported key rests until its artifact is adopted: then the one of the newest version is in use, and can be rotated.
 * One that was suspended here, or came back from destruction, stays as it is. */
function activateNewest(context: Context, artifactNo: number, pins: Pin[], by: Actor): void {
  const newest = pins.toSorted((one, other) => other.version - one.version)[0]
  if (newest === undefined) return
  const key = keyRecordNo(context, newest.keyId)
  const { activatedAt, destroyAt } = keyRow(context, newest.keyId)
  const active = context.get(`SELECT 1 FROM keys WHERE artifact_no = $artifactNo AND state = 'active'`, {
    artifactNo,
  })
  const isFresh = key.state === 'suspended' && activatedAt === null && destroyAt === null
  if (!isFresh || key.artifactNo !== artifactNo || active !== undefined) return
  changeState(context, key, {
    to: 'active',
    event: 'key-resumed',
    reason: 'Adopted with its artifact',
    jobId: null,
    by,
  })
}

/** Pins a version that nothing was pinned of; one that has its pin keeps it. Audited. */
export function pinOnFirstUse(context: Context, { jobId, artifactId, pin, by }: FirstUse): void {
  const { artifactNo, payloadNo, name } = versionRecord(context, artifactId, pin.version)
  if (isPinnedAs(context, payloadNo, name, pin)) return
  insertPin(context, artifactId, pin, 'as it was first read in full')
  const { version, keyId, fingerprint } = pin
  const facts = { version, fingerprint, history: 'not proved' }
  audit(context, { event: 'version-pinned', on: name, artifactId, keyId, jobId, facts, by })
  context.touchArtifact(artifactNo)
}

/** A store names another installation as its owner: this one is a reader from now on. Audited once. */
export function meetOwner(
  context: Context,
  { artifactId, version, storeId, objectName, owner, by }: OwnerMet,
): void {
  const { artifactNo, versionNo, name, ownership } = versionRecord(context, artifactId, version)
  if (ownership === 'reader') return
  context.run(`UPDATE artifacts SET ownership = 'reader' WHERE artifact_no = $artifactNo`, { artifactNo })
  context.run('UPDATE versions SET note = $note WHERE version_no = $versionNo', {
    versionNo,
    note: `Another installation took ownership; met on ${dateOf(context)}`,
  })
  const facts = { version, store: storeId, object: objectName, owner }
  audit(context, { event: 'owner-met', on: name, artifactId, facts, by })
  context.touchArtifact(artifactNo)
}

/** What two read at once for the first time must be the same: the one that was pinned stays the pin.
 * @throws WeightlockError `verify/altered` */
function isPinnedAs(context: Context, payloadNo: number, name: string, { leafDigests }: Adoption['pins'][0]) {
  const pinned = context.get<{ leafDigests: Uint8Array }>(
    `SELECT leaf_digests AS leafDigests FROM payloads
     WHERE payload_no = $payloadNo AND leaf_digests IS NOT NULL`,
    { payloadNo },
  )
  if (pinned && !Buffer.from(pinned.leafDigests).equals(leafDigests)) fail({ code: 'verify/altered', name })
  return pinned !== undefined
}

function insertPin(context: Context, artifactId: Adoption['artifactId'], pin: Pin, when: string): void {
  const { payloadNo, versionNo, name } = versionRecord(context, artifactId, pin.version)
  isPinnedAs(context, payloadNo, name, pin)
  closeWraps(context, payloadNo)
  insertWrap(context, payloadNo, { keyId: pin.keyId, fingerprint: pin.fingerprint, isPinned: true })
  context.run(
    `UPDATE payloads SET nonce = $nonce, leaf_digests = $leafDigests, root = $root, algorithm = $algorithm
     WHERE payload_no = $payloadNo`,
    {
      payloadNo,
      nonce: pin.nonce,
      leafDigests: pin.leafDigests,
      root: pin.root,
      algorithm: pin.algorithm,
    },
  )
  context.run(
    `UPDATE versions SET checked_at = $at, checked_how = 'full', note = $note WHERE version_no = $versionNo`,
    {
      versionNo,
      at: context.now(),
      note: `Pinned on ${dateOf(context)} ${when}; its earlier history is not proved`,
    },
  )
}

/** `23 Nov 2026`: notes are in English, whatever the system's locale. */
const dateOf = (context: Context): string => formatDate(context.now(), 'en-GB')
