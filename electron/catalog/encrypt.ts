import { fail } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'
import { mayEncrypt } from '../../shared/key-state.ts'
import { artifactRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import type { EncryptedVersion, EncryptOperations } from './encrypt-operations.ts'
import { insertStep, setState } from './jobs.ts'
import { addEvent, changeState, insertKey, keychainItem, recordCopy, tellOfKey } from './key-changes.ts'
import { findRecord, keyRecordNo } from './key-rows.ts'
import { proposeVersions, releaseReservation, reservationOf, reserveVersion } from './naming.ts'
import { insertVersion, removeVersion } from './version-rows.ts'

export function encryptOperations(context: Context): EncryptOperations {
  return {
    proposeVersions: (storeId, items, rules) => proposeVersions(context, storeId, items, rules),
    reserveVersion: (request) => reserveVersion(context, request),
    reservationOf: (jobId) => reservationOf(context, jobId),
    releaseReservation: (jobId) => releaseReservation(context, jobId),
    keyPreActivated: (request) => preActivate(context, request),
    encryptCompleted: ({ activateKey, end, ...version }) => {
      if (!replaceOwn(context, version)) return
      insert(context, version, false)
      if (activateKey) activate(context, version)
      else requireUsable(context, version.wrap.keyId)
      tell(context, version, 'version-encrypted')
      insertStep(context, version.jobId, 'verified', { fingerprint: version.wrap.fingerprint })
      context.run('DELETE FROM reservations WHERE job_id = $jobId', { jobId: version.jobId })
      const links = { artifactId: version.artifactId, keyId: version.wrap.keyId }
      if (end) insertStep(context, version.jobId, 'end', null)
      if (end) setState(context, version.jobId, 'done', { ...end, ...links })
      else linkJob(context, version)
    },
    encryptUnresolved: ({ safe, ...version }) => {
      if (!replaceOwn(context, version)) return
      insert(context, version, true)
      tell(context, version, 'version-unresolved')
      const links = { artifactId: version.artifactId, keyId: version.wrap.keyId }
      setState(context, version.jobId, 'unresolved', { safe, ...links })
    },
    encryptGivenUp: ({ jobId, artifactId, version, by }) => {
      const { artifactNo, name } = artifactRecord(context, artifactId)
      const row = context.get<{ versionNo: number }>(
        `SELECT version_no AS versionNo FROM versions
         WHERE artifact_no = $artifactNo AND number = $version AND job_id = $jobId AND is_unresolved = 1`,
        { artifactNo, version, jobId },
      )
      if (!row) return
      removeVersion(context, row.versionNo)
      audit(context, { event: 'version-given-up', on: name, artifactId, jobId, facts: { version }, by })
    },
  }
}

function preActivate(context: Context, request: Parameters<EncryptOperations['keyPreActivated']>[0]): void {
  const { jobId, keyId, artifactId, algorithm, recipient, backend, madeOn, by } = request
  if (findRecord(context, 'k.key_id = $value', keyId)) fail({ code: 'key/already-known', keyId })
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const reason = `Made for ${name}`
  const keyNo = insertKey(context, {
    keyId,
    artifactNo,
    state: 'pre-activation',
    algorithm,
    recipient,
    backend,
    madeOn,
    origin: 'made',
    reason,
  })
  recordCopy(context, keyNo, { place: 'keychain', where: keychainItem(keyId), state: 'present' })
  const facts = { algorithm, backend }
  const told = { event: 'key-created', to: 'pre-activation', reason, jobId, facts, by } as const
  tellOfKey(context, keyRecordNo(context, keyId), told)
  insertStep(context, jobId, 'key', { keyId })
}

/** Makes room for a version: an unresolved one of the same job goes.
 * @returns false if this very version is stored already */
function replaceOwn(context: Context, version: EncryptedVersion): boolean {
  const { artifactNo } = artifactRecord(context, version.artifactId)
  const known = context.get<{ versionNo: number; jobId: string; isUnresolved: number; isSame: number }>(
    `SELECT v.version_no AS versionNo, v.job_id AS jobId, v.is_unresolved AS isUnresolved,
       EXISTS (SELECT 1 FROM wraps w WHERE w.payload_no = v.payload_no AND w.fingerprint = $fingerprint) AS isSame
     FROM versions v WHERE v.artifact_no = $artifactNo AND v.number = $number`,
    { artifactNo, number: version.version, fingerprint: version.wrap.fingerprint },
  )
  if (!known) {
    const held = reservationOf(context, version.jobId)
    if (held?.artifactId !== version.artifactId || held.version !== version.version)
      throw new Error('a version may only be stored by the job that reserved it')
    return true
  }
  if (known.jobId !== version.jobId) throw new Error('that version is another job’s')
  if (known.isUnresolved === 0) {
    if (known.isSame === 0) throw new Error('that version is stored already, with another fingerprint')
    return false
  }
  removeVersion(context, known.versionNo)
  return true
}

const insert = (context: Context, version: EncryptedVersion, isUnresolved: boolean): void =>
  insertVersion(context, {
    ...version,
    artifactNo: artifactRecord(context, version.artifactId).artifactNo,
    number: version.version,
    wrap: { ...version.wrap, isPinned: true },
    isUnresolved,
  })

/** A version is called stored only under a key in use, or one that was replaced while this was written.
 * @throws key/not-active, above all where the key was destroyed, or is being destroyed, meanwhile */
function requireUsable(context: Context, keyId: KeyId): void {
  const { state } = keyRecordNo(context, keyId)
  if (!mayEncrypt(state) && state !== 'deactivated') fail({ code: 'key/not-active', keyId, state })
}

/** The new key becomes active; one that was active is deactivated as replaced. */
function activate(context: Context, { wrap, jobId, version, by }: EncryptedVersion): void {
  const key = keyRecordNo(context, wrap.keyId)
  if (key.state === 'active') return
  if (key.state !== 'pre-activation') fail({ code: 'key/illegal-transition', from: key.state, to: 'active' })
  const replaced = context.get<{ keyId: typeof key.keyId }>(
    `SELECT key_id AS keyId FROM keys WHERE artifact_no = $artifactNo AND state = 'active'`,
    { artifactNo: key.artifactNo },
  )
  if (replaced)
    changeState(context, keyRecordNo(context, replaced.keyId), {
      to: 'deactivated',
      event: 'key-deactivated',
      reason: `Replaced by ${key.alias}`,
      jobId,
      by,
    })
  const reason = `Version ${version} stored and verified`
  changeState(context, key, { to: 'active', event: 'key-activated', reason, jobId, by })
}

function tell(
  context: Context,
  version: EncryptedVersion,
  event: 'version-encrypted' | 'version-unresolved',
): void {
  const { artifactId, object, wrap, jobId, by } = version
  const { name } = artifactRecord(context, artifactId)
  const { keyNo } = keyRecordNo(context, wrap.keyId)
  const reason = `Version ${version.version}, ${object.name}`
  addEvent(context, keyNo, { event, from: null, to: null, reason, who: by.who })
  audit(context, {
    event,
    on: name,
    artifactId,
    keyId: wrap.keyId,
    jobId,
    facts: {
      version: version.version,
      object: object.name,
      ciphertextBytes: object.sizeBytes,
      fingerprint: wrap.fingerprint,
      root: version.payload.root,
    },
    by,
  })
}

/** The job shows what it made from here on. */
const linkJob = (context: Context, { jobId, artifactId, wrap }: EncryptedVersion): void => {
  context.run('UPDATE jobs SET artifact_id = $artifactId, key_id = $keyId WHERE job_id = $jobId', {
    jobId,
    artifactId,
    keyId: wrap.keyId,
  })
}
