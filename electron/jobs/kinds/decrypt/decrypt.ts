/** Opens an artifact again, or any age file: the verified plaintext where the user says, or nothing at all. */
import { failureText } from '../../../../shared/failure-text.ts'
import { failureOf, type Failure } from '../../../../shared/failure.ts'
import type { StoredObject } from '../../../catalog/artifact-operations.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { openVersion, type OpenedVersion } from '../../open-version.ts'
import { auditingRefusals, isRefusal, recordRefusal } from '../../refusal.ts'
import type { Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import type { AgeFileKeys } from './age-file-keys.ts'
import { openForeign } from './open-foreign.ts'
import {
  DecryptSpec,
  type AgeFileToDecrypt,
  type ArtifactToDecrypt,
  type DecryptTarget,
} from './decrypt-spec.ts'
import { pinOnFirstUse } from './pin-on-first-use.ts'
import { finishedBefore, runDecrypt, settleTarget, takeBackTarget, type WholePayload } from './run-decrypt.ts'
import { wrappedElsewhere } from '../../objects/wrapped-elsewhere.ts'

const shownTarget = (target: DecryptTarget): string =>
  'path' in target ? `to ${safeText(target.path)}` : 'to standard output'

export const decryptKind = (services: Services, keys: AgeFileKeys): JobKindDefinition<DecryptSpec> => ({
  kind: 'decrypt',
  spec: DecryptSpec,
  describe: (spec) => ({
    title: spec.name,
    target: shownTarget(spec.target),
    artifactId: spec.what === 'artifact' ? spec.artifactId : null,
    keyId: null,
    totalBytes: spec.sizeBytes,
  }),
  canPause: true,
  stores: async (spec) => {
    if (spec.what === 'age-file') return 'storeId' in spec.source ? [spec.source.storeId] : []
    const { objects } = await services.catalog.versionForOpening(spec.artifactId, spec.version)
    return objects.map(({ storeId }) => storeId)
  },
  canRunAgain: ({ target }) => 'path' in target,
  canReveal: ({ target }) => ('path' in target ? target.path : null),
  safe: ({ target }) =>
    'path' in target
      ? 'No result has appeared where you asked. What has verified of a download waits beside it for the retry, and is taken back by a cancel. The stored ciphertext and its key are unchanged.'
      : 'What had verified is out already. The stored ciphertext and its key are unchanged.',
  run: async (spec, context) => {
    const finished = await finishedBefore(services, context)
    if (finished) return finished
    await settleTarget(services, context)
    return spec.what === 'artifact'
      ? auditingRefusals(
          (failure) => artifactRefused(services, spec, context, failure),
          () => decryptArtifact(services, spec, context),
        )
      : auditingRefusals(
          (failure) => ageFileRefused(services, spec, context, failure),
          () => decryptAgeFile(services, keys, spec, context),
        )
  },
  undo: async (_, context) => {
    const finished = await finishedBefore(services, context)
    if (finished) return finished
    await takeBackTarget(services, context)
    return null
  },
  settle: (_, context) => settleTarget(services, context),
})

async function artifactRefused(
  services: Services,
  { artifactId, version: asked }: ArtifactToDecrypt,
  context: JobContext,
  failure: Failure,
): Promise<void> {
  const { version } = await services.catalog.versionForOpening(artifactId, asked)
  await recordRefusal(services, context, { artifactId, version }, failure)
}

async function ageFileRefused(
  services: Services,
  { source, name }: AgeFileToDecrypt,
  context: JobContext,
  failure: Failure,
): Promise<void> {
  const { catalog } = services
  const owner = 'storeId' in source ? await catalog.objectOwner(source.storeId, source.objectName) : null
  if (owner !== null) return recordRefusal(services, context, owner, failure)
  await catalog.recordEvent({
    event: 'age-file-refused',
    on: name,
    artifactId: null,
    keyId: null,
    jobId: context.jobId,
    facts: { code: failure.code },
    by: context.by,
  })
}

/** Where the ciphertext in one store turns out not to be what was encrypted, another store's is taken, if there is one:
 * into a file, of which nothing has appeared yet. */
async function decryptArtifact(
  services: Services,
  spec: ArtifactToDecrypt,
  context: JobContext,
): Promise<JobOutcome> {
  context.report('reading', 0, spec.sizeBytes)
  const { artifactId } = spec
  const refused: StoredObject[] = []
  const isLeft = (object: StoredObject) => !refused.some((each) => isSameObject(each, object))
  const report: string[] = []
  let opened = await openVersion(services, artifactId, spec.version)
  for (;;) {
    const { version, object, store } = opened
    let waiting: OpenedVersion
    try {
      const ended = await decryptOpened(services, spec, context, opened)
      return { ...ended, report: [...report, ...(ended.report ?? [])] }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || !isRefusal(failure) || !('path' in spec.target)) throw error
      refused.push(object)
      const next = version.objects.some(isLeft)
        ? await unlessFailed(openVersion(services, artifactId, version.version, isLeft))
        : null
      if (next === null) throw error
      await recordRefusal(services, context, { artifactId, version: version.version }, failure)
      report.push(`Refused in ${safeText(store.row.name)}: ${failureText(failure).title}; read elsewhere`)
      waiting = next
    } finally {
      opened.close()
    }
    opened = waiting
  }
}

async function unlessFailed<T>(opening: Promise<T>): Promise<T | null> {
  try {
    return await opening
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}

const isSameObject = (one: StoredObject, other: StoredObject): boolean =>
  one.storeId === other.storeId && one.objectName === other.objectName

async function decryptOpened(
  services: Services,
  spec: ArtifactToDecrypt,
  context: JobContext,
  opened: OpenedVersion,
): Promise<JobOutcome> {
  const { version, file, fileKey, source, keyId, recognised, store, info } = opened
  const outcome = version.leafDigests === null ? 'Decrypted; trusted on first use' : 'Decrypted and verified'
  const pinnedLeafDigests = version.leafDigests
  const payload = { name: version.name, file, fileKey, source, pinnedLeafDigests, outcome }
  const { by, jobId } = context
  const { artifactId } = spec
  const record = async (to: string, whole: WholePayload | null) => {
    if (recognised.wrap === null) await wrappedElsewhere(services, opened, by)
    if (whole !== null) await pinOnFirstUse(services, context, opened, whole)
    await services.catalog.artifactDecrypted({ artifactId, version: version.version, keyId, to, jobId, by })
  }
  return asReadFailure(store, info.name, () => runDecrypt(services, context, payload, spec.target, record))
}

async function decryptAgeFile(
  services: Services,
  keys: AgeFileKeys,
  spec: AgeFileToDecrypt,
  context: JobContext,
): Promise<JobOutcome> {
  context.report('reading', 0, spec.sizeBytes)
  const opened = await openForeign(services, spec.source, keys.take(context.jobId))
  try {
    const payload = { ...opened, name: spec.name }
    const record = async (to: string) => {
      await services.catalog.recordEvent({
        event: 'age-file-decrypted',
        on: spec.name,
        artifactId: null,
        keyId: null,
        jobId: context.jobId,
        facts: { to, fingerprint: opened.file.fingerprint },
        by: context.by,
      })
    }
    return await opened.reading(() => runDecrypt(services, context, payload, spec.target, record))
  } finally {
    await opened.close()
  }
}
