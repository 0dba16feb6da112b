/** How an upload is begun so that the store attests it. */
export const algorithms = {
  'full-crc32': { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' },
  'full-crc64nvme': { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' },
  'parts-crc32': { ChecksumAlgorithm: 'CRC32' },
  none: {},
} as const
