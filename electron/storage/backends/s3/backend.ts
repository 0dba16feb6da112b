/** The parts of an S3 store, put together. */
import { failureOf } from '../../../../shared/failure.ts'
import type { StoreFindings } from '../../store-probe.ts'
import { connectTo, type ConnectionOptions } from './connection.ts'
import { copyObject } from './copying.ts'
import { deleteObject, deleteVersion, listVersions } from './deleting.ts'
import { isRecent, type KeptFindings } from './kept-findings.ts'
import { listPage } from './listing.ts'
import type { Names } from './names.ts'
import { headObject } from './object-info.ts'
import type { LoadedBackend } from './opened-later.ts'
import { newTrialNames, probeStore } from './probe.ts'
import { readRange } from './read-range.ts'
import { replaceMetadata } from './replacing-metadata.ts'
import { writesOf } from './writes.ts'

export type S3Options = ConnectionOptions & {
  /** What an earlier probe found; without it the store is probed when that is first needed. */
  findings?: StoreFindings | null
  /** Where findings are kept from one start to the next. */
  kept?: KeptFindings | null
  now?: () => number
}

export function openS3(options: S3Options, names: Names): Omit<LoadedBackend, 'location' | 'isSameWrite'> {
  const connection = connectTo(options)
  const { settings } = connection
  const now = options.now ?? Date.now
  const remembered = (asking: Promise<StoreFindings | null>) => ({ asking, atMs: now() })
  let found = options.findings ? remembered(Promise.resolve(options.findings)) : null
  const probe = async (signal?: AbortSignal) => {
    await takeBackEarlier(signal)
    const trial = newTrialNames()
    await options.kept?.begun([...trial])
    const probed = await probeStore(connection, trial, signal)
    if (probed.findings !== null) found = remembered(Promise.resolve(probed.findings))
    if (probed.left.length === 0 && probed.leftUploads === 0) await options.kept?.ended(probed.findings)
    return probed
  }
  const recalled = async () => (await options.kept?.recall()) ?? null
  /** What could not be found out is asked again the next time; what was, after a day. */
  const findings = async (): Promise<StoreFindings | null> => {
    if (found !== null && !isRecent(found.atMs, now())) found = null
    const mine = (found ??= remembered(
      recalled().then(async (kept) => kept ?? probe().then((probed) => probed.findings)),
    ))
    const known = await mine.asking.catch(() => null)
    if (known === null && found === mine) found = null
    return known
  }
  const writes = writesOf(connection, names, findings)
  /** What an earlier probe was killed over. As far as that is allowed: it is a few kilobytes, and no reason to fail. */
  const takeBackEarlier = async (signal: AbortSignal | undefined): Promise<void> => {
    const given = signal === undefined ? {} : { signal }
    for (const name of (await options.kept?.trialNames()) ?? [])
      try {
        const uploads = await writes.listWrites({ ...given, of: { name, jobId: '' } })
        for (const { id } of uploads) await writes.abortWrite(id, given)
        await deleteObject(connection, names, name, given, async () => false)
        for (const { versionId } of await listVersions(connection, names, name, signal))
          await deleteVersion(connection, names, name, versionId, signal)
      } catch (error) {
        signal?.throwIfAborted()
        if (failureOf(error) === null) throw error
      }
  }

  return {
    kind: 's3',
    ...writes,
    capabilities: async () => {
      const known = await findings()
      const { minPartBytes, maxPartBytes, maxParts, maxObjectBytes } = settings.limits
      return {
        conditionalWrites: known !== null && known.conditionalPut && known.conditionalComplete,
        exclusiveCreate: known !== null && known.conditionalPut && known.conditionalComplete,
        objectVersions: known?.objectVersions ?? false,
        copyParts: known?.copyParts ?? false,
        replaceHead: false,
        directWrite: false,
        metadata: true,
        namesJobs: false,
        listsWrites: known?.listsUploads ?? 'none',
        resumesWrites: true,
        checksums: checksumKinds[known?.checksums ?? 'none'],
        attestsParts: known?.checksums === 'full-crc32' || known?.checksums === 'parts-crc32',
        minPartBytes,
        maxPartBytes,
        maxParts,
        maxObjectBytes,
      }
    },
    head: (name, given) => headObject(connection, names, name, given?.signal),
    list: (prefix, page, given) => listPage(connection, names, prefix, page, given?.signal),
    read: (name, range, given) => readRange(connection, names, name, range, given),
    replaceMetadata: async (name, metadata, given) =>
      replaceMetadata(connection, names, writes, await findings(), name, metadata, given),
    copy: async (from, to, given) => copyObject(connection, names, writes, await findings(), from, to, given),
    delete: (name, given) =>
      deleteObject(
        connection,
        names,
        name,
        given ?? {},
        async () => (await findings())?.conditionalDelete === true,
      ),
    versions: (name, given) => listVersions(connection, names, name, given?.signal),
    deleteVersion: (name, versionId, given) =>
      deleteVersion(connection, names, name, versionId, given?.signal),
    probe: (given) => probe(given?.signal),
    close: async () => connection.close(),
  }
}

const checksumKinds = {
  'full-crc32': 'full',
  'full-crc64nvme': 'full',
  'parts-crc32': 'parts',
  none: 'none',
} as const
