/** A small model of the life of keys, carried out on the real catalog, the real rules of the keychain and real age
 * headers: each action does what its job does, in its order, and says what it must have come to. */
import { parseHeader } from '../../age/header.ts'
import { generateFileKey } from '../../age/file-key.ts'
import { generateIdentity, identityText, parseIdentity } from '../../age/identity.ts'
import { openHeader } from '../../age/open-header.ts'
import { keyHeader } from '../../age/rewrap.ts'
import { fingerprint } from '../../age/fingerprint.ts'
import {
  addStore,
  asCatalog,
  by,
  catalogInThread,
  finishedVersion,
  type reserve,
} from '../../catalog/testing/catalog-in-thread.ts'
import { osKeychain } from '../../secrets/providers/os-keychain.ts'
import { silentKeychain } from '../../secrets/testing/silent-keychain.ts'
import type { KeyState } from '../../../shared/domain/key.ts'
import { expect } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { transition } from '../../../shared/key-state.ts'
import { type ArtifactId, type IncidentId, JobId, KeyId, newId } from '../../../shared/ids.ts'

export type ModelKey = {
  keyId: KeyId
  artifactId: ArtifactId
  name: string
  secret: string
  state: KeyState
  leaked: boolean
  /** Its item was taken out of the keychain behind the program's back. */
  lost: boolean
  exported: boolean
  /** It has a date to be destroyed on; the state that it had before. */
  scheduled: KeyState | null
  /** A destruction that was announced and has not ended. */
  destroying: JobId | null
}
export type ModelPayload = { fileKey: Uint8Array; nonce: Uint8Array; wrappedBy: Set<KeyId> }
export type ModelVersion = {
  artifactId: ArtifactId
  version: number
  payload: ModelPayload
  /** As it lies in the store. */
  header: Uint8Array
  /** Headers that a rotation wrote or found whose file went away: they open it where it turns up. */
  others: Uint8Array[]
  givenUpFor: Set<KeyId>
}
export type KeyLife = ReturnType<typeof keyLife>

/** An empty installation with one store. */
export function keyLife() {
  const catalog = catalogInThread()
  const storeId = addStore(catalog)
  const keychain = silentKeychain()
  const secrets = osKeychain({
    serviceName: 'Weightlock',
    canaryKnown: false,
    onCanaryMade: () => undefined,
    platform: 'linux',
    load: async () => keychain.keytar,
    backendName: async () => 'Keychain in memory',
    isLocked: async () => null,
  })
  return {
    catalog,
    asCatalog: asCatalog(catalog),
    storeId,
    keychain,
    secrets,
    keys: new Map<KeyId, ModelKey>(),
    versions: [] as ModelVersion[],
    /** Artifacts that are to be retired. */
    retiring: new Set<ArtifactId>(),
    incidents: [] as { incidentId: IncidentId; keyIds: KeyId[] }[],
    isLocked: false,
    keepsDeleted: false,
    dispose: () => catalog.dispose(),
  }
}

export const keysOf = (life: KeyLife, artifactId: ArtifactId): ModelKey[] =>
  [...life.keys.values()].filter((key) => key.artifactId === artifactId)

export const versionsOf = (life: KeyLife, artifactId: ArtifactId): ModelVersion[] =>
  life.versions.filter((version) => version.artifactId === artifactId)

/** No key is left of any header that it may lie under. */
export const isErased = (life: KeyLife, { header, others }: ModelVersion): boolean =>
  [header, ...others].every((each) => wrapperOf(life, each)?.state === 'destroyed')

/** The hint that this program writes into its headers. */
export function keyNamedIn(header: Uint8Array): KeyId {
  const named = /weightlock\.dev\/key ([a-z2-7]{26})/.exec(Buffer.from(header).toString('latin1'))
  return KeyId.parse(named?.[1])
}

/** @returns the code of an expected failure, or null; a bug is thrown */
export async function codeOf(run: () => unknown): Promise<string | null> {
  try {
    await run()
    return null
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    return failure.code
  }
}

export function startJob(
  { catalog }: KeyLife,
  kind: 'encrypt' | 'rewrap' | 're-encrypt' | 'destroy-key' | 'retire',
  keyId: KeyId | null = null,
): JobId {
  const jobId = newId(JobId)
  const job = { jobId, kind, spec: { kind }, title: 'a model', target: '', totalBytes: 1, artifactId: null }
  catalog.insertJob({ ...job, keyId, by })
  catalog.setJobState(jobId, 'running')
  return jobId
}

/** A key in the keychain and in the catalog, before it has encrypted anything.
 * @throws keychain/… and then there is none */
export async function makeKey(
  life: KeyLife,
  { jobId, artifactId, name }: { jobId: JobId; artifactId: ArtifactId; name: string },
): Promise<ModelKey> {
  const identity = generateIdentity('X25519')
  const keyId = newId(KeyId)
  const secret = identityText(identity)
  await life.secrets.ready()
  await life.secrets.write(keyId, secret)
  const recipient = identity.recipient().text
  const made = { jobId, keyId, artifactId, algorithm: 'X25519', recipient } as const
  life.catalog.keyPreActivated({ ...made, backend: 'Keychain in memory', madeOn: 'here', by })
  const key: ModelKey = {
    keyId,
    artifactId,
    name,
    secret,
    state: 'pre-activation',
    leaked: false,
    lost: false,
    exported: false,
    scheduled: null,
    destroying: null,
  }
  life.keys.set(keyId, key)
  return key
}

export const newPayload = (): ModelPayload => ({
  fileKey: generateFileKey(),
  nonce: crypto.getRandomValues(new Uint8Array(16)),
  wrappedBy: new Set(),
})

/** The header that the key's identity, as the keychain has it now, makes around the payload. */
export async function wrap(life: KeyLife, key: ModelKey, payload: ModelPayload) {
  const identity = parseIdentity(await life.secrets.read(key.keyId))
  const header = await keyHeader(identity.recipient(), payload.fileKey, key)
  return { header, fingerprint: fingerprint(header, payload.nonce) }
}

/** A version's facts as an encryption ends with them. */
export function factsOf(
  reservation: ReturnType<typeof reserve>,
  keyId: KeyId,
  payload: ModelPayload,
  found: string,
) {
  const facts = finishedVersion(reservation, keyId)
  const nonce = Buffer.from(payload.nonce).toString('hex')
  return { ...facts, payload: { ...facts.payload, nonce }, wrap: { keyId, fingerprint: found } }
}

const opened = new Map<string, Promise<boolean>>()

/** Whether the identity really opens the header. */
export function opens(secret: string, header: Uint8Array): Promise<boolean> {
  const name = `${secret} ${Buffer.from(header).toString('base64')}`
  const known = opened.get(name)
  if (known) return known
  const answer = openHeader(parseHeader(header), [parseIdentity(secret)]).then(
    () => true,
    (error: unknown) => {
      if (failureOf(error)?.code === 'age/no-identity-match') return false
      throw error
    },
  )
  opened.set(name, answer)
  return answer
}

export const chosen = <T>(from: readonly T[], at: number): T | undefined =>
  from[at % Math.max(1, from.length)]

export const isHere = (life: KeyLife, key: ModelKey) => life.keychain.items.has(`Weightlock/${key.keyId}`)

/** Moves the model's key; the catalog must have done the same. */
export function move(key: ModelKey, to: ModelKey['state']): void {
  expect(transition(key.state, to)).toEqual({ ok: true, value: to })
  key.state = to
}

/** The key that a version's header names, as the model knows it. */
export const wrapperOf = (life: KeyLife, header: Uint8Array): ModelKey | undefined =>
  life.keys.get(keyNamedIn(header))
