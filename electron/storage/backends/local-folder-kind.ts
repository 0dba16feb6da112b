import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { fail } from '../../../shared/failure.ts'
import { nameRulesOf } from '../../../shared/name-rules.ts'
import type { StorageKind } from '../storage-kind.ts'
import { localFolder } from './local-folder.ts'

/** A folder on a disk or a network share, as people add it. */
export const localFolderKind: StorageKind = {
  kind: 'local-folder',
  label: 'Folder or network share',
  mark: 'folder',
  isRemote: false,
  fields: [
    {
      name: 'path',
      label: 'Folder',
      kind: 'folder',
      required: true,
      help: 'On this machine, or a share that is mounted on it. Names in it can be read by whoever can read it.',
      fixed: 'Another folder holds other files: add it as another store.',
    },
  ],
  // What is missing may be a share that is not mounted.
  checkNew: async ({ path }) => {
    const found = typeof path === 'string' ? await stat(path).catch(() => null) : null
    if (!found?.isDirectory())
      fail({ code: 'store/settings-invalid', field: 'path', reason: 'it is not a folder that is there' })
  },
  download: null,
  open: (settings, { store, files, platform, mayCreate, memory }) => {
    const folder = settings.path
    if (typeof folder !== 'string' || !isAbsolute(folder))
      return fail({ code: 'store/settings-invalid', field: 'path', reason: 'it is not an absolute path' })
    return localFolder({ store, folder, files, rules: nameRulesOf(platform), mayCreate, memory })
  },
}
