import { z } from 'zod'
import {
  ArtifactDetails,
  ArtifactRow,
  KeyAlgorithm,
  PathRef,
  SizeBytes,
  StoreEntry,
  TypedSecret,
} from '../domain.ts'
import { FailureValue } from '../job.ts'
import { ArtifactId, JobId, KeyId, StoreId } from '../ids.ts'
import { Inside, ModelSummary } from '../model-inspection.ts'
import { call } from './call.ts'

const Version = z.number().int().positive()

/** Where plaintext goes: a path, or the terminal's standard output. */
export const Target = z.union([PathRef, z.object({ stdout: z.literal(true) }).strict()])
export type Target = z.infer<typeof Target>

/** One thing that was dropped, as the encrypt sheet shows it. */
export const EncryptProposal = z.object({
  /** Index into the request's sources; several when shards were grouped. */
  sources: z.array(z.number().int().nonnegative()).min(1),
  name: z.string(),
  isFolder: z.boolean(),
  sizeBytes: SizeBytes,
  files: z.number().int().nonnegative(),
  summary: ModelSummary,
  links: z.object({ count: z.number().int(), outside: z.array(z.string()), leftOut: z.array(z.string()) }),
  hidden: z.array(z.string()),
  /** Set when the name exists in that store: dropping again makes this version unless *separate* is chosen. */
  existing: z.object({ artifactId: ArtifactId, nextVersion: Version }).nullable(),
  objectName: z.string(),
  /** By content: an age file offers *Open*, an identity *Import*. */
  offer: z.enum(['encrypt', 'open', 'import']),
  /** Why it cannot be encrypted, or null. */
  refusal: FailureValue.nullable(),
  /** Shards with their index proposed as one artifact: how many of how many. */
  shards: z.object({ present: z.number().int(), of: z.number().int() }).nullable(),
})
export type EncryptProposal = z.infer<typeof EncryptProposal>

export const EncryptItem = z.object({
  sources: z.array(PathRef).min(1).max(10_000),
  /** With its folder, `fraud/model.pkl`. */
  name: z.string().min(1).max(4096),
  separate: z.boolean(),
  leaveOutHidden: z.boolean(),
})
export type EncryptItem = z.infer<typeof EncryptItem>

/** An age file: a path, or an object of a store (ours or not). */
export const AgeFileRef = z.union([
  PathRef,
  z.object({ storeId: StoreId, objectName: z.string().min(1).max(4096) }).strict(),
])
export type AgeFileRef = z.infer<typeof AgeFileRef>

const ListedPage = z.object({
  total: z.number().int().nonnegative(),
  rows: z.array(StoreEntry),
  /** Of everything that the query means, not of this page. */
  artifacts: z.number().int().nonnegative(),
  ciphertextBytes: SizeBytes,
  otherObjects: z.number().int().nonnegative(),
})

export const artifactsContract = {
  'encrypt:inspect': call(
    'both',
    z.object({
      sources: z.array(PathRef).min(1).max(10_000),
      storeId: StoreId.nullable(),
      folder: z.string().max(4096),
      groupShards: z.boolean(),
    }),
    z.object({ proposals: z.array(EncryptProposal) }),
  ),
  'encrypt:start': call(
    'both',
    z.object({
      items: z.array(EncryptItem).min(1).max(10_000),
      storeId: StoreId.nullable(),
      algorithm: KeyAlgorithm.nullable(),
      original: z.enum(['keep', 'trash']),
      opaqueNames: z.boolean(),
    }),
    z.object({
      jobIds: z.array(JobId),
      refused: z.array(z.object({ item: z.number().int(), failure: FailureValue })),
    }),
  ),
  /** Starts encrypting the bundled sample model. */
  'encrypt:sample': call('both', z.object({}), z.object({ jobIds: z.array(JobId) })),
  'decrypt:start': call(
    'both',
    z.object({ artifactId: ArtifactId, version: Version.nullable(), target: Target, unpack: z.boolean() }),
    z.object({ jobId: JobId }),
  ),
  /** Opens any age file with an identity or passphrase that the user supplies, or with keys held here. */
  'decrypt:age-file': call(
    'both',
    z.object({
      source: AgeFileRef,
      identity: PathRef.nullable(),
      passphrase: TypedSecret.nullable(),
      target: Target,
      unpack: z.boolean(),
    }),
    z.object({ jobId: JobId }),
  ),
  'artifacts:list': call(
    'both',
    z.object({
      storeId: StoreId.nullable(),
      folder: z.string().max(4096),
      /** Everything below the folder instead of one level; a query implies it. */
      deep: z.boolean(),
      query: z.string().max(1024),
      sort: z.object({ by: z.enum(['name', 'kind', 'size', 'encrypted', 'key']), descending: z.boolean() }),
      offset: z.number().int().nonnegative(),
      limit: z.number().int().min(1).max(200),
      foreign: z.boolean(),
    }),
    ListedPage,
  ),
  /** By id, or by a name that means one artifact. */
  'artifacts:find': call('both', z.object({ query: z.string().min(1).max(4096) }), ArtifactRow),
  'artifacts:show': call('both', z.object({ artifactId: ArtifactId }), ArtifactDetails),
  /** A few ranged reads of the stored ciphertext; what it shows is partly verified. */
  'artifacts:inside': call(
    'both',
    z.object({ artifactId: ArtifactId, version: Version.nullable() }),
    z.object({ inside: Inside, bytesRead: SizeBytes }),
  ),
  'artifacts:copy-as': call(
    'both',
    z.object({ artifactId: ArtifactId, version: Version.nullable() }),
    z.object({
      choices: z.array(
        z.object({
          id: z.enum(['path', 'object-name', 'age', 'age-powershell', 'python']),
          label: z.string(),
          text: z.string(),
        }),
      ),
    }),
  ),
  'artifacts:verify': call(
    'both',
    z.object({
      artifactIds: z.array(ArtifactId).max(100_000),
      storeId: StoreId.nullable(),
      level: z.enum(['quick', 'sample', 'full']),
    }),
    z.object({ jobId: JobId }),
  ),
  'artifacts:adopt': call(
    'both',
    z.object({ artifactIds: z.array(ArtifactId).max(100_000), all: z.boolean() }),
    z.object({ jobId: JobId }),
  ),
  'artifacts:reveal': call('window', z.object({ artifactId: ArtifactId }), z.object({})),
  /** What an age file's header says, without opening it. */
  'age-file:show': call(
    'both',
    z.object({ source: AgeFileRef }),
    z.object({
      name: z.string(),
      sizeBytes: SizeBytes,
      headerBytes: SizeBytes,
      plaintextBytes: SizeBytes.nullable(),
      armored: z.boolean(),
      stanzaTypes: z.array(z.string()),
      needsPassphrase: z.boolean(),
      keyId: KeyId.nullable(),
      artifactId: ArtifactId.nullable(),
      keyHere: z.boolean(),
    }),
  ),
}
