/** What a key protects, and what would die with it (product.md, "Keys"). */
import type { KeyDetails, KeyImpact } from '../../shared/domain/key.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { Context } from './context.ts'
import { isLost } from './key-presence.ts'
import { keyCopies, keyEvents, keyRecordNo, keyRow } from './key-rows.ts'

type Protected = KeyDetails['protects'][number]
type Wrapped = Omit<Protected, 'objectName' | 'store'> & {
  objects: Pick<Protected, 'objectName' | 'store'>[]
}

/** Versions whose payload the key ever wrapped, with where they lie, and with the other keys that are not destroyed and
 * wrap it now: a header that was closed is no longer in the store, and opens nothing there. A key that is
 * lost opens nothing. */
function wrapped(context: Context, keyNo: number): Wrapped[] {
  const rows = context.all<
    Omit<Wrapped, 'alsoOpensWith' | 'objects' | 'stores'> & { alsoOpensWith: string; objects: string }
  >(
    `SELECT a.artifact_id AS artifactId, a.name, v.number AS version,
       (SELECT max(o.size_bytes) FROM objects o WHERE o.version_no = v.version_no) AS ciphertextBytes,
       (SELECT json_group_array(json_object('objectName', object_name, 'store', store)) FROM (
          SELECT o.object_name, s.name AS store FROM objects o JOIN stores s ON s.store_no = o.store_no
          WHERE o.version_no = v.version_no AND o.deleted_at IS NULL
          ORDER BY o.is_present DESC, s.is_default DESC, o.object_no
        )) AS objects,
       (SELECT json_group_array(json_object(
            'keyId', key_id, 'name', CASE WHEN artifact_no = v.artifact_no THEN 'key ' || number ELSE alias END
          )) FROM (
          SELECT DISTINCT other.key_id, other.artifact_no, other.number, other.alias
          FROM wraps x JOIN keys other ON other.key_no = x.key_no
          WHERE x.payload_no = v.payload_no AND x.until_at IS NULL AND other.key_no <> $keyNo AND other.state <> 'destroyed'
            AND NOT ${isLost('other.key_no')}
          ORDER BY other.number, other.key_no
        )) AS alsoOpensWith
     FROM versions v
     JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.payload_no IN (SELECT w.payload_no FROM wraps w WHERE w.key_no = $keyNo)
     ORDER BY a.name_key, a.artifact_no, v.number DESC`,
    { keyNo },
  )
  return rows.map((row) => {
    const objects: Wrapped['objects'] = JSON.parse(row.objects)
    const stores = [...new Set(objects.map(({ store }) => store))]
    return { ...row, objects, stores, alsoOpensWith: JSON.parse(row.alsoOpensWith) }
  })
}

/** One row for each place; a version whose ciphertext was deleted lies nowhere, and is still opened by its key. */
const places = ({ objects, ...version }: Wrapped): Protected[] =>
  (objects.length === 0 ? [{ objectName: '', store: '' }] : objects).map((object) => ({
    ...version,
    ...object,
  }))

export function keyImpact(context: Context, keyId: KeyId): KeyImpact {
  const { keyNo } = keyRecordNo(context, keyId)
  const row = keyRow(context, keyId)
  const goneForGood: KeyImpact['goneForGood'] = []
  const stillOpen: KeyImpact['stillOpen'] = []
  for (const { alsoOpensWith, objects: _objects, ...facts } of wrapped(context, keyNo)) {
    if (alsoOpensWith.length === 0) goneForGood.push(facts)
    else stillOpen.push({ ...facts, alsoOpensWith })
  }
  return {
    keyId,
    confirmName: row.artifactName ?? row.alias,
    goneForGood,
    stillOpen,
    copies: keyCopies(context, keyNo),
    copiesElsewhere: row.copiesElsewhere,
  }
}

export function keyDetails(context: Context, keyId: KeyId): KeyDetails {
  const { keyNo, recipient, state } = keyRecordNo(context, keyId)
  const made = context.get<{ madeOn: string }>('SELECT made_on AS madeOn FROM keys WHERE key_no = $keyNo', {
    keyNo,
  })
  return {
    key: keyRow(context, keyId),
    recipient,
    madeOn: made?.madeOn ?? '',
    events: keyEvents(context, keyNo),
    copies: keyCopies(context, keyNo),
    protects: state === 'destroyed' ? [] : wrapped(context, keyNo).flatMap(places),
    impact: keyImpact(context, keyId),
  }
}
