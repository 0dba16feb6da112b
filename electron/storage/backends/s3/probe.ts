/**
 * Tries a bucket out: every action by itself, so that what is denied can be named, and what the server does with
 * conditions, checksums, versions and copies. Takes back what it wrote, its object versions too.
 */
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3'
import { JobId, newId } from '../../../../shared/ids.ts'
import { crc32Text } from '../../checksum.ts'
import { createCrc64 } from '../../crc64.ts'
import type { ProbedAction, StoreFindings, StoreProbe } from '../../store-probe.ts'
import { temporaryName } from '../../temporary-name.ts'
import type { Connection } from './connection.ts'
import { granteeOf, policyOf } from './grants.ts'
import { copySource } from './names.ts'
import { Hopeless, recordOf, type ProbeRecord } from './probe-record.ts'
import { probeUploads, type Sample } from './probe-uploads.ts'

const sampleBytes = 4096
const wrongTag = `"${'0'.repeat(32)}"`

/** What a probe writes, by names that nothing else has. */
export type TrialNames = readonly [sample: string, copy: string]
export const newTrialNames = (): TrialNames => [temporaryName(newId(JobId)), temporaryName(newId(JobId))]

/** Never fails for what the store does.
 * @throws the signal's reason */
export async function probeStore(
  connection: Connection,
  [sampleName, copyName]: TrialNames,
  signal?: AbortSignal,
): Promise<StoreProbe> {
  const atMs = Date.now()
  const { bucket: Bucket, prefix, endpoint } = connection.settings
  const record = recordOf(connection, signal)
  const versions: { Key: string; VersionId: string }[] = []
  const bytes = randomBytes(sampleBytes)
  let leftUploads = 0
  const sample: Sample = {
    Bucket,
    Key: prefix + sampleName,
    prefix,
    bytes,
    crc32: crc32(bytes),
    crc64: crc64Of(bytes),
    leftUpload: () => void (leftUploads += 1),
    saw: (Key, VersionId) => void (VersionId === undefined || versions.push({ Key, VersionId })),
  }
  const copyKey = prefix + copyName
  const ended = (rest: Pick<StoreProbe, 'failure' | 'findings' | 'left'>): StoreProbe => ({
    atMs,
    tookMs: Date.now() - atMs,
    isPlain: endpoint?.protocol === 'http:',
    actions: record.actions(),
    leftUploads,
    grantee: record.grantee() ?? granteeOf(connection.settings),
    policy: policiesOf(connection.settings, record.actions()),
    ...rest,
  })

  let isWritten = false
  let findings: StoreFindings | null = null
  try {
    await record.tryOut('list', (client, options) =>
      client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix, MaxKeys: 1 }), options),
    )
    isWritten = await putSample(record, sample)
    await probeRead(record, sample)
    await probeTags(record, sample)
    const objectVersions = await probeVersioning(record, sample)
    if (isWritten) {
      const conditionalPut = await probeConditionalPut(record, sample)
      const conditionalCopy = await probeConditionalCopy(record, sample, copyKey)
      const uploads = await probeUploads(record, sample)
      const conditionalDelete = await probeConditionalDelete(record, sample)
      if (uploads !== null)
        findings = {
          conditionalPut,
          conditionalCopy,
          conditionalDelete,
          objectVersions: objectVersions ?? versions.some(({ VersionId }) => VersionId !== 'null'),
          ...uploads,
        }
    } else await probeWithoutWriting(record, sample)
  } catch (error) {
    if (!(error instanceof Hopeless)) throw error
    const left = isWritten ? [sample.Key] : []
    return ended({ failure: error.failure, findings: null, left })
  }
  try {
    const left = await takeBack(record, sample, [sample.Key, copyKey], versions)
    return ended({ failure: null, findings, left: isWritten ? left : [] })
  } catch (error) {
    if (!(error instanceof Hopeless)) throw error
    return ended({ failure: error.failure, findings, left: isWritten ? [sample.Key] : [] })
  }
}

function policiesOf(settings: Connection['settings'], actions: ProbedAction[]): StoreProbe['policy'] {
  const whole = policyOf(
    settings,
    actions.map(({ action }) => action),
  )
  const denied = actions.filter(({ answer }) => answer === 'denied')
  return whole === null
    ? null
    : {
        whole,
        missing: policyOf(
          settings,
          denied.map(({ action }) => action),
        ),
      }
}

function crc64Of(bytes: Uint8Array): bigint {
  const sum = createCrc64()
  sum.update(bytes)
  return sum.value()
}

/** With a checksum; where the server chokes on it, without. */
async function putSample(record: ProbeRecord, sample: Sample): Promise<boolean> {
  const { Bucket, Key, bytes } = sample
  for (const attested of [{ ChecksumCRC32: crc32Text(sample.crc32) }, {}]) {
    const tried = await record.tryOut('write', (client, options) => {
      const Body = { Body: bytes, ContentLength: bytes.length }
      return client.send(new PutObjectCommand({ Bucket, Key, ...Body, ...attested }), options)
    })
    if (tried.ok) {
      sample.saw(Key, tried.value.VersionId)
      return true
    }
    if (tried.failure.code === 'store/permission-missing') return false
  }
  return false
}

async function probeRead(record: ProbeRecord, { Bucket, Key }: Sample): Promise<void> {
  await record.tryOut('read', async (client, options) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-9' }), options)
    await Body?.transformToByteArray()
  })
}

/** A server that knows no tags has none to lose. */
async function probeTags(record: ProbeRecord, { Bucket, Key }: Sample): Promise<void> {
  await record.tryOut('read-tags', async (client, options) => {
    try {
      await client.send(new GetObjectTaggingCommand({ Bucket, Key }), options)
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 501)) throw error
    }
  })
}

/** @returns null where it may not be asked */
async function probeVersioning(record: ProbeRecord, { Bucket, Key }: Sample): Promise<boolean | null> {
  const status = await record.tryOut('read-versioning', (client, options) =>
    client.send(new GetBucketVersioningCommand({ Bucket }), options),
  )
  await record.tryOut('list-versions', (client, options) =>
    client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key, MaxKeys: 10 }), options),
  )
  return status.ok ? status.value.Status !== undefined : null
}

async function probeConditionalPut(record: ProbeRecord, sample: Sample): Promise<boolean> {
  const { Bucket, Key, bytes } = sample
  let refusals = 0
  for (const headers of [{ IfNoneMatch: '*' }, { IfMatch: wrongTag }]) {
    const tried = await record.tryOut('write', (client, options) => {
      const Body = { Body: bytes, ContentLength: bytes.length }
      return client.send(new PutObjectCommand({ Bucket, Key, ...Body, ...headers }), options)
    })
    if (tried.ok) sample.saw(Key, tried.value.VersionId)
    else if (tried.failure.code === 'store/precondition-failed') refusals++
  }
  return refusals === 2
}

async function probeConditionalCopy(record: ProbeRecord, sample: Sample, copyKey: string): Promise<boolean> {
  const { Bucket, Key } = sample
  const copy = async () => {
    const tried = await record.tryBoth((client, options) => {
      const asked = { Bucket, Key: copyKey, CopySource: copySource(Bucket, Key), IfNoneMatch: '*' }
      return client.send(new CopyObjectCommand(asked), options)
    })
    if (tried.ok) sample.saw(copyKey, tried.value.VersionId)
    return tried
  }
  if (!(await copy()).ok) return false
  const again = await copy()
  return !again.ok && again.failure.code === 'store/precondition-failed'
}

async function probeConditionalDelete(record: ProbeRecord, sample: Sample): Promise<boolean> {
  const { Bucket, Key } = sample
  const tried = await record.tryOut('delete', (client, options) =>
    client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: wrongTag }), options),
  )
  if (tried.ok) sample.saw(Key, tried.value.VersionId)
  return !tried.ok && tried.failure.code === 'store/precondition-failed'
}

/** What credentials may do that may not write: what is not there is asked for. */
async function probeWithoutWriting(record: ProbeRecord, { Bucket, Key, prefix }: Sample): Promise<void> {
  const UploadId = randomBytes(16).toString('hex')
  await record.tryOut('delete', (client, options) =>
    client.send(new DeleteObjectCommand({ Bucket, Key }), options),
  )
  await record.tryOut('abort-upload', (client, options) =>
    client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), options),
  )
  await record.tryOut('list-parts', (client, options) =>
    client.send(new ListPartsCommand({ Bucket, Key, UploadId }), options),
  )
  await record.tryOut('list-uploads', (client, options) =>
    client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }), options),
  )
}

/** @returns keys of what could not be taken back */
async function takeBack(
  record: ProbeRecord,
  { Bucket, saw }: Sample,
  keys: string[],
  versions: { Key: string; VersionId: string }[],
): Promise<string[]> {
  const left = new Set<string>()
  for (const Key of keys) {
    const deleted = await record.tryOut('delete', (client, options) =>
      client.send(new DeleteObjectCommand({ Bucket, Key }), options),
    )
    if (deleted.ok) saw(Key, deleted.value.VersionId)
    else left.add(Key)
  }
  for (const { Key, VersionId } of versions) {
    const deleted = await record.tryOut('delete-version', (client, options) =>
      client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }), options),
    )
    if (!deleted.ok) left.add(Key)
  }
  return [...left]
}
