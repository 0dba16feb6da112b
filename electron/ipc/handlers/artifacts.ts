import { basename } from 'node:path'
import type { artifactsContract } from '../../../shared/contract/artifacts.ts'
import { fail } from '../../../shared/failure.ts'
import type { ArtifactId } from '../../../shared/ids.ts'
import type { Inside } from '../../../shared/model-inspection.ts'
import { openPlaintext } from '../../age/payload-range.ts'
import { inspectModel } from '../../models/inspect.ts'
import { openVersion } from '../../jobs/open-version.ts'
import { FolderManifest } from '../../jobs/source/manifest.ts'
import type { CallContext } from '../call-context.ts'
import { downloadCommand, isRemoteKind } from '../../storage/registry.ts'
import type { Handlers } from '../dispatcher.ts'
import { copyChoices } from './copy-as.ts'
import { objectVersions } from './object-versions.ts'
import { verifyReportHandlers } from './verify-report.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

/** Of a folder, as much as a panel can show. */
const shownEntries = 2000

export const artifactsHandlers = (deps: HandlerDeps): Handlers<typeof artifactsContract> => {
  const { catalog, runner, host } = deps
  const start = (context: CallContext, kind: 'verify' | 'adopt', spec: Parameters<typeof runner.start>[1]) =>
    runner.start(kind, spec, { by: actorOf(context), output: null })
  /** A job on one artifact has its name. */
  const nameOfOne = async (artifactIds: ArtifactId[]): Promise<Record<string, string>> => {
    const [only] = artifactIds
    return only === undefined || artifactIds.length > 1
      ? {}
      : { name: (await catalog.artifactRow(only)).name }
  }
  return {
    'artifacts:list': (request) => catalog.listEntries(request),
    'artifacts:find': ({ query }) => catalog.findArtifact(query),
    'artifacts:show': ({ artifactId }) => catalog.artifactDetails(artifactId),
    'artifacts:inside': async ({ artifactId, version }) => {
      const opened = await openVersion(deps, artifactId, version)
      try {
        const { manifest, isFolder, name } = opened.version
        if (isFolder) return { inside: folderInside(manifest), bytesRead: 0 }
        const plaintext = await openPlaintext(opened.file, opened.fileKey)
        try {
          let bytesRead = 0
          const reader = {
            sizeBytes: plaintext.sizeBytes,
            read: async (offset: number, lengthBytes: number) => {
              const bytes = await plaintext.read(offset, lengthBytes)
              bytesRead += bytes.length
              return bytes
            },
          }
          const { inside } = await inspectModel(reader, basename(name))
          return { inside, bytesRead }
        } finally {
          plaintext.close()
        }
      } finally {
        opened.close()
      }
    },
    'artifacts:object-versions': async ({ artifactId }) => ({
      objects: await objectVersions(deps, artifactId),
    }),
    'artifacts:copy-as': async ({ artifactId, version }) => {
      const { artifact, versions } = await catalog.artifactDetails(artifactId)
      const meant = versions.find((each) => each.version === (version ?? artifact.version))
      const object = meant?.objects[0]
      const { location, objectName, storeId } = object ?? artifact
      const { kind, settings } = await catalog.getStore(storeId)
      const download = downloadCommand(kind, settings, location)
      return { choices: copyChoices(artifact, { location, objectName, download }) }
    },
    'artifacts:verify': async ({ artifactIds, storeId, level }, context) => ({
      jobId: await start(context, 'verify', {
        artifactIds,
        storeId,
        level,
        ...(await nameOfOne(artifactIds)),
      }),
    }),
    ...verifyReportHandlers(deps),
    'artifacts:adopt': async ({ artifactIds, all }, context) => ({
      jobId: await start(context, 'adopt', { artifactIds, all, ...(await nameOfOne(artifactIds)) }),
    }),
    'artifacts:archive': async ({ artifactIds, isArchived }, context) => ({
      changed: await catalog.setArchived({ artifactIds, isArchived, by: actorOf(context) }),
    }),
    'artifacts:reveal': async ({ artifactId }) => {
      const { location, storeId } = await catalog.artifactRow(artifactId)
      const { kind } = await catalog.getStore(storeId)
      if (isRemoteKind(kind)) fail({ code: 'host/unsupported', action: 'Showing what lies in a bucket' })
      const window = host() ?? fail({ code: 'host/unsupported', action: 'Showing the file' })
      window.revealInFileManager(location)
      return {}
    },
  }
}

/** What the catalog noted of a folder; nothing where it was rebuilt without its manifest. */
function folderInside(stored: unknown): Inside {
  const manifest = FolderManifest.safeParse(stored)
  if (!manifest.success) return { kind: 'none' }
  const { entries, files } = manifest.data
  const isCut = entries.length > shownEntries
  return {
    kind: 'folder',
    entries: entries.slice(0, shownEntries),
    fileCount: files,
    truncatedAt: isCut ? shownEntries : null,
  }
}
