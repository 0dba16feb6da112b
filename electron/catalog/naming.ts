/** Which artifact and version a name becomes, and the reservation of both for a job. */
import type { Ownership } from '../../shared/domain/artifact.ts'
import { ArtifactId, newId, type JobId, type KeyId, type StoreId } from '../../shared/ids.ts'
import { fail } from '../../shared/failure.ts'
import type { Context } from './context.ts'
import type { EncryptOperations, NameProposal, Reservation, ReserveVersion } from './encrypt-operations.ts'
import type { JobUsingKey } from './key-operations.ts'
import { artifactNames, checkName, nameRulesOf, type NameRules } from '../../shared/name-rules.ts'
import { objectNameFor, opaqueObjectName } from './object-name.ts'
import { folderOf } from './scans.ts'
import { nameKey } from './search-terms.ts'
import { storeNo } from './stores.ts'

type Holder = {
  artifactNo: number
  artifactId: ArtifactId
  nameNumber: number
  ownership: Ownership
  lastVersion: number
}

const holderSelect = `
  SELECT a.artifact_no AS artifactNo, a.artifact_id AS artifactId, a.name_number AS nameNumber, a.ownership,
    max(
      coalesce((SELECT max(v.number) FROM versions v WHERE v.artifact_no = a.artifact_no), 0),
      coalesce((SELECT max(r.number) FROM reservations r WHERE r.artifact_no = a.artifact_no AND r.is_copy = 0), 0)
    ) AS lastVersion
  FROM artifacts a`

/** The artifact of that name in that store, stored or being stored.
 * @throws artifact/ambiguous when there are several */
function holderOf(context: Context, store: number, name: string): Holder | null {
  const holders = context.all<Holder>(
    `${holderSelect} WHERE a.name = $name AND (
       EXISTS (SELECT 1 FROM versions v JOIN objects o ON o.version_no = v.version_no
               WHERE v.artifact_no = a.artifact_no AND o.store_no = $store)
       OR EXISTS (SELECT 1 FROM reservations r WHERE r.artifact_no = a.artifact_no AND r.store_no = $store AND r.is_copy = 0)
     )`,
    { name, store },
  )
  if (holders.length > 1)
    fail({
      code: 'artifact/ambiguous',
      query: name,
      artifactIds: holders.map(({ artifactId }) => artifactId),
    })
  return holders[0] ?? null
}

const artifactHolder = (context: Context, artifactId: ArtifactId): Holder =>
  context.get<Holder>(`${holderSelect} WHERE a.artifact_id = $artifactId`, { artifactId }) ??
  fail({ code: 'artifact/not-found', query: artifactId })

type Wanted = { name: string; isFolder: boolean; version: number; nameNumber: number; rules: NameRules }
type Naming = { objectName: string; nameNumber: number }

/** The first name that neither an object of ours, a foreign one, a job, nor `taken` has. */
export function freeName(
  context: Context,
  store: number,
  wanted: Wanted,
  taken: ReadonlySet<string>,
): Naming {
  for (let { nameNumber } = wanted; ; nameNumber++) {
    const objectName = objectNameFor({ ...wanted, nameNumber }, wanted.rules)
    const isTaken = context.get(
      `SELECT 1 FROM objects WHERE store_no = $store AND object_name = $objectName
       UNION ALL SELECT 1 FROM reservations WHERE store_no = $store AND object_name = $objectName
       UNION ALL SELECT 1 FROM foreign_objects
         WHERE store_no = $store AND folder = $folder AND object_name = $objectName`,
      { store, objectName, folder: folderOf(objectName) },
    )
    if (!isTaken && !taken.has(objectName)) return { objectName, nameNumber }
  }
}

export function proposeVersions(
  context: Context,
  storeId: StoreId,
  items: Parameters<EncryptOperations['proposeVersions']>[1],
  rules = nameRulesOf(process.platform),
): NameProposal[] {
  const store = storeNo(context, storeId)
  const taken = new Set<string>()
  const among = new Map<string, number>()
  return items.map(({ name, isFolder, separate }) => {
    checkName(name, artifactNames)
    const holder = separate ? null : holderOf(context, store, name)
    const version = (holder?.lastVersion ?? 0) + 1 + (separate ? 0 : (among.get(name) ?? 0))
    if (!separate) among.set(name, (among.get(name) ?? 0) + 1)
    const nameNumber = holder?.nameNumber ?? 1
    const { objectName } = freeName(context, store, { name, isFolder, version, nameNumber, rules }, taken)
    taken.add(objectName)
    const existing = holder && {
      artifactId: holder.artifactId,
      nextVersion: version,
      ownership: holder.ownership,
      separateObjectName: freeName(
        context,
        store,
        { name, isFolder, version: 1, nameNumber: 1, rules },
        taken,
      ).objectName,
    }
    return { existing, objectName }
  })
}

export function reserveVersion(context: Context, request: ReserveVersion): Reservation {
  const {
    jobId,
    storeId,
    name,
    isFolder,
    separate,
    taken,
    opaqueName = false,
    rules = nameRulesOf(process.platform),
  } = request
  checkName(name, artifactNames)
  const store = storeNo(context, storeId)
  const held = reservationOf(context, jobId)
  if (held) return taken.includes(held.objectName) ? renamed(context, store, request, held) : held
  const holder =
    request.artifactId === undefined
      ? separate
        ? null
        : holderOf(context, store, name)
      : artifactHolder(context, request.artifactId)
  if (holder) refuseWhileKeysChange(context, holder)
  const version = (holder?.lastVersion ?? 0) + 1
  const wanted = { name, isFolder, version, nameNumber: holder?.nameNumber ?? 1, rules }
  const artifactId = holder?.artifactId ?? newId(ArtifactId)
  const { objectName, nameNumber } = opaqueName
    ? { objectName: opaqueObjectName(artifactId, isFolder, version), nameNumber: 1 }
    : freeName(context, store, wanted, new Set(taken))
  const artifactNo =
    holder?.artifactNo ?? insertArtifact(context, { artifactId, name, nameNumber, ownership: 'owner' })
  context.run(
    `INSERT INTO reservations (job_id, artifact_no, store_no, number, object_name, is_new_artifact, reserved_at)
     VALUES ($jobId, $artifactNo, $store, $version, $objectName, $isNew, $at)`,
    { jobId, artifactNo, store, version, objectName, isNew: holder === null, at: context.now() },
  )
  return reservationOf(context, jobId) ?? fail({ code: 'job/not-found', jobId })
}

/** What is encrypted while a rotation runs would have the key that it replaces, and what is encrypted while a
 * retirement goes on would be missing in its certificate. A rotation that stands still covers it when it goes on. */
function refuseWhileKeysChange(context: Context, { artifactNo, artifactId }: Holder): void {
  const jobs = context.all<JobUsingKey>(
    `SELECT job_id AS jobId, kind, state, title FROM jobs j
     WHERE is_open = 1 AND artifact_id = $artifactId AND (
       (kind IN ('rewrap', 're-encrypt', 'retire') AND state = 'running')
       OR (kind = 'retire' AND EXISTS (
         SELECT 1 FROM job_steps s WHERE s.job_no = j.job_no AND s.step = 'retiring')))
     ORDER BY job_no`,
    { artifactId },
  )
  const key = context.get<{ keyId: KeyId }>(
    `SELECT key_id AS keyId FROM keys WHERE artifact_no = $artifactNo
     ORDER BY state = 'active' DESC, key_no DESC LIMIT 1`,
    { artifactNo },
  )
  if (jobs.length > 0 && key) fail({ code: 'key/still-protects', keyId: key.keyId, jobs })
}

function renamed(
  context: Context,
  store: number,
  { jobId, isFolder, taken, opaqueName = false, rules = nameRulesOf(process.platform) }: ReserveVersion,
  held: Reservation,
): Reservation {
  // What was to say nothing says nothing under another name either.
  const name = opaqueName ? held.artifactId : held.name
  const wanted = { name, isFolder, version: held.version, nameNumber: 1, rules }
  const { objectName, nameNumber } = freeName(context, store, wanted, new Set(taken))
  context.run('UPDATE reservations SET object_name = $objectName WHERE job_id = $jobId', {
    objectName,
    jobId,
  })
  if (held.isNewArtifact && !opaqueName)
    context.run('UPDATE artifacts SET name_number = $nameNumber WHERE artifact_id = $artifactId', {
      nameNumber,
      artifactId: held.artifactId,
    })
  return { ...held, objectName }
}

/** A row of `artifacts`, which no list shows before it has a version. @returns its number */
export function insertArtifact(
  context: Context,
  artifact: { artifactId: ArtifactId; name: string; nameNumber: number; ownership: Ownership },
): number {
  const { artifactId, name, nameNumber, ownership } = artifact
  return context.run(
    `INSERT INTO artifacts (artifact_id, name, folder, name_key, name_number, ownership, created_at)
     VALUES ($artifactId, $name, $folder, $key, $nameNumber, $ownership, $at)`,
    {
      artifactId,
      name,
      folder: folderOf(name),
      key: nameKey(name),
      nameNumber,
      ownership,
      at: context.now(),
    },
  ).lastNo
}

type Row = Omit<Reservation, 'isNewArtifact'> & { isNewArtifact: number }

export function reservationOf(context: Context, jobId: JobId): Reservation | null {
  const row = context.get<Row & { activeKeyId: KeyId | null }>(
    `SELECT r.job_id AS jobId, a.artifact_id AS artifactId, s.store_id AS storeId, a.name,
       r.is_new_artifact AS isNewArtifact, r.number AS version, r.object_name AS objectName, a.ownership,
       (SELECT k.key_id FROM keys k WHERE k.artifact_no = a.artifact_no AND k.state = 'active') AS activeKeyId,
       (SELECT x.job_id FROM reservations x
        WHERE x.artifact_no = r.artifact_no AND x.number < r.number AND x.is_copy = 0
          AND NOT EXISTS (SELECT 1 FROM keys k WHERE k.artifact_no = r.artifact_no AND k.state = 'active')
        ORDER BY x.number LIMIT 1) AS waitsFor
     FROM reservations r JOIN artifacts a ON a.artifact_no = r.artifact_no
     JOIN stores s ON s.store_no = r.store_no WHERE r.job_id = $jobId`,
    { jobId },
  )
  return row ? { ...row, isNewArtifact: row.isNewArtifact === 1 } : null
}

/** Gives a reservation back, and forgets an artifact that nothing refers to. */
export function releaseReservation(context: Context, jobId: JobId): void {
  const row = context.get<{ artifactNo: number }>(
    'SELECT artifact_no AS artifactNo FROM reservations WHERE job_id = $jobId',
    { jobId },
  )
  if (!row) return
  context.run('DELETE FROM reservations WHERE job_id = $jobId', { jobId })
  context.run(
    `DELETE FROM artifacts WHERE artifact_no = $artifactNo
       AND NOT EXISTS (SELECT 1 FROM versions WHERE artifact_no = $artifactNo)
       AND NOT EXISTS (SELECT 1 FROM keys WHERE artifact_no = $artifactNo)
       AND NOT EXISTS (SELECT 1 FROM reservations WHERE artifact_no = $artifactNo)`,
    row,
  )
}
