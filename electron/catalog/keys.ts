import { fail } from '../../shared/failure.ts'
import { artifactRecord } from './artifact-rows.ts'
import type { Context } from './context.ts'
import { changeState, insertKey, keychainItem, recordCopy, tellOfKey } from './key-changes.ts'
import { keyDetails, keyImpact } from './key-impact.ts'
import { keysPicture, listKeys } from './key-list.ts'
import type { ImportedKey, KeyOperations } from './key-operations.ts'
import { leaveBehind } from './key-presence.ts'
import {
  findRecord,
  jobsUsingKey,
  keyRecordNo,
  keyRow,
  keyRowsOfArtifact,
  type NumberedKey,
  recordOf,
  recordSelect,
} from './key-rows.ts'

type RecordedCopy = Parameters<KeyOperations['keyCopyRecorded']>[0]
type Destruction = 'keyDestroying' | 'keyDestroyed' | 'keyDestroyCompleted'

export function keyOperations(context: Context): Omit<KeyOperations, Destruction> {
  const record = (condition: string, value: string) => {
    const found = findRecord(context, condition, value)
    return found ? recordOf(found) : null
  }
  return {
    listKeys: (request) => listKeys(context, request),
    keysPicture: () => keysPicture(context),
    keyRow: (keyId) => keyRow(context, keyId),
    keyDetails: (keyId) => keyDetails(context, keyId),
    keyImpact: (keyId) => keyImpact(context, keyId),
    keyRecord: (keyId) => record('k.key_id = $value', keyId),
    keyByRecipient: (recipient) => record('k.recipient = $value', recipient),
    usableKeys: (after, limit) =>
      context
        .all<NumberedKey>(
          `${recordSelect} WHERE k.state <> 'destroyed' AND k.key_id > $after ORDER BY k.key_id LIMIT $limit`,
          { after: after ?? '', limit: Math.min(limit, 1000) },
        )
        .map(recordOf),
    artifactKeys: (artifactId) => keyRowsOfArtifact(context, artifactRecord(context, artifactId).artifactNo),
    openJobsOfKey: (keyId) => jobsUsingKey(context, keyRecordNo(context, keyId)),
    keyCopyRecorded: ({ keyId, place, where, state, jobId, by }) => {
      const key = keyRecordNo(context, keyId)
      const location = place === 'keychain' ? keychainItem(keyId) : where
      recordCopy(context, key.keyNo, { place, where: location, state })
      const event = copyEvent(place, state)
      const facts = { place, where: location, state }
      tellOfKey(context, key, { event, reason: location, jobId, facts, by })
    },
    keysLeftBehind: () => leaveBehind(context),
    keyImported: (request) => importKey(context, request),
    keysCameTogether: (keys) => noteBundle(context, keys),
  }
}

const copyEvent = (
  place: RecordedCopy['place'],
  state: RecordedCopy['state'],
): 'key-exported' | 'key-copy-recorded' | 'key-copy-missing' => {
  if (state === 'found-missing') return 'key-copy-missing'
  return place === 'export' ? 'key-exported' : 'key-copy-recorded'
}

function importKey(context: Context, request: Parameters<KeyOperations['keyImported']>[0]): void {
  const { keyId, importedFrom, isKit = false, reverseDestroyed, by } = request
  const known = findRecord(context, 'k.key_id = $value', keyId)
  if (known && known.state !== 'destroyed') fail({ code: 'key/already-known', keyId })
  if (known && !reverseDestroyed) fail({ code: 'key/destroyed', keyId })
  const reason = isKit ? `Restored from recovery kit ${importedFrom}` : `Imported from ${importedFrom}`
  if (known)
    changeState(context, known, {
      // What leaked stays leaked, wherever it was in between.
      to: wasCompromised(context, known.keyNo) ? 'compromised' : 'suspended',
      event: 'key-destruction-reversed',
      reason,
      jobId: null,
      by,
    })
  const keyNo = known?.keyNo ?? insertImported(context, request, reason)
  recordCopy(context, keyNo, { place: 'keychain', where: keychainItem(keyId), state: 'not-here' })
  const place = isKit ? 'kit' : 'import'
  recordCopy(context, keyNo, { place, where: importedFrom, state: isKit ? 'present' : 'out-of-reach' })
  if (known) return
  const facts = { from: importedFrom, algorithm: request.algorithm }
  const told = { event: 'key-imported', to: 'suspended', reason, jobId: null, facts, by } as const
  tellOfKey(context, keyRecordNo(context, keyId), told)
}

/** One that holds no two keys of one artifact tells nothing. */
function noteBundle(context: Context, keys: Parameters<KeyOperations['keysCameTogether']>[0]): void {
  if (keys.length < 2) return
  const { lastNo: bundleNo } = context.run('INSERT INTO key_bundles (at) VALUES ($at)', { at: context.now() })
  for (const { keyId, artifactId } of keys)
    context.run(
      `INSERT OR IGNORE INTO bundled_keys (bundle_no, key_no, said_artifact_id)
       SELECT $bundleNo, key_no, $artifactId FROM keys WHERE key_id = $keyId`,
      { bundleNo, keyId, artifactId },
    )
}

const wasCompromised = (context: Context, keyNo: number): boolean =>
  context.get('SELECT 1 FROM keys WHERE key_no = $keyNo AND compromised_at IS NOT NULL', { keyNo }) !==
  undefined

const insertImported = (
  context: Context,
  { keyId, artifactId, algorithm, recipient, backend }: ImportedKey,
  reason: string,
): number =>
  insertKey(context, {
    keyId,
    artifactNo: artifactId === null ? null : artifactRecord(context, artifactId).artifactNo,
    state: 'suspended',
    algorithm,
    recipient,
    backend,
    madeOn: '',
    origin: 'imported',
    reason,
  })
