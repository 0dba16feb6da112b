/** Rotation by a new header: the payload stays what it is (cryptography.md, section 5, "Rewrap"). */
import { fail } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { fingerprint as fingerprintOf } from '../../../age/fingerprint.ts'
import { keyHeader, keyHeaderBytes } from '../../../age/rewrap.ts'
import type { JobContext, JobKindDefinition } from '../../job-kind.ts'
import type { ArtifactKey } from '../../new-key.ts'
import { openFound, type FoundVersion } from '../../open-version.ts'
import type { CoveredVersion } from '../../rotation/found-objects.ts'
import { replaceHead } from '../../rotation/replace-head.ts'
import { conditionLine, replaceObject } from '../../rotation/replace-object.ts'
import type { Rotation } from '../../rotation/rotate-artifact.ts'
import { rotationKind } from '../../rotation/rotation-kind.ts'
import { readRotationJournal } from '../../rotation/rotation-journal.ts'
import type { RotationSpec } from '../../rotation/rotation-spec.ts'
import type { Services } from '../../services.ts'
import { ciphertextOf } from '../../objects/ciphertext-of.ts'

export const rewrapKind = (services: Services): JobKindDefinition<RotationSpec> =>
  rotationKind(services, 'rewrap', 'a new key, the same payload', rewrapping)

const rewrapping = (services: Services, context: JobContext): Rotation => ({
  method: 'rewrap',
  outcome: 'Rewrapped and verified',
  check: requireSameLength,
  switchObject: async ({ key, covered, found }, onProgress) => {
    const { header, fingerprint } = await plannedHeader(services, context, key, covered)
    const { file, info, store } = found
    if (file.fingerprint === fingerprint) return { fingerprint }
    const others = (info.names ?? 1) - 1
    if (store.backend.replaceHead !== undefined && others === 0) {
      await replaceHead(context, found, header)
      return { fingerprint }
    }
    const old = ciphertextOf(found)
    const ciphertext = { ...old, start: Buffer.concat([header, file.payloadNonce]) }
    const replacement = { found, keyId: key.keyId, ciphertext, fingerprint, from: found }
    await replaceObject(services, context, replacement, onProgress)
    const line = others === 0 ? await conditionLine(found) : otherNames(found, others)
    return line === undefined ? { fingerprint } : { fingerprint, line }
  },
})

const otherNames = ({ info }: FoundVersion, others: number): string =>
  `${safeText(info.name)}: ${formatCounted(others, 'other name')} of the file ${others === 1 ? 'keeps' : 'keep'} the old header, which the old key opens`

/** @throws WeightlockError `rotation/needs-re-encryption` */
function requireSameLength({ version, found }: CoveredVersion, { recipient }: ArtifactKey): void {
  const lengthBytes = keyHeaderBytes[recipient.algorithm]
  for (const { file, version: of } of found)
    if (file.isArmored || file.header.bytes.length !== lengthBytes)
      fail({ code: 'rotation/needs-re-encryption', name: of.name, version })
}

/** One header for all objects of a version, journaled before it is written anywhere, and accepted from then on. */
async function plannedHeader(
  services: Services,
  context: JobContext,
  key: ArtifactKey,
  { version, found }: CoveredVersion,
): Promise<{ header: Uint8Array; fingerprint: string }> {
  const planned = (await readRotationJournal(context)).headers.findLast((each) => each.version === version)
  if (planned !== undefined)
    return { header: Buffer.from(planned.header, 'base64'), fingerprint: planned.fingerprint }
  const [first] = found
  if (first === undefined) throw new Error('a version without objects has no header')
  const { artifactId } = first.version
  const opened = await openFound(services, first)
  try {
    const hint = { keyId: key.keyId, artifactId }
    const header = await keyHeader(key.recipient, opened.fileKey, hint)
    const fingerprint = fingerprintOf(header, first.file.payloadNonce)
    const { jobId } = context
    const text = Buffer.from(header).toString('base64')
    const request = { jobId, artifactId, version, keyId: key.keyId, fingerprint, header: text }
    await context.checkpoint('header', () => services.catalog.headerPlanned(request))
    return { header, fingerprint }
  } finally {
    opened.close()
  }
}
