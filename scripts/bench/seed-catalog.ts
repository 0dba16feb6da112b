/**
 * Fills a catalog with made-up artifacts, to see how the program does with many: the product's own schema and lists,
 * one transaction. Nothing that it lists can be opened.
 *
 * node scripts/bench/seed-catalog.ts --catalog FILE [--artifacts 100000] [--foreign 0] [--location DIR] [--flat]
 */
import { parseArgs } from 'node:util'
import { pathToFileURL } from 'node:url'
import { ArtifactId, InstallationId, KeyId, newId, StoreId } from '../../shared/ids.ts'
import { makeContext, type Context } from '../../electron/catalog/context.ts'
import { openDatabase } from '../../electron/catalog/database.ts'
import { refreshTouched } from '../../electron/catalog/refresh.ts'
import { nameKey } from '../../electron/catalog/search-terms.ts'

export type Seed = {
  /** `catalog.sqlite`; made if it is not there. */
  path: string
  artifacts: number
  foreign: number
  /** The store's folder. */
  location: string
  /** Everything at the top instead of in 40 folders. */
  flat: boolean
  /** Of the installation, where the catalog is new; a program elsewhere asks whether it was moved or copied. */
  machineId?: string
}

const dayMs = 86_400_000
const teams = ['fraud', 'vision', 'speech', 'ranking', 'forecast', 'search', 'ops', 'research']
const quarters = ['2025-q3', '2025-q4', '2026-q1', '2026-q2', '2026-q3']
const families = [
  'credit-risk',
  'merchant-embed',
  'whisper-ft',
  'churn-lightgbm',
  'bert-base',
  'resnet50',
  'llama-lora',
]
const kinds = [
  { ext: 'safetensors', kind: 'safetensors', label: 'safetensors' },
  { ext: 'pkl', kind: 'pickle', label: 'pickle · scikit-learn 1.7.2' },
  { ext: 'gguf', kind: 'gguf', label: 'gguf · Q8_0' },
  { ext: 'onnx', kind: 'onnx', label: 'ONNX' },
  { ext: 'pt', kind: 'torch-zip', label: 'PyTorch' },
] as const
const states = [
  'active',
  'active',
  'active',
  'active',
  'active',
  'active',
  'active',
  'suspended',
  'deactivated',
  'destroyed',
]

const at = <T>(list: readonly T[], index: number): T => {
  const item = list[index % list.length]
  if (item === undefined) throw new RangeError('the list is empty')
  return item
}

/** @returns the store's id */
export function seedCatalog(seed: Seed): StoreId {
  const { path, artifacts, foreign, location, flat, machineId = 'seeded' } = seed
  const now = Date.now()
  const { db, close } = openDatabase(path, (fresh) => {
    makeContext(fresh, path, () => now).run('INSERT INTO installation VALUES (1, $id, $machine, $now)', {
      id: newId(InstallationId),
      machine: machineId,
      now,
    })
  })
  const context = makeContext(db, path, () => now)
  const storeId = newId(StoreId)
  db.exec('BEGIN')
  const { lastNo: store } = context.run(
    `INSERT INTO stores (store_id, name, kind, settings, location, is_default, added_at)
     VALUES ($storeId, $name, 'local-folder', $settings, $location, NOT EXISTS (SELECT 1 FROM stores), $now)`,
    {
      storeId,
      name: `seeded-${storeId.slice(0, 4)}`,
      settings: JSON.stringify({ path: location }),
      location,
      now,
    },
  )
  for (let n = 0; n < artifacts; n++) context.touchArtifact(seedArtifact(context, store, n, flat))
  for (let n = 0; n < foreign; n++) seedForeign(context, store, n, flat)
  refreshTouched(context)
  db.exec('COMMIT')
  close()
  return storeId
}

function seedArtifact(context: Context, store: number, n: number, flat: boolean): number {
  const kind = at(kinds, n)
  const folder = flat ? '' : `${at(teams, n)}/${at(quarters, Math.floor(n / teams.length))}`
  const file = `${at(families, n * 3)}-${String(n).padStart(6, '0')}.${kind.ext}`
  const name = folder === '' ? file : `${folder}/${file}`
  const encryptedAt = context.now() - ((n * 7919) % 400) * dayMs - n
  const plaintextBytes = 1_000_000 + ((n * 7_368_787) % 5_000_000_000)
  const state = at(states, n)
  const { lastNo: artifactNo } = context.run(
    `INSERT INTO artifacts (artifact_id, name, folder, name_key, name_number, ownership, created_at)
     VALUES ($id, $name, $folder, $key, 1, 'owner', $encryptedAt)`,
    { id: newId(ArtifactId), name, folder, key: nameKey(name), encryptedAt },
  )
  const keyId = newId(KeyId)
  const { lastNo: keyNo } = context.run(
    `INSERT INTO keys (key_id, artifact_no, number, alias, search_key, state, algorithm, recipient, backend, made_on,
       origin, reason, created_at, activated_at, inactive_at)
     VALUES ($keyId, $artifactNo, 1, $alias, $searchKey, $state, 'X25519', $recipient, 'GNOME Keyring', 'seeded',
       'made', '', $encryptedAt, $encryptedAt, $inactiveAt)`,
    {
      keyId,
      artifactNo,
      alias: `${file} · key 1`,
      searchKey: nameKey(`${name} key 1 ${keyId}`),
      state,
      recipient: `age1seeded${n}`,
      encryptedAt,
      inactiveAt: state === 'active' ? null : encryptedAt + 40 * dayMs,
    },
  )
  context.run(
    `INSERT INTO key_copies VALUES ($keyNo, 'keychain', $where, $copy, $encryptedAt, $encryptedAt)`,
    {
      keyNo,
      where: `Weightlock/${keyId}`,
      copy: state === 'destroyed' ? 'destroyed' : 'present',
      encryptedAt,
    },
  )
  const { lastNo: payloadNo } = context.run(
    `INSERT INTO payloads (nonce, leaf_digests, root, algorithm)
     VALUES ($nonce, zeroblob(32), $root, 'blake3')`,
    { nonce: hex(n, 32), root: hex(n, 64) },
  )
  context.run(
    `INSERT INTO wraps (payload_no, key_no, fingerprint, from_at, is_pinned)
     VALUES ($payloadNo, $keyNo, $fingerprint, $encryptedAt, 1)`,
    { payloadNo, keyNo, fingerprint: hex(n, 64), encryptedAt },
  )
  const { lastNo: versionNo } = context.run(
    `INSERT INTO versions (artifact_no, number, payload_no, plaintext_bytes, is_folder, encrypted_at, is_unresolved,
       kind, kind_label)
     VALUES ($artifactNo, 1, $payloadNo, $plaintextBytes, 0, $encryptedAt, 0, $kind, $label)`,
    { artifactNo, payloadNo, plaintextBytes, encryptedAt, kind: kind.kind, label: kind.label },
  )
  context.run(
    `INSERT INTO objects (version_no, store_no, object_name, size_bytes, revision, is_present, recorded_at)
     VALUES ($versionNo, $store, $objectName, $sizeBytes, '', 1, $encryptedAt)`,
    {
      versionNo,
      store,
      objectName: `${name}.age`,
      sizeBytes: plaintextBytes + 261 + 16 * Math.ceil(plaintextBytes / 65_536),
      encryptedAt,
    },
  )
  return artifactNo
}

function seedForeign(context: Context, store: number, n: number, flat: boolean): void {
  const folder = flat ? '' : at(teams, n)
  const name = `${folder === '' ? '' : `${folder}/`}notes-${n}.md`
  context.run(`INSERT INTO foreign_objects VALUES ($store, $folder, $name, $key, $sizeBytes, $now, 0)`, {
    store,
    folder,
    name,
    key: nameKey(name),
    sizeBytes: 1000 + n,
    now: context.now(),
  })
}

/** Digits that differ for every number, of that many characters. */
const hex = (n: number, length: number): string => n.toString(16).padStart(length, '0')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      catalog: { type: 'string' },
      artifacts: { type: 'string', default: '100000' },
      foreign: { type: 'string', default: '0' },
      location: { type: 'string', default: '/nowhere' },
      flat: { type: 'boolean', default: false },
    },
  })
  if (values.catalog === undefined) throw new Error('name the file: --catalog FILE')
  const started = performance.now()
  const storeId = seedCatalog({
    path: values.catalog,
    artifacts: Number(values.artifacts),
    foreign: Number(values.foreign),
    location: values.location,
    flat: values.flat,
  })
  const tookMs = Math.round(performance.now() - started)
  console.log(JSON.stringify({ storeId, artifacts: Number(values.artifacts), tookMs }))
}
