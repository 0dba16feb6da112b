/** Recovery kits for component tests and the gallery. */
import type { KitDrill, KitRow } from '../../shared/domain/kit.ts'
import { artifactId, digest, keyId, kitId, now } from './numbered-ids.ts'

export const kitRow = ({ n = 1, ...more }: Partial<KitRow> & { n?: number } = {}): KitRow => ({
  kitId: kitId(n),
  where: `/media/ada/safe/weightlock-kit-${n}.age`,
  sizeBytes: 4_812,
  digest: digest(n),
  madeAt: now - 86_400_000 * n,
  madeHere: true,
  identities: 14,
  holds: 14,
  lacks: 0,
  holdsDestroyed: 0,
  needsNewAge: false,
  drilledAt: now - 3_600_000,
  failedDrill: null,
  ...more,
})

export const kitDrill = (kit: KitRow = kitRow()): KitDrill => ({
  kit,
  opened: {
    artifactId: artifactId(1),
    name: 'fraud/model-1.pkl',
    version: 1,
    store: 'Weightlock',
    keyId: keyId(1),
    bytes: 65_536,
  },
})
