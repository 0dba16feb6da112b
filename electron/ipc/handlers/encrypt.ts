import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { EncryptItem, encryptContract, OriginalFate } from '../../../shared/contract/encrypt.ts'
import type { KeyAlgorithm } from '../../../shared/domain/key.ts'
import { fail, failureOf, type Failure } from '../../../shared/failure.ts'
import type { JobId, StoreId } from '../../../shared/ids.ts'
import { follow } from '../../jobs/source/open-source.ts'
import { propose } from '../../jobs/source/propose.ts'
import type { EncryptSpec } from '../../jobs/kinds/encrypt/encrypt-spec.ts'
import type { CallContext } from '../call-context.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

type Choices = { storeId: StoreId; algorithm: KeyAlgorithm; original: OriginalFate; opaqueNames: boolean }

const withFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

export const encryptHandlers = (deps: HandlerDeps): Handlers<typeof encryptContract> => {
  const { catalog, sources, runner, samplePath } = deps

  const startOne = async (
    paths: string[],
    item: EncryptItem,
    choices: Choices,
    context: CallContext,
  ): Promise<JobId> => {
    const [first = '', ...others] = paths
    const { stat: found } = await follow(sources, Buffer.from(first))
    if (found.kind !== 'file' && found.kind !== 'directory')
      return fail({ code: 'file/is-special', path: first, kind: found.kind })
    const isFolder = others.length > 0 || found.kind === 'directory'
    // A name that can never be stored makes no job that fails.
    await catalog.proposeVersions(choices.storeId, [{ name: item.name, isFolder, separate: item.separate }])
    const spec: EncryptSpec = {
      paths,
      name: item.name,
      isFolder,
      separate: item.separate,
      leaveOutHidden: item.leaveOutHidden,
      opaqueName: choices.opaqueNames,
      storeId: choices.storeId,
      algorithm: choices.algorithm,
      original: choices.original,
      sizeBytes: isFolder ? 0 : found.sizeBytes,
      location: null,
    }
    return runner.start('encrypt', spec, { by: actorOf(context), output: null })
  }

  return {
    'encrypt:inspect': async ({ sources: refs, storeId, folder, groupShards }, context) => {
      const paths = refs.map((ref) => context.resolvePath(ref, 'read'))
      const candidates = await propose(sources, paths, { groupShards })
      const store = await catalog.findStore(storeId)
      const items = candidates.map(({ name, isFolder }) => ({
        name: withFolder(folder, name),
        isFolder,
        separate: false,
      }))
      const named = await catalog
        .proposeVersions(store.storeId, items)
        .catch((error: unknown) => failureOf(error) ?? Promise.reject(error))
      return {
        proposals: candidates.map((candidate, index) => {
          if (!Array.isArray(named))
            return { ...candidate, existing: null, objectName: '', refusal: candidate.refusal ?? named }
          const { existing, objectName } = named[index] ?? { existing: null, objectName: '' }
          return { ...candidate, existing, objectName }
        }),
      }
    },
    'encrypt:start': async ({ items, storeId, algorithm, original, opaqueNames }, context) => {
      const store = await catalog.findStore(storeId)
      const { defaultAlgorithm } = await catalog.getSettings()
      const choices = {
        storeId: store.storeId,
        algorithm: algorithm ?? defaultAlgorithm,
        original,
        opaqueNames,
      }
      await deps.secrets.ready()
      const jobIds: JobId[] = []
      const refused: { item: number; failure: Failure }[] = []
      for (const [index, item] of items.entries()) {
        try {
          const paths = item.sources.map((ref) => context.resolvePath(ref, 'read'))
          jobIds.push(await startOne(paths, item, choices, context))
        } catch (error) {
          const failure = failureOf(error)
          if (failure === null) throw error
          refused.push({ item: index, failure })
        }
      }
      return { jobIds, refused }
    },
    'encrypt:sample': async (_, context) => {
      await stat(samplePath).catch(() => fail({ code: 'file/not-found', path: samplePath }))
      const store = await catalog.findStore(null)
      const { defaultAlgorithm } = await catalog.getSettings()
      await deps.secrets.ready()
      const item = { sources: [], name: basename(samplePath), separate: false, leaveOutHidden: false }
      const choices = {
        storeId: store.storeId,
        algorithm: defaultAlgorithm,
        original: 'keep',
        opaqueNames: false,
      } as const
      return { jobIds: [await startOne([samplePath], item, choices, context)] }
    },
  }
}
