/** A reported compromise for tests and pictures of the renderer. */
import type { CompromisePlan, Incident, OldObjectVersions } from '../../shared/domain/compromise.ts'
import { IncidentId } from '../../shared/ids.ts'
import { artifactId, keyId, now, storeId } from './numbered-ids.ts'

export const incidentId = IncidentId.parse(keyId(900))

const names = [
  ['credit-risk-v7.safetensors', [3], null, 3, 39_750_000_000],
  ['whisper-ft-de.gguf', [1], null, 1, 3_090_000_000],
  ['asr-conformer-large-de-int8.onnx', [2], null, 3, 1_840_000_000],
  ['embedder-new.onnx', [1], 2, 2, 193_600_000],
  ['fraud_detector.pkl', [3], 4, 1, 148_200_000],
] as const

export function compromisePlan(over: Partial<CompromisePlan> = {}): CompromisePlan {
  const artifacts = names.map(([name, leaked, replacedBy, payloads, ciphertextBytes], n) => ({
    artifactId: artifactId(n + 1),
    name,
    leaked: [...leaked],
    now: replacedBy,
    payloads,
    ciphertextBytes,
  }))
  return {
    keys: artifacts.map((each, n) => ({
      keyId: keyId(n + 1),
      alias: `${each.name} · key ${each.leaked[0]}`,
      state: each.now === null ? ('active' as const) : ('deactivated' as const),
    })),
    keysInAll: 1301,
    alreadyCompromised: [],
    artifacts,
    payloads: 10,
    ciphertextBytes: artifacts.reduce((total, each) => total + each.ciphertextBytes, 0),
    wrappedNow: 7,
    wrappedEarlier: 3,
    copies: [
      { place: 'kit', where: '/home/ada/weightlock-kit-2026-11-02.age', keys: 5 },
      { place: 'export', where: '/home/ada/deploy/edge-berlin/credit-risk-v7.key.txt', keys: 1 },
    ],
    withoutActiveKey: artifacts
      .filter((each) => each.now === null)
      .map(({ artifactId: id, name }) => ({ artifactId: id, name })),
    ...over,
  }
}

export function incident(over: Partial<Incident> = {}): Incident {
  const plan = compromisePlan()
  return {
    incident: {
      incidentId,
      at: now - 3_600_000,
      who: 'ada',
      reason: 'Laptop stolen from the office',
      since: Date.UTC(2026, 10, 3),
      keys: plan.keys.length,
      payloads: 5,
      payloadsToDo: 3,
      copiesToRevoke: 1,
    },
    keys: plan.keys.map((key, n) => ({
      ...key,
      state: 'compromised' as const,
      artifactName: plan.artifacts[n]?.name ?? null,
      stillOpens: n < 3 ? 1 : 0,
    })),
    versions: plan.artifacts.map((each, n) => ({
      artifactId: each.artifactId,
      name: each.name,
      version: 1,
      ciphertextBytes: each.ciphertextBytes,
      keyId: keyId(n + 1),
      wrappedBy: keyId(n + 1),
      state: n < 3 ? ('to-do' as const) : ('done' as const),
    })),
    copies: plan.copies.map((copy, n) => ({ ...copy, revokedAt: n === 0 ? null : now - 60_000 })),
    ...over,
  }
}

export const oldObjectVersions = (over: Partial<OldObjectVersions> = {}): OldObjectVersions => ({
  versions: names.slice(3).map(([name, , , , sizeBytes], n) => ({
    artifactId: artifactId(n + 4),
    name,
    keyId: keyId(n + 4),
    storeId: storeId(2),
    store: 'models-prod',
    objectName: `${name}.age`,
    versionId: `3sL4kqtJlcpXroDTDmJ-rmSpXd3dIbrHY+MTRCxf3vjVBH4${n}`,
    sizeBytes,
    modifiedAt: now - 86_400_000 * (n + 8),
    isGivenUp: false,
  })),
  unasked: [],
  ...over,
})
