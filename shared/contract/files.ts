import { z } from 'zod'
import { SizeBytes } from '../domain/quantities.ts'
import { PathToken } from '../ids.ts'
import { call } from './call.ts'

/** A folder's entries for the in-app picker, where the host has no dialogs of its own. */
export const BrowsedFolder = z.object({
  token: PathToken,
  path: z.string(),
  parent: PathToken.nullable(),
  entries: z.array(
    z.object({ token: PathToken, name: z.string(), isFolder: z.boolean(), sizeBytes: SizeBytes.nullable() }),
  ),
  truncated: z.boolean(),
})
export type BrowsedFolder = z.infer<typeof BrowsedFolder>

export const filesContract = {
  'files:choose': call(
    'window',
    z.object({
      what: z.enum([
        'files',
        'folder',
        'age-file',
        'identity',
        'store-folder',
        'certificate',
        'target-folder',
      ]),
    }),
    /** The path is for eyes only. */
    z.object({
      chosen: z.array(z.object({ token: PathToken, name: z.string(), path: z.string().optional() })),
    }),
  ),
  'files:choose-target': call(
    'window',
    z.object({ suggestedName: z.string().max(1024), what: z.enum(['file', 'folder']) }),
    z.object({ chosen: z.object({ token: PathToken, path: z.string() }).nullable() }),
  ),
  /** `at: null` is the home folder. Its tokens serve that purpose alone. */
  'files:browse': call(
    'window',
    z.object({
      at: PathToken.nullable(),
      files: z.boolean(),
      purpose: z.enum(['read', 'write-into', 'store']),
    }),
    BrowsedFolder,
  ),
  /** A path for a name that the user typed, inside a folder that was chosen or browsed to write into. */
  'files:name-in': call(
    'window',
    z.object({ folder: PathToken, name: z.string().min(1).max(255) }),
    z.object({ token: PathToken, path: z.string(), exists: z.boolean() }),
  ),
}
