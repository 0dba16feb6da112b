/** Rotation by a new file key and payload: what a compromise demands. */
import { formatCounted } from '../../../../shared/format.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition } from '../../job-kind.ts'
import { findObject, type FoundVersion } from '../../open-version.ts'
import type { CoveredVersion } from '../../rotation/found-objects.ts'
import { conditionLine, replaceObject } from '../../rotation/replace-object.ts'
import type { Rotation } from '../../rotation/rotate-artifact.ts'
import { rotationKind } from '../../rotation/rotation-kind.ts'
import type { RotationSpec } from '../../rotation/rotation-spec.ts'
import type { Services } from '../../services.ts'
import { ciphertextOf } from '../../objects/ciphertext-of.ts'
import { reEncryptObject } from './re-encrypt-object.ts'

export const reEncryptKind = (services: Services): JobKindDefinition<RotationSpec> =>
  rotationKind(services, 're-encrypt', 'a new key and a new payload', reEncrypting)

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
    const others = (found.info.names ?? 1) - 1
    const line = others === 0 ? await conditionLine(found) : otherNames(found, others)
    return line === undefined ? { fingerprint: written } : { fingerprint: written, line }
  },
})

const otherNames = ({ info }: FoundVersion, others: number): string =>
  `${safeText(info.name)}: ${formatCounted(others, 'other name')} of the file ${others === 1 ? 'keeps' : 'keep'} what it was, which the old key opens`

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
