/** Ids, tokens and digests for tests, numbered so that they can be told apart; and the day that tests live on. */
import {
  ArtifactId,
  encodeId,
  InstallationId,
  JobId,
  KeyId,
  KitId,
  PathToken,
  StoreId,
} from '../../shared/ids.ts'

/** 23 November 2026, 14:30 UTC: the day of the pictures. */
export const now = Date.UTC(2026, 10, 23, 14, 30)
export const dayMs = 86_400_000

const numbered = (n: number, kind: number): string => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, kind)
  new DataView(bytes.buffer).setUint32(12, n)
  return encodeId(bytes)
}
export const artifactId = (n: number): ArtifactId => ArtifactId.parse(numbered(n, 1))
export const keyId = (n: number): KeyId => KeyId.parse(numbered(n, 2))
export const storeId = (n: number): StoreId => StoreId.parse(numbered(n, 3))
export const jobId = (n: number): JobId => JobId.parse(numbered(n, 4))
export const pathToken = (n: number): PathToken => PathToken.parse(numbered(n, 5))
export const digest = (n: number): string =>
  Array.from({ length: 8 }, (_, i) => ((n + 1) * 2_654_435_761 * (i + 7)) >>> 0)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')

export const kitId = (n: number): KitId => KitId.parse(numbered(n, 7))
export const installationId = (n: number): InstallationId => InstallationId.parse(numbered(n, 6))
