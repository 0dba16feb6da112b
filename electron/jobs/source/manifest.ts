/** A folder's entries as the catalog keeps them (data.md, "Journal"; docs/decisions, 3). */
import { z } from 'zod'

export const FolderManifest = z.object({
  files: z.number().int().nonnegative(),
  /** Of the files' contents. */
  sizeBytes: z.number().int().nonnegative(),
  entries: z.array(z.object({ path: z.string(), sizeBytes: z.number().int().nonnegative() })),
})
export type FolderManifest = z.infer<typeof FolderManifest>
