import { z } from 'zod'
import {
  ArtifactDetails,
  ArtifactRow,
  ArtifactSort,
  ObjectVersions,
  VerifyLevel,
} from '../domain/artifact.ts'
import { PathRef } from '../domain/client-input.ts'
import { SizeBytes } from '../domain/quantities.ts'
import { StoreEntry } from '../domain/store.ts'
import { VerifyReport } from '../domain/verify-report.ts'
import { ArtifactId, JobId, StoreId } from '../ids.ts'
import { Inside } from '../model-inspection.ts'
import { call } from './call.ts'
import { Page } from './page.ts'

const Version = z.number().int().positive()

const ListedPage = z.object({
  total: z.number().int().nonnegative(),
  rows: z.array(StoreEntry),
  /** Of everything that the query means, not of this page. */
  artifacts: z.number().int().nonnegative(),
  ciphertextBytes: SizeBytes,
  otherObjects: z.number().int().nonnegative(),
})

export const artifactsContract = {
  'artifacts:list': call(
    'both',
    z.object({
      storeId: StoreId.nullable(),
      folder: z.string().max(4096),
      /** Everything below the folder instead of one level; a query implies it. */
      deep: z.boolean(),
      query: z.string().max(1024),
      sort: ArtifactSort,
      ...Page,
      foreign: z.boolean(),
      /** Left out: hidden. */
      archived: z.enum(['hidden', 'only']).optional(),
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
  /** What a bucket that keeps object versions holds of an artifact's objects, asked of it now. */
  'artifacts:object-versions': call(
    'both',
    z.object({ artifactId: ArtifactId }),
    z.object({ objects: z.array(ObjectVersions) }),
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
      level: VerifyLevel,
    }),
    z.object({ jobId: JobId }),
  ),
  /** What a check found, object by object; also while it is under way. @throws job/not-found */
  'artifacts:verify-report': call('both', z.object({ jobId: JobId, ...Page }), VerifyReport),
  /** All of it into a file: JSON where its name ends so, else lines. */
  'artifacts:save-verify-report': call(
    'both',
    z.object({ jobId: JobId, target: PathRef }),
    z.object({ location: z.string(), results: z.number().int() }),
  ),
  'artifacts:adopt': call(
    'both',
    z.object({ artifactIds: z.array(ArtifactId).max(100_000), all: z.boolean() }),
    z.object({ jobId: JobId }),
  ),
  /** Out of the lists or back; neither ciphertext nor keys are touched. */
  'artifacts:archive': call(
    'both',
    z.object({ artifactIds: z.array(ArtifactId).max(100_000), isArchived: z.boolean() }),
    z.object({ changed: z.array(ArtifactId) }),
  ),
  'artifacts:reveal': call('window', z.object({ artifactId: ArtifactId }), z.object({})),
}
