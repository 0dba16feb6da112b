import { z } from 'zod'
import { ArtifactId, KeyId } from '../../../../shared/ids.ts'

export const RetireSpec = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  deleteCiphertext: z.boolean(),
  /** What was shown when the name was typed: nothing else is destroyed. */
  confirmed: z.object({
    keyIds: z.array(KeyId),
    versions: z.array(z.object({ artifactId: ArtifactId, version: z.number().int().positive() })),
  }),
})
export type RetireSpec = z.infer<typeof RetireSpec>

/** The artifact's own, oldest first: one that is made meanwhile has a key of its own, and stays. */
export const versionsOf = ({ artifactId, confirmed }: RetireSpec): number[] =>
  confirmed.versions
    .filter((each) => each.artifactId === artifactId)
    .map(({ version }) => version)
    .toSorted((one, other) => one - other)
