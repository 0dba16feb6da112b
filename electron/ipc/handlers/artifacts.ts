import { basename } from 'node:path'
import type { AgeFileRef, artifactsContract } from '../../../shared/contract/artifacts.ts'
import { fail } from '../../../shared/failure.ts'
import type { Inside } from '../../../shared/model-inspection.ts'
import { openPlaintext } from '../../age/payload-range.ts'
import { readKeyHint } from '../../age/weightlock-stanza.ts'
import { inspectModel } from '../../models/inspect.ts'
import { readForeign } from '../../jobs/kinds/decrypt/open-foreign.ts'
import { openVersion } from '../../jobs/open-version.ts'
import { FolderManifest } from '../../jobs/source/manifest.ts'
import type { CallContext } from '../call-context.ts'
import type { Handlers } from '../dispatcher.ts'
import { copyChoices } from './copy-as.ts'
import type { HandlerDeps } from './handler-deps.ts'

type BrowseContract = Pick<
  typeof artifactsContract,
  | 'artifacts:list'
  | 'artifacts:find'
  | 'artifacts:show'
  | 'artifacts:inside'
  | 'artifacts:copy-as'
  | 'artifacts:verify'
  | 'artifacts:adopt'
  | 'artifacts:reveal'
  | 'age-file:show'
>

/** Of a folder, as much as a panel can show. */
const shownEntries = 2000

/** A reference of a client as jobs keep it. */
export const sourceOf = (ref: AgeFileRef, context: CallContext) =>
  'storeId' in ref ? ref : { path: context.resolvePath(ref) }

export const artifactsHandlers = (deps: HandlerDeps): Handlers<BrowseContract> => {
  const { catalog, runner, host } = deps
  const start = (context: CallContext, kind: 'verify' | 'adopt', spec: Parameters<typeof runner.start>[1]) =>
    runner.start(kind, spec, { who: context.who, via: context.audience, output: null })
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
    'artifacts:copy-as': async ({ artifactId, version }) => {
      const { artifact, versions } = await catalog.artifactDetails(artifactId)
      const meant = versions.find((each) => each.version === (version ?? artifact.version))
      const object = meant?.objects[0]
      return {
        choices: copyChoices(
          artifact,
          object?.location ?? artifact.location,
          object?.objectName ?? artifact.objectName,
        ),
      }
    },
    'artifacts:verify': async ({ artifactIds, storeId, level }, context) => ({
      jobId: await start(context, 'verify', { artifactIds, storeId, level }),
    }),
    'artifacts:adopt': async ({ artifactIds, all }, context) => ({
      jobId: await start(context, 'adopt', { artifactIds, all }),
    }),
    'artifacts:reveal': async ({ artifactId }) => {
      const { location } = await catalog.artifactRow(artifactId)
      const window = host() ?? fail({ code: 'host/unsupported', action: 'Showing the file' })
      window.revealInFileManager(location)
      return {}
    },
    'age-file:show': async ({ source }, context) => {
      const ref = sourceOf(source, context)
      const { file, sizeBytes, close } = await readForeign(deps, ref)
      try {
        const stanzaTypes = file.header.stanzas.map(({ type }) => type)
        const hint = readKeyHint(file.header.stanzas)
        const known = hint === null ? null : await catalog.keyRecord(hint.keyId)
        return {
          name: basename('path' in ref ? ref.path : ref.objectName),
          sizeBytes,
          headerBytes: file.header.bytes.length,
          plaintextBytes: file.plaintextBytes,
          armored: file.isArmored,
          stanzaTypes,
          needsPassphrase: stanzaTypes.includes('scrypt'),
          keyId: hint?.keyId ?? null,
          artifactId: hint?.artifactId ?? null,
          keyHere: known !== null && known.state !== 'destroyed',
        }
      } finally {
        await close()
      }
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
