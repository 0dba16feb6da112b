/** A CRC-32 as S3 writes it: four bytes, the highest first, base64. */
export function crc32Text(checksum: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(checksum)
  return bytes.toString('base64')
}
