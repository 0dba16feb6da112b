/** Choosing files in the window: dialogs of the host, or the in-app picker where it has none. */
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { filesContract } from '../../../shared/contract/files.ts'
import { fail } from '../../../shared/failure.ts'
import type { CallContext } from '../call-context.ts'
import type { PathPurpose } from '../path-tokens.ts'
import type { Handlers } from '../dispatcher.ts'
import { asFileFailure } from '../../storage/file-failures.ts'
import type { HandlerDeps } from './handler-deps.ts'

const shownEntries = 2000

/** What the system's dialog asks for, and what the answer may be used for. */
const dialogs = {
  files: ['files', 'read'],
  folder: ['folder', 'read'],
  'age-file': ['age-file', 'read'],
  identity: ['identity', 'read'],
  'store-folder': ['folder', 'store'],
  certificate: ['files', 'store'],
  'target-folder': ['folder', 'write-into'],
} as const

/** The in-app picker is for hosts without dialogs of their own: elsewhere a page has no way to look around. */
const requirePicker = (host: HandlerDeps['host']): void => {
  const window = host()
  if (window === null || window.nativeDialogs) fail({ code: 'host/unsupported', action: 'The in-app picker' })
}

export const filesHandlers = ({ host }: HandlerDeps): Handlers<typeof filesContract> => ({
  'files:choose': async ({ what }, { mintPathToken }) => {
    const choose = host()?.chooseToOpen ?? fail({ code: 'host/unsupported', action: 'A file dialog' })
    const [dialog, purpose] = dialogs[what]
    const paths = await choose(dialog)
    return {
      chosen: paths.map((path) => ({ token: mintPathToken(path, purpose), name: basename(path), path })),
    }
  },
  'files:choose-target': async ({ suggestedName, what }, { mintPathToken }) => {
    const choose = host()?.chooseTarget ?? fail({ code: 'host/unsupported', action: 'A file dialog' })
    const path = await choose(suggestedName, what)
    return { chosen: path === null ? null : { token: mintPathToken(path, 'write'), path } }
  },
  'files:browse': async ({ at, files, purpose }, context) => {
    requirePicker(host)
    const path = at === null ? homedir() : context.resolvePath({ token: at }, purpose)
    return browse(path, files, purpose, context)
  },
  'files:name-in': async ({ folder, name }, { resolvePath, mintPathToken }) => {
    if (name === '.' || name === '..' || /[/\\\0]/.test(name))
      return fail({ code: 'artifact/name-invalid', name, reason: 'a file name has no slashes' })
    const path = join(resolvePath({ token: folder }, 'write-into'), name)
    const exists = await stat(path).then(
      () => true,
      () => false,
    )
    return { token: mintPathToken(path, 'write'), path, exists }
  },
})

async function browse(path: string, files: boolean, purpose: PathPurpose, { mintPathToken }: CallContext) {
  const found = await asFileFailure(path, () => readdir(path, { withFileTypes: true }))
  const shown = found
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((one, other) => one.name.localeCompare(other.name))
  const entries = await Promise.all(
    shown.slice(0, shownEntries).map(async (entry) => {
      const child = join(path, entry.name)
      const facts = await stat(child).catch(() => null)
      if (facts === null || (!facts.isDirectory() && !(files && facts.isFile()))) return []
      const isFolder = facts.isDirectory()
      const sizeBytes = isFolder ? null : facts.size
      return [{ token: mintPathToken(child, purpose), name: entry.name, isFolder, sizeBytes }]
    }),
  )
  const parent = dirname(path)
  return {
    token: mintPathToken(path, purpose),
    path,
    parent: parent === path ? null : mintPathToken(parent, purpose),
    entries: entries.flat().sort((one, other) => Number(other.isFolder) - Number(one.isFolder)),
    truncated: shown.length > shownEntries,
  }
}
