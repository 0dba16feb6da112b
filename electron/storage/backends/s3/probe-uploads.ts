/** Finds out what a server does with uploads in parts: checksums, conditions, lists, copied parts. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import type { Checksum } from '../../backend.ts'
import { crc32Of, crc32Text } from '../../checksum.ts'
import { crc64Of, crc64Text } from '../../crc64.ts'
import type { StoreFindings } from '../../store-probe.ts'
import { checksumIn } from './checksums.ts'
import { copySource, decodedKey } from './names.ts'
import type { ProbeRecord } from './probe-record.ts'
import { algorithms } from './upload-algorithms.ts'

type Checksums = StoreFindings['checksums']
type UploadFindings = Pick<StoreFindings, 'conditionalComplete' | 'copyParts' | 'checksums' | 'listsUploads'>

export type Sample = {
  Bucket: string
  /** Of the sample object, which is there. */
  Key: string
  /** The store's. */
  prefix: string
  bytes: Buffer
  crc32: number
  crc64: bigint
  /** Every version that came to be, to be deleted again. */
  saw: (Key: string, versionId: string | undefined) => void
  /** An upload could not be aborted. */
  leftUpload: () => void
}

const wrongTag = `"${'0'.repeat(32)}"`
const inOrder: readonly Checksums[] = ['full-crc32', 'full-crc64nvme', 'parts-crc32', 'none']

/** @returns null where no upload could be begun */
export async function probeUploads(record: ProbeRecord, sample: Sample): Promise<UploadFindings | null> {
  for (const checksums of inOrder) {
    const found = await probeUpload(record, sample, checksums)
    if (found !== 'another') return found
  }
  return null
}

/** @returns 'another' where the server does not take these checksums, or reports none */
async function probeUpload(
  record: ProbeRecord,
  sample: Sample,
  checksums: Checksums,
): Promise<UploadFindings | null | 'another'> {
  const { Bucket, Key } = sample
  const begun = await begin(record, sample, checksums)
  if (begun === null) return checksums === 'none' ? null : 'another'
  const { UploadId } = begun
  const abort = () => abortSample(record, sample, UploadId)
  const part = await sendOnlyPart(record, sample, UploadId, checksums)
  if (part === null) {
    await abort()
    return checksums === 'none' ? null : 'another'
  }
  const listsUploads = await probeLists(record, sample, UploadId)
  const complete = (headers: { IfMatch?: string; IfNoneMatch?: string }) =>
    record.tryOut('write', (client, options) => {
      const MultipartUpload = { Parts: [part] }
      const whole = wholeOf(sample, checksums)
      const asked = { Bucket, Key, UploadId, MultipartUpload, ...whole, ...headers }
      return client.send(new CompleteMultipartUploadCommand(asked), options)
    })
  const refusals = []
  for (const headers of [{ IfNoneMatch: '*' }, { IfMatch: wrongTag }]) {
    const tried = await complete(headers)
    if (tried.ok) {
      sample.saw(Key, tried.value.VersionId)
      break
    }
    // A server that closes the upload as it refuses has compared all the same.
    refusals.push(tried.failure.code === 'store/precondition-failed' || refusals.length > 0)
  }
  const completed = await complete({})
  if (completed.ok) sample.saw(Key, completed.value.VersionId)
  else await abort()
  const reported = await reportedChecksum(record, sample)
  const isReported = {
    'full-crc32': reported?.algorithm === 'crc32' && reported.value === crc32Text(sample.crc32),
    'full-crc64nvme': reported?.algorithm === 'crc64nvme' && reported.value === crc64Text(sample.crc64),
    'parts-crc32': part.ChecksumCRC32 !== undefined,
    none: true,
  }
  if (!isReported[checksums]) return 'another'
  return {
    checksums,
    listsUploads,
    conditionalComplete: refusals.length === 2 && refusals.every(Boolean),
    copyParts: await probeCopiedPart(record, sample),
  }
}

async function abortSample(record: ProbeRecord, sample: Sample, UploadId: string): Promise<void> {
  const { Bucket, Key } = sample
  const aborted = await record.tryOut('abort-upload', (client, options) =>
    client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }), options),
  )
  if (!aborted.ok && aborted.failure.code !== 'store/upload-not-found') sample.leftUpload()
}

function attestedBy({ crc32, crc64 }: Sample, checksums: Checksums) {
  if (checksums === 'none') return {}
  return checksums === 'full-crc64nvme'
    ? { ChecksumCRC64NVME: crc64Text(crc64) }
    : { ChecksumCRC32: crc32Text(crc32) }
}

const wholeOf = (sample: Sample, checksums: Checksums) =>
  checksums === 'full-crc32' || checksums === 'full-crc64nvme'
    ? {
        ...attestedBy(sample, checksums),
        ChecksumType: 'FULL_OBJECT' as const,
        MpuObjectSize: sample.bytes.length,
      }
    : {}

async function begin(record: ProbeRecord, { Bucket, Key }: Sample, checksums: Checksums) {
  const tried = await record.tryOut('write', (client, options) =>
    client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...algorithms[checksums] }), options),
  )
  return tried.ok && tried.value.UploadId !== undefined ? { UploadId: tried.value.UploadId } : null
}

/** @returns the part as the server lists it, or as it answered where it may not be listed */
async function sendOnlyPart(record: ProbeRecord, sample: Sample, UploadId: string, checksums: Checksums) {
  const { Bucket, Key, bytes } = sample
  const sent = await record.tryOut('write', (client, options) => {
    const attested = attestedBy(sample, checksums)
    const Body = { Body: bytes, ContentLength: bytes.length }
    return client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, ...Body, ...attested }),
      options,
    )
  })
  const listed = await record.tryOut('list-parts', (client, options) =>
    client.send(new ListPartsCommand({ Bucket, Key, UploadId }), options),
  )
  if (!sent.ok) return null
  const { ETag, ChecksumCRC32, ChecksumCRC64NVME } =
    (listed.ok ? listed.value.Parts?.[0] : undefined) ?? sent.value
  return {
    PartNumber: 1,
    ETag,
    ...(crc32Of(ChecksumCRC32) === null ? {} : { ChecksumCRC32 }),
    ...(crc64Of(ChecksumCRC64NVME) === null ? {} : { ChecksumCRC64NVME }),
  }
}

async function probeLists(
  record: ProbeRecord,
  { Bucket, Key, prefix }: Sample,
  UploadId: string,
): Promise<StoreFindings['listsUploads']> {
  const isListed = async (Prefix: string) => {
    const tried = await record.tryOut('list-uploads', (client, options) =>
      client.send(new ListMultipartUploadsCommand({ Bucket, Prefix, EncodingType: 'url' }), options),
    )
    if (!tried.ok) return false
    const { Uploads = [], EncodingType, IsTruncated } = tried.value
    const found = Uploads.some(
      (each) => each.UploadId === UploadId && decodedKey(each.Key ?? '', EncodingType) === Key,
    )
    // Of a list that goes on another page may have it.
    return found || (IsTruncated === true && Uploads.length > 0)
  }
  if (await isListed(prefix)) return 'all'
  return (await isListed(Key)) ? 'by-name' : 'none'
}

async function reportedChecksum(record: ProbeRecord, { Bucket, Key }: Sample): Promise<Checksum | null> {
  const tried = await record.tryOut('read', (client, options) =>
    client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }), options),
  )
  const checksum = tried.ok ? checksumIn(tried.value) : null
  return checksum?.kind === 'full' ? checksum : null
}

async function probeCopiedPart(record: ProbeRecord, sample: Sample): Promise<boolean> {
  const { Bucket, Key } = sample
  const begun = await begin(record, sample, 'none')
  if (begun === null) return false
  const { UploadId } = begun
  const copied = await record.tryBoth((client, options) => {
    const asked = { Bucket, Key, UploadId, PartNumber: 1, CopySource: copySource(Bucket, Key) }
    return client.send(new UploadPartCopyCommand(asked), options)
  })
  await abortSample(record, sample, UploadId)
  return copied.ok && copied.value.CopyPartResult?.ETag !== undefined
}
