import { z } from 'zod'
import { KeyAlgorithm } from '../../../shared/domain/key.ts'
import { RotationReason } from '../../../shared/domain/rotation.ts'
import { ArtifactId, KeyId } from '../../../shared/ids.ts'

/** One artifact, every version and every object of it. */
export const RotationSpec = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  /** The key that is replaced. */
  keyId: KeyId,
  alias: z.string(),
  /** Of the new key. */
  algorithm: KeyAlgorithm,
  reason: RotationReason,
  note: z.string(),
  sizeBytes: z.number(),
})
export type RotationSpec = z.infer<typeof RotationSpec>

const reasonWords: Record<RotationSpec['reason'], string> = {
  'crypto-period-ended': 'its crypto-period ended',
  policy: 'policy',
  'staff-change': 'staff change',
  compromise: 'compromise',
  other: 'other',
}

/** As the key's history tells it. */
export const reasonText = ({ reason, note }: Pick<RotationSpec, 'reason' | 'note'>): string =>
  [
    'Rotated',
    ...(reason === 'other' && note !== '' ? [] : [reasonWords[reason]]),
    ...(note === '' ? [] : [note]),
  ].join(': ')
