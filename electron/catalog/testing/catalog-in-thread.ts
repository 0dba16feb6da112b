/** The catalog without its thread, and the steps that every test of it needs. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ArtifactId, JobId, KeyId, newId, StoreId } from '../../../shared/ids.ts'
import type { Actor, Catalog, Operations } from '../catalog.ts'
import type { EncryptedVersion, Reservation } from '../encrypt-operations.ts'
import { openOperations, type OperationName } from '../operations.ts'
import { operationNames } from '../operation-names.ts'

export const by: Actor = { who: 'dana.k', via: 'window' }

export type CatalogInThread = Operations & {
  path: string
  folder: string
  /** Set to move the clock. */
  clock: { now: number }
  /** Changed parts of the last operation. */
  lastChanged: () => string[]
  close: () => void
  /** Closes and opens again. */
  reopen: () => CatalogInThread
  dispose: () => void
}

/** In memory where the system offers that, so that a thousand commits cost nothing. */
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder of its own, removed by `dispose`. */
export function catalogInThread(folder = mkdtempSync(join(parent, 'weightlock-catalog-'))): CatalogInThread {
  const path = join(folder, 'catalog.sqlite')
  const clock = { now: Date.UTC(2026, 10, 23, 14) }
  const database = openOperations(path, 'machine-1', () => clock.now)
  let changed: string[] = []
  const methods = Object.fromEntries(
    operationNames.map((name) => [
      name,
      (...request: unknown[]) => {
        const answer = database.carryOut(name as OperationName, request)
        changed = answer.changed
        return answer.value
      },
    ]),
  )
  let isOpen = true
  const close = () => {
    if (isOpen) database.close()
    isOpen = false
  }
  return {
    ...(methods as unknown as Operations),
    path,
    folder,
    clock,
    lastChanged: () => changed,
    close,
    reopen: () => {
      close()
      return catalogInThread(folder)
    },
    dispose: () => {
      close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function addStore(catalog: CatalogInThread, name = 'models', location = `/srv/${name}`): StoreId {
  const storeId = newId(StoreId)
  const settings = { folder: location }
  catalog.addStore({ storeId, name, kind: 'local-folder', settings, location, makeDefault: false, by })
  return storeId
}

/** Everything at the top of every store, by name, unless more is said. */
export const listed = (
  catalog: CatalogInThread,
  more: Partial<Parameters<Operations['listEntries']>[0]> = {},
) =>
  catalog.listEntries({
    storeId: null,
    folder: '',
    deep: false,
    query: '',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
    foreign: true,
    ...more,
  })

/** A job in state `running`. */
export function startJob(
  catalog: CatalogInThread,
  kind: 'encrypt' | 'destroy-key' | 'rebuild' | 'adopt' = 'encrypt',
): JobId {
  const jobId = newId(JobId)
  const links = { artifactId: null, keyId: null }
  catalog.insertJob({
    jobId,
    kind,
    spec: { kind },
    title: 'model.pkl',
    target: 'to models',
    totalBytes: 10,
    by,
    ...links,
  })
  catalog.setJobState(jobId, 'running')
  return jobId
}

export const reserve = (
  catalog: CatalogInThread,
  storeId: StoreId,
  name: string,
  more: {
    separate?: boolean
    taken?: string[]
    jobId?: JobId
    isFolder?: boolean
    opaqueName?: boolean
  } = {},
): Reservation =>
  catalog.reserveVersion({
    storeId,
    name,
    jobId: more.jobId ?? startJob(catalog),
    isFolder: more.isFolder ?? false,
    separate: more.separate ?? false,
    taken: more.taken ?? [],
    opaqueName: more.opaqueName ?? false,
  })

export function makeKey(catalog: CatalogInThread, { jobId, artifactId }: Reservation): KeyId {
  const keyId = newId(KeyId)
  catalog.keyPreActivated({
    jobId,
    keyId,
    artifactId,
    algorithm: 'X25519',
    recipient: `age1${keyId}`,
    backend: 'GNOME Keyring',
    madeOn: 'ws-041',
    by,
  })
  return keyId
}

const hex = (length: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

/** What an encryption ends with. */
export function finishedVersion(
  reservation: Reservation,
  keyId: KeyId,
  more: Partial<EncryptedVersion> = {},
): EncryptedVersion {
  const { jobId, artifactId, version, storeId, objectName } = reservation
  return {
    jobId,
    artifactId,
    version,
    payload: {
      nonce: hex(16),
      leafDigests: crypto.getRandomValues(new Uint8Array(64)),
      root: hex(32),
      algorithm: 'blake3',
    },
    wrap: { keyId, fingerprint: hex(32) },
    object: { storeId, name: objectName, sizeBytes: 1245, revision: 'r1' },
    plaintextBytes: 1000,
    encryptedAt: Date.UTC(2026, 10, 23, 14),
    summary: {
      kind: 'pickle',
      label: 'pickle · scikit-learn 1.7.2',
      framework: null,
      warning: null,
      malformed: null,
    },
    isFolder: false,
    manifest: null,
    by,
    ...more,
  }
}

export type Encrypted = {
  jobId: JobId
  artifactId: ArtifactId
  keyId: KeyId
  version: number
  facts: EncryptedVersion
}

/** A whole encryption; with the artifact's active key where it has one. */
export function encrypt(
  catalog: CatalogInThread,
  storeId: StoreId,
  name: string,
  more: Parameters<typeof reserve>[3] & { facts?: Partial<EncryptedVersion> } = {},
): Encrypted {
  const reservation = reserve(catalog, storeId, name, more)
  const { jobId, artifactId, version, activeKeyId } = reservation
  const keyId = activeKeyId ?? makeKey(catalog, reservation)
  const facts = finishedVersion(reservation, keyId, more.facts)
  catalog.encryptCompleted({
    ...facts,
    activateKey: activeKeyId === null,
    end: { outcome: 'Stored and verified', report: [] },
  })
  return { jobId, artifactId, keyId, version, facts }
}

/** A whole destruction. */
export function destroyKey(catalog: CatalogInThread, keyId: KeyId) {
  const jobId = startJob(catalog, 'destroy-key')
  const step = { jobId, keyId, wasPresent: true, reason: 'asked', by }
  catalog.keyDestroying(step)
  catalog.keyDestroyed({ ...step, facts: { readBack: 'item empty, canary readable' } })
  const rest = { triedToOpen: [], outcome: 'Destroyed and read back', report: [] }
  return catalog.keyDestroyCompleted({ jobId, keyId, by, ...rest })
}

/** The same with promises, for what is written against `Catalog`. */
export function asCatalog(catalog: CatalogInThread): Catalog {
  const operations: Record<string, unknown> = { ...catalog }
  const methods = Object.fromEntries(
    operationNames.map((name) => [
      name,
      async (...request: unknown[]): Promise<unknown> => {
        const operation = operations[name]
        if (typeof operation !== 'function') throw new TypeError(`${name} is not an operation`)
        return Reflect.apply(operation, undefined, request)
      },
    ]),
  )
  return {
    ...methods,
    onChanged: () => () => undefined,
    close: async () => catalog.close(),
  } as unknown as Catalog
}
