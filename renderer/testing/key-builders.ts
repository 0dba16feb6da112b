/** Keys for tests and for the gallery: sensible, and changed where a test says so. */
import type { KeyDetails, KeyRow } from '../../shared/domain/key.ts'
import { artifactId, dayMs, keyId, now } from './numbered-ids.ts'

export function keyRow(over: Partial<KeyRow> & { n?: number } = {}): KeyRow {
  const { n = 1, ...rest } = over
  return {
    keyId: keyId(n),
    alias: `${rest.artifactName ?? 'fraud_detector.pkl'} · key ${rest.number ?? 1}`,
    number: 1,
    state: 'active',
    algorithm: 'X25519',
    createdAt: now - 10 * dayMs,
    activatedAt: now - 10 * dayMs,
    inactiveAt: null,
    compromisedAt: null,
    destroyAt: null,
    isMissing: false,
    rotationDueAt: now + 80 * dayMs,
    cryptoPeriodDays: 90,
    artifactId: artifactId(n),
    artifactName: 'fraud_detector.pkl',
    protects: 1,
    protectsBytes: 148_251_120,
    backend: 'GNOME Keyring',
    copiesElsewhere: 0,
    places: ['keychain'],
    ...rest,
  }
}

export function keyDetails(over: Partial<KeyDetails> = {}): KeyDetails {
  const key = over.key ?? keyRow()
  const protects = over.protects ?? [
    {
      artifactId: key.artifactId ?? artifactId(1),
      name: key.artifactName ?? 'fraud_detector.pkl',
      version: 1,
      objectName: 'fraud/fraud_detector.pkl.age',
      store: 'models-prod',
      stores: ['models-prod'],
      ciphertextBytes: 148_251_120,
      alsoOpensWith: [],
    },
  ]
  const copies = over.copies ?? [
    {
      place: 'keychain',
      where: `weightlock/${key.keyId}`,
      state: 'present',
      at: key.createdAt,
      lastSeenAt: now,
    },
  ]
  return {
    key,
    recipient: 'age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z',
    madeOn: 'workstation-7',
    events: [
      {
        at: key.createdAt,
        event: 'key-created',
        from: null,
        to: 'active',
        reason: 'a new artifact',
        who: 'ada@workstation-7',
      },
    ],
    copies,
    protects,
    impact: {
      keyId: key.keyId,
      confirmName: key.artifactName ?? 'fraud_detector.pkl',
      goneForGood: protects.map(({ artifactId: id, name, version, ciphertextBytes, stores }) => ({
        stores,
        artifactId: id,
        name,
        version,
        ciphertextBytes,
      })),
      stillOpen: [],
      copies,
      copiesElsewhere: 0,
    },
    ...over,
  }
}
