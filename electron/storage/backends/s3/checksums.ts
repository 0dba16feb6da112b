/** What S3 says of an object's bytes, in our terms. */
import type { Checksum } from '../../backend.ts'

type Reported = {
  ChecksumCRC32?: string | undefined
  ChecksumCRC32C?: string | undefined
  ChecksumCRC64NVME?: string | undefined
  ChecksumSHA1?: string | undefined
  ChecksumSHA256?: string | undefined
  ChecksumType?: string | undefined
}

/** The one of most use where there are several.
 * @returns null where the store reports none */
export function checksumIn(reported: Reported): Checksum | null {
  const known = [
    ['crc32', reported.ChecksumCRC32],
    ['crc64nvme', reported.ChecksumCRC64NVME],
    ['crc32c', reported.ChecksumCRC32C],
    ['sha256', reported.ChecksumSHA256],
    ['sha1', reported.ChecksumSHA1],
  ] as const
  for (const [algorithm, value] of known) {
    if (value === undefined || value === '') continue
    // Over the checksums of parts it ends with their number; older servers do not name the kind.
    const isOfParts = reported.ChecksumType === 'COMPOSITE' || value.includes('-')
    return { algorithm, value, kind: isOfParts ? 'parts' : 'full' }
  }
  return null
}
