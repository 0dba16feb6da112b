import { fail } from '../../shared/failure.ts'
import { looksArmored, openArmor } from './armor.ts'
import { fingerprint } from './fingerprint.ts'
import { headerLimitBytes, parseHeader, type Header } from './header.ts'
import { payloadNonceBytes, plaintextSizeBytes } from './payload-size.ts'
import type { RangeReader } from './range-reader.ts'

/** An age file of which only the start has been read. */
export type AgeFile = {
  header: Header
  /** 16 bytes */
  payloadNonce: Uint8Array
  /** SHA-256 of header and payload nonce, hexadecimal. */
  fingerprint: string
  /** True where the bytes of the file are not those of the payload: read through `payload`, not by path. */
  isArmored: boolean
  /** Where the payload starts, after its nonce, in the file, or in what is within the armor. */
  payloadOffset: number
  /** The chunks, counted from after the nonce. */
  payload: RangeReader
  /** What the size of the payload says. Proved only once the last chunk has verified. */
  plaintextBytes: number
}

/** Reads the start of an age file, armored or not.
 * @throws WeightlockError `age/not-an-age-file`, `age/armor-malformed`, `age/header-malformed`,
 * `age/header-too-large`; `age/payload-truncated` where no payload has the size of this one */
export async function openAgeFile(file: RangeReader): Promise<AgeFile> {
  const start = await readAgeFileStart(file)
  return { ...start, plaintextBytes: plaintextSizeBytes(start.payload.sizeBytes) }
}

/** Like `openAgeFile`, for a file whose end may be missing.
 * @throws WeightlockError as `openAgeFile`, save `age/payload-truncated` */
export async function readAgeFileStart(file: RangeReader): Promise<Omit<AgeFile, 'plaintextBytes'>> {
  const limitBytes = headerLimitBytes + payloadNonceBytes
  let start = await file.read(0, limitBytes)
  const isArmored = looksArmored(start)
  const binary = isArmored ? await openArmor(file) : file
  if (isArmored) start = await binary.read(0, limitBytes)
  const header = parseHeader(start)
  const payloadOffset = header.bytes.length + payloadNonceBytes
  const payloadNonce = start.slice(header.bytes.length, payloadOffset)
  if (payloadNonce.length < payloadNonceBytes)
    return fail({ code: 'age/header-malformed', detail: 'the payload nonce is missing' })
  return {
    header,
    payloadNonce,
    fingerprint: fingerprint(header.bytes, payloadNonce),
    isArmored,
    payloadOffset,
    payload: {
      sizeBytes: binary.sizeBytes - payloadOffset,
      read: (offset, lengthBytes) => binary.read(payloadOffset + offset, lengthBytes),
    },
  }
}
