/** Rotation by a new file key and payload: what a compromise demands. */
import { inTurn } from '../../../keys/in-turn.ts'
import type { JobContext, JobKindDefinition } from '../../job-kind.ts'
import { findObject, type FoundVersion } from '../../open-version.ts'
import type { CoveredVersion } from '../../rotation/found-objects.ts'
import { conditionLine, replaceObject, settleReplacing } from '../../rotation/replace-object.ts'
import { rotateArtifact, undoRotation, type Rotation } from '../../rotation/rotate-artifact.ts'
import { RotationSpec } from '../../rotation/rotation-spec.ts'
import { storesOfRotation } from '../../rotation/stores-of-rotation.ts'
import type { Services } from '../../services.ts'
import { ciphertextOf } from '../../objects/ciphertext-of.ts'
import { reEncryptObject } from './re-encrypt-object.ts'

export const reEncryptKind = (services: Services): JobKindDefinition<RotationSpec> => ({
  kind: 're-encrypt',
  spec: RotationSpec,
  describe: ({ name, artifactId, keyId, sizeBytes }) => ({
    title: name,
    target: 'a new key and a new payload',
    artifactId,
    keyId,
    totalBytes: sizeBytes,
  }),
  canPause: true,
  canReveal: () => null,
  stores: (spec) => storesOfRotation(services, spec),
  safe: () =>
    'Every version opens with the old key or with the new one; both are in the keychain, and no key was destroyed.',
  run: (spec, context) =>
    inTurn(
      spec.artifactId,
      () => rotateArtifact(services, spec, context, reEncrypting(services, context)),
      context.signal,
    ),
  undo: (spec, context) => inTurn(spec.artifactId, () => undoRotation(services, spec, context)),
  settle: (_, context) => settleReplacing(services, context),
})

const reEncrypting = (services: Services, context: JobContext): Rotation => ({
  method: 're-encrypt',
  outcome: 'Re-encrypted and verified',
  check: () => undefined,
  switchObject: async ({ key, covered, found }, onProgress) => {
    const planned = await plannedFingerprint(context, covered.version)
    if (planned !== null && found.file.fingerprint === planned) return { fingerprint: planned }
    // All objects of a version have one payload: the first is encrypted, the others become copies of it.
    const twin = planned === null ? null : await findTwin(services, covered, found, planned)
    const fingerprint = twin?.file.fingerprint ?? null
    if (twin !== null && fingerprint !== null) {
      const ciphertext = ciphertextOf(twin)
      const replacement = { found, keyId: key.keyId, ciphertext, fingerprint, from: twin }
      await replaceObject(services, context, replacement, onProgress)
    }
    const written = fingerprint ?? (await reEncryptObject(services, context, key, found, onProgress))
    const line = await conditionLine(found)
    return line === undefined ? { fingerprint: written } : { fingerprint: written, line }
  },
})

/** Of the payload that the version is to have, once one was written to its end. */
async function plannedFingerprint(context: JobContext, version: number): Promise<string | null> {
  const last = (await context.steps()).findLast(
    ({ step, facts }) => step === 'payload' && facts['version'] === version,
  )
  const fingerprint = last?.facts['fingerprint']
  return typeof fingerprint === 'string' ? fingerprint : null
}

/** Another object of the version that has its new payload already. */
async function findTwin(
  services: Services,
  { version, found: all }: CoveredVersion,
  { object, version: { artifactId } }: FoundVersion,
  fingerprint: string,
): Promise<FoundVersion | null> {
  const now = await services.catalog.versionForOpening(artifactId, version)
  for (const other of all) {
    if (other.object.storeId === object.storeId && other.object.objectName === object.objectName) continue
    const found = await findObject(services, now, other.object)
    if (found?.file.fingerprint === fingerprint) return found
  }
  return null
}
