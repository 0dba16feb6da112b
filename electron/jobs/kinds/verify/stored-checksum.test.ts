import { describe, expect, it } from 'vitest'
import type { ObjectChecksum } from '../../../../shared/domain/object-checksum.ts'
import { compareChecksums } from './stored-checksum.ts'

const whole = (value: string, algorithm = 'crc32'): ObjectChecksum => ({ algorithm, value, kind: 'full' })
const ofParts = (value: string): ObjectChecksum => ({ algorithm: 'crc32', value, kind: 'parts' })

describe('a stored checksum', () => {
  it.each([
    ['the same', whole('AAAAAA=='), whole('AAAAAA=='), 'same'],
    ['another over the whole', whole('AAAAAA=='), whole('BBBBBB=='), 'differs'],
    ['the same over parts', ofParts('AAAAAA==-3'), ofParts('AAAAAA==-3'), 'same'],
    [
      'another over parts, which a copy that was cut elsewhere has too',
      ofParts('AAAAAA==-3'),
      ofParts('BBBBBB==-2'),
      'unknown',
    ],
    ['of another algorithm', whole('AAAAAA=='), whole('BBBBBB==', 'crc64nvme'), 'unknown'],
    ['of another kind', whole('AAAAAA=='), ofParts('BBBBBB==-3'), 'unknown'],
    ['never recorded', null, whole('AAAAAA=='), 'unknown'],
    ['not attested now', whole('AAAAAA=='), null, 'unknown'],
  ] as const)('is %s', (_, recorded, attested, verdict) => {
    expect(compareChecksums(recorded, attested)).toBe(verdict)
  })
})
