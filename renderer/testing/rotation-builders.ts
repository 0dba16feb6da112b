/** Plans of rotations for tests and for the gallery. */
import type { RotationInStore, RotationPlan } from '../../shared/domain/rotation.ts'
import { artifactId, dayMs, keyId, now, storeId } from './numbered-ids.ts'

type Artifact = RotationPlan['artifacts'][number]

export function plannedArtifact(over: Partial<Artifact> & { n?: number } = {}): Artifact {
  const { n = 1, ...rest } = over
  const name = rest.name ?? 'fraud_detector.pkl'
  return {
    artifactId: artifactId(n),
    name,
    keyId: keyId(n),
    alias: `${name} · key 1`,
    state: 'active',
    versions: 1,
    objects: 1,
    ciphertextBytes: 148_251_120,
    rotationDueAt: now - 2 * dayMs,
    isTainted: false,
    ...rest,
  }
}

export const rotationInStore = (over: Partial<RotationInStore> = {}): RotationInStore => ({
  storeId: storeId(1),
  store: 'models-prod',
  kind: 'local-folder',
  artifacts: 1,
  objects: 1,
  objectBytes: 148_251_120,
  downloadedBytes: 0,
  uploadedBytes: 0,
  copiedBytes: 0,
  headerBytes: 245,
  keptObjectVersions: 0,
  keptBytes: 0,
  price: null,
  ...over,
})

export const rotationPlan = (over: Partial<RotationPlan> = {}): RotationPlan => ({
  artifacts: [plannedArtifact()],
  refused: [],
  rewrap: [rotationInStore()],
  reEncrypt: [rotationInStore({ headerBytes: 0 })],
  rewrapSeconds: 1,
  reEncryptSeconds: 4,
  kits: [],
  ...over,
})
