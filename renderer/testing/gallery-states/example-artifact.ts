/** The artifact whose details the pictures show. */
import { artifactDetails, artifactRow, dayMs, keyId, keyRow, now, storeId, versionInfo } from '../builders.ts'

export const creditRisk = artifactRow({
  n: 2,
  name: 'fraud/credit-risk-v7.safetensors',
  kindLabel: 'safetensors',
  plaintextBytes: 13_476_839_424,
  ciphertextBytes: 13_480_129_837,
  encryptedAt: Date.UTC(2026, 10, 22, 17, 42),
  version: 2,
  versions: 2,
  location: '/srv/models-prod/fraud/credit-risk-v7.v2.safetensors.age',
  fingerprint: '9f2c41ab07de33c8b1e05a77c2f48d195e0b93d27a6c14f80dd18b4e62a7f035',
  rotationDueAt: now + 5.5 * dayMs,
})
export const creditRiskDetails = artifactDetails({
  artifact: creditRisk,
  versions: [
    versionInfo({
      version: 2,
      plaintextBytes: creditRisk.plaintextBytes,
      encryptedAt: creditRisk.encryptedAt,
      checkedAt: Date.UTC(2026, 10, 23, 6),
      checkedHow: 'full',
      objects: [
        {
          storeId: storeId(1),
          store: 'models-prod',
          objectName: 'fraud/credit-risk-v7.v2.safetensors.age',
          location: creditRisk.location,
          state: 'present',
        },
      ],
    }),
    versionInfo({
      version: 1,
      plaintextBytes: 13_476_812_000,
      encryptedAt: Date.UTC(2026, 2, 6, 9, 15),
      objects: [1, 2].map((n) => ({
        storeId: storeId(n),
        store: n === 1 ? 'models-prod' : 'nas-02',
        objectName: 'fraud/credit-risk-v7.safetensors.age',
        location: `${n === 1 ? '/srv/models-prod' : '/mnt/nas-02/models'}/fraud/credit-risk-v7.safetensors.age`,
        state: 'present' as const,
      })),
    }),
  ],
  keys: [
    keyRow({
      n: 2,
      number: 2,
      artifactName: 'credit-risk-v7.safetensors',
      rotationDueAt: creditRisk.rotationDueAt,
    }),
    keyRow({ n: 50, number: 1, artifactName: 'credit-risk-v7.safetensors', state: 'deactivated' }),
  ],
  keyEvents: [
    {
      keyId: keyId(2),
      at: Date.UTC(2026, 10, 22, 17, 42),
      event: 'version-encrypted',
      from: null,
      to: null,
      reason: 'v2',
      who: 'ada',
    },
    {
      keyId: keyId(2),
      at: Date.UTC(2026, 5, 2),
      event: 'key-activated',
      from: null,
      to: 'active',
      reason: 'rewrapped v1',
      who: 'ada',
    },
    {
      keyId: keyId(50),
      at: Date.UTC(2026, 5, 2),
      event: 'key-deactivated',
      from: 'active',
      to: 'deactivated',
      reason: '',
      who: 'ada',
    },
  ],
})
