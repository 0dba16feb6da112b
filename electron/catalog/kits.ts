import type { KitCoverage, KitRow } from '../../shared/domain/kit.ts'
import { fail, type Failure } from '../../shared/failure.ts'
import { KitId, newId, type KeyId } from '../../shared/ids.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { addEvent, recordCopy } from './key-changes.ts'
import { keyRowsByNo } from './key-rows.ts'
import { insertStep, stepIsJournaled } from './jobs.ts'
import type { KitOperations, WrittenKit } from './kit-operations.ts'

/** What a kit should hold: every key that opens something or may yet. */
const isToBeKept = `k.state NOT IN ('destroyed', 'pre-activation')`
/** Its last drill passed. */
const counts = 't.drilled_at IS NOT NULL AND t.failed_at IS NULL'
const inKit = 'k.key_no IN (SELECT key_no FROM kit_keys WHERE kit_no = t.kit_no)'

type Row = Omit<KitRow, 'madeHere' | 'needsNewAge' | 'failedDrill'> & {
  kitNo: number
  madeHere: number
  needsNewAge: number
  failedAt: number | null
  failure: string | null
}

const select = `
  SELECT t.kit_no AS kitNo, t.kit_id AS kitId, t.location AS "where", t.size_bytes AS sizeBytes, t.digest,
    t.made_at AS madeAt, t.made_here AS madeHere, t.identities, t.needs_new_age AS needsNewAge,
    t.drilled_at AS drilledAt, t.failed_at AS failedAt, t.failure,
    (SELECT count(*) FROM keys k WHERE ${isToBeKept} AND ${inKit}) AS holds,
    (SELECT count(*) FROM keys k WHERE ${isToBeKept} AND NOT ${inKit}) AS lacks,
    (SELECT count(*) FROM keys k WHERE k.state = 'destroyed' AND ${inKit}) AS holdsDestroyed
  FROM kits t`

const rowOf = ({ kitNo, madeHere, needsNewAge, failedAt, failure, ...row }: Row) => ({
  kitNo,
  kit: {
    ...row,
    madeHere: madeHere === 1,
    needsNewAge: needsNewAge === 1,
    failedDrill:
      failedAt === null || failure === null
        ? null
        : { at: failedAt, failure: JSON.parse(failure) as Failure },
  } satisfies KitRow,
})

function findKit(context: Context, condition: 'kit_id' | 'digest', value: string) {
  const row = context.get<Row>(`${select} WHERE t.${condition} = $value`, { value })
  return row && rowOf(row)
}

const numbered = (context: Context, kitId: KitId) =>
  findKit(context, 'kit_id', kitId) ?? fail({ code: 'kit/not-found', query: kitId })

const coverage = (context: Context): KitCoverage =>
  context.get<KitCoverage>(
    `SELECT count(*) AS keys, count(*) FILTER (WHERE k.key_no IN (
       SELECT x.key_no FROM kit_keys x JOIN kits t ON t.kit_no = x.kit_no WHERE ${counts})) AS inKits
     FROM keys k WHERE ${isToBeKept}`,
  ) ?? { keys: 0, inKits: 0 }

export function kitOperations(context: Context): KitOperations {
  return {
    listKits: () => ({
      kits: context.all<Row>(`${select} ORDER BY t.made_at DESC, t.kit_no DESC`).map((row) => rowOf(row).kit),
      coverage: coverage(context),
    }),
    kitRow: (kitId) => numbered(context, kitId).kit,
    kitByDigest: (digest) => findKit(context, 'digest', digest)?.kit ?? null,
    kitLacks: (kitId, offset, limit) => {
      const { kitNo, kit } = numbered(context, kitId)
      const rows = context.all<{ keyNo: number }>(
        `SELECT k.key_no AS keyNo FROM keys k JOIN kits t ON t.kit_no = $kitNo WHERE ${isToBeKept} AND NOT ${inKit}
         ORDER BY k.search_key, k.key_no LIMIT $limit OFFSET $offset`,
        { kitNo, offset, limit: Math.min(limit, 200) },
      )
      const keyNos = rows.map(({ keyNo }) => keyNo)
      return { total: kit.lacks, rows: keyRowsByNo(context, keyNos) }
    },
    kitWritten: ({ jobId, kitId, kit, by }) => {
      refuseDying(context, kit.keyIds)
      const kitNo = insertKit(context, kitId, kit, true)
      recordCopies(context, kitNo, kit.where, 'present')
      for (const { keyNo } of keysOf(context, kitNo))
        addEvent(context, keyNo, {
          event: 'key-copy-recorded',
          from: null,
          to: null,
          reason: `in recovery kit ${kit.where}`,
          who: by.who,
        })
      const facts = { keys: kit.keyIds.length, digest: kit.digest }
      audit(context, { event: 'kit-made', on: kit.where, jobId, facts, by })
      insertStep(context, jobId, 'written', { kitId })
      context.changed('keys')
    },
    kitTakenBack: ({ jobId, kitId, by }) => {
      const found = findKit(context, 'kit_id', kitId)
      if (!found || !stepIsJournaled(context, jobId, 'written', { kitId })) return
      recordCopies(context, found.kitNo, found.kit.where, 'found-missing')
      removeKit(context, found.kitNo)
      audit(context, { event: 'kit-not-made', on: found.kit.where, jobId, by })
    },
    kitMet: ({ kit, by }) => {
      const known = findKit(context, 'digest', kit.digest)
      if (known) {
        moveKit(context, known.kitNo, known.kit.where, kit.where)
        addKeys(context, known.kitNo, kit.keyIds)
        recordCopies(context, known.kitNo, kit.where, 'present')
        return numbered(context, known.kit.kitId).kit
      }
      const kitId = newId(KitId)
      const kitNo = insertKit(context, kitId, kit, false)
      recordCopies(context, kitNo, kit.where, 'present')
      const facts = { identities: kit.identities, keys: kit.keyIds.length, digest: kit.digest }
      audit(context, { event: 'kit-met', on: kit.where, facts, by })
      context.changed('keys')
      return numbered(context, kitId).kit
    },
    kitDrilled: ({ kitId, failure, opened, by }) => {
      const { kitNo, kit } = numbered(context, kitId)
      const at = context.now()
      if (failure === null)
        context.run(
          'UPDATE kits SET drilled_at = $at, failed_at = NULL, failure = NULL WHERE kit_no = $kitNo',
          { kitNo, at },
        )
      else
        context.run('UPDATE kits SET failed_at = $at, failure = $failure WHERE kit_no = $kitNo', {
          kitNo,
          at,
          failure: JSON.stringify(failure),
        })
      audit(context, {
        event: failure === null ? 'kit-drilled' : 'kit-drill-failed',
        on: kit.where,
        facts: { digest: kit.digest, ...(failure === null ? { opened } : { code: failure.code }) },
        by,
      })
      context.changed('keys')
      return numbered(context, kitId).kit
    },
    kitRestored: ({ jobId, kitId, restored, refused, by }) => {
      const { kit } = numbered(context, kitId)
      const facts = { restored, refused, digest: kit.digest }
      audit(context, { event: 'kit-restored', on: kit.where, jobId, facts, by })
    },
    kitForgotten: ({ kitId, by }) => {
      const { kitNo, kit } = numbered(context, kitId)
      recordCopies(context, kitNo, kit.where, 'out-of-reach')
      removeKit(context, kitNo)
      audit(context, { event: 'kit-forgotten', on: kit.where, facts: { digest: kit.digest }, by })
    },
  }
}

/** A destruction that begins after this sees the kit among the copies; one that began before does not.
 * @throws key/destroyed, key/being-destroyed */
function refuseDying(context: Context, keyIds: KeyId[]): void {
  const dying = context.get<{ keyId: KeyId; isGone: number }>(
    `SELECT k.key_id AS keyId, k.state = 'destroyed' AS isGone FROM json_each($list) wanted
     CROSS JOIN keys k ON k.key_id = wanted.value
     WHERE k.state = 'destroyed' OR k.key_id IN (
       SELECT s.facts ->> 'keyId' FROM job_steps s JOIN jobs j ON j.job_no = s.job_no
       WHERE j.is_open = 1 AND s.step = 'destroying')
     LIMIT 1`,
    { list: JSON.stringify(keyIds) },
  )
  if (!dying) return
  const { keyId } = dying
  fail(dying.isGone === 1 ? { code: 'key/destroyed', keyId } : { code: 'key/being-destroyed', keyId })
}

function insertKit(context: Context, kitId: KitId, kit: WrittenKit, madeHere: boolean): number {
  const { keyIds, where, ...facts } = kit
  vacate(context, where)
  const { lastNo } = context.run(
    `INSERT INTO kits (kit_id, location, size_bytes, digest, made_at, made_here, identities, needs_new_age)
     VALUES ($kitId, $where, $sizeBytes, $digest, $madeAt, $madeHere, $identities, $needsNewAge)`,
    { ...facts, kitId, where, madeHere },
  )
  addKeys(context, lastNo, keyIds)
  return lastNo
}

const addKeys = (context: Context, kitNo: number, keyIds: KeyId[]): void =>
  void context.run(
    `INSERT OR IGNORE INTO kit_keys SELECT $kitNo, k.key_no FROM json_each($list) wanted
     CROSS JOIN keys k ON k.key_id = wanted.value`,
    { kitNo, list: JSON.stringify(keyIds) },
  )

const keysOf = (context: Context, kitNo: number): { keyNo: number }[] =>
  context.all('SELECT key_no AS keyNo FROM kit_keys WHERE kit_no = $kitNo ORDER BY key_no', { kitNo })

function recordCopies(
  context: Context,
  kitNo: number,
  where: string,
  state: 'present' | 'found-missing' | 'out-of-reach',
): void {
  for (const { keyNo } of keysOf(context, kitNo)) recordCopy(context, keyNo, { place: 'kit', where, state })
}

/** A file lies here now: a kit that lay here before lies elsewhere, nobody knows where. */
function vacate(context: Context, where: string): void {
  const other = context.get<{ kitNo: number; kitId: KitId; madeAt: number }>(
    'SELECT kit_no AS kitNo, kit_id AS kitId, made_at AS madeAt FROM kits WHERE location = $where',
    { where },
  )
  if (!other) return
  const made = new Date(other.madeAt).toISOString().slice(0, 10)
  moveKit(context, other.kitNo, where, `${where} (of ${made}, ${other.kitId.slice(0, 8)})`)
}

function moveKit(context: Context, kitNo: number, from: string, to: string): void {
  if (from === to) return
  vacate(context, to)
  context.run('UPDATE kits SET location = $to WHERE kit_no = $kitNo', { kitNo, to })
  context.run(
    `UPDATE OR REPLACE key_copies SET location = $to WHERE place = 'kit' AND location = $from
       AND key_no IN (SELECT key_no FROM kit_keys WHERE kit_no = $kitNo)`,
    { kitNo, from, to },
  )
  context.changed('keys')
}

function removeKit(context: Context, kitNo: number): void {
  context.run('DELETE FROM kit_keys WHERE kit_no = $kitNo', { kitNo })
  context.run('DELETE FROM kits WHERE kit_no = $kitNo', { kitNo })
  context.changed('keys')
}
