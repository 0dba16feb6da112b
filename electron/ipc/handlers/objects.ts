import type { objectsContract } from '../../../shared/contract/objects.ts'
import type { ArtifactDetails, VersionInfo } from '../../../shared/domain/artifact.ts'
import { confirmNameOf } from '../../../shared/confirm-name.ts'
import { fail, failureOf } from '../../../shared/failure.ts'
import type { ArtifactId, JobId, StoreId } from '../../../shared/ids.ts'
import type { CopySpec } from '../../jobs/kinds/copy/copy-spec.ts'
import type { DeleteObjectSpec } from '../../jobs/kinds/delete-object/delete-object.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const objectsHandlers = (deps: HandlerDeps): Handlers<typeof objectsContract> => {
  const { catalog, runner } = deps

  /** @throws artifact/no-such-version */
  const versionsMeant = (
    { artifact, versions }: ArtifactDetails,
    version: number | null,
  ): ArtifactDetails['versions'] => {
    const meant = versions.filter((each) => version === null || each.version === version)
    if (version !== null && meant.length === 0)
      fail({ code: 'artifact/no-such-version', name: artifact.name, version, latest: artifact.version })
    return meant
  }

  /** What goes from a store goes by its owner's word. @throws artifact/not-owner */
  const requireOwner = ({ artifact: { name, ownership } }: ArtifactDetails): void => {
    if (ownership === 'reader') fail({ code: 'artifact/not-owner', name })
  }

  const copySpec = async (
    { artifactId, fromStoreId }: { artifactId: ArtifactId; fromStoreId: StoreId | null },
    { storeId, version, move }: { storeId: StoreId; version: number | null; move: boolean },
    store: string,
  ): Promise<CopySpec> => {
    const details = await catalog.artifactDetails(artifactId)
    if (move) requireOwner(details)
    const { name, version: latest } = details.artifact
    const meant = versionsMeant(details, version)
    if (meant.every(({ status }) => status === 'deleted'))
      fail({ code: 'artifact/ciphertext-deleted', name, version: version ?? latest })
    if (fromStoreId !== null) await requireIn(meant, name, fromStoreId)
    return {
      artifactId,
      name,
      version,
      storeId,
      store,
      fromStoreId: move ? sourceOfMove(meant, name, fromStoreId, storeId) : fromStoreId,
      move,
      sizeBytes: meant.reduce((total, { ciphertextBytes }) => total + ciphertextBytes, 0),
    }
  }

  /** @throws artifact/not-in-store */
  const requireIn = async (meant: VersionInfo[], name: string, storeId: StoreId): Promise<void> => {
    if (meant.some(({ objects }) => objects.some(liesIn(storeId)))) return
    fail({ code: 'artifact/not-in-store', name, store: (await catalog.getStore(storeId)).name })
  }

  return {
    'artifacts:copy': async ({ items, ...request }, context) => {
      const { name } = await catalog.getStore(request.storeId)
      const specs: CopySpec[] = []
      for (const item of items) specs.push(await copySpec(item, request, name))
      const jobIds: JobId[] = []
      for (const spec of specs)
        jobIds.push(await runner.start('copy', spec, { by: actorOf(context), output: null }))
      return { jobIds }
    },
    'artifacts:deletion': async ({ artifactId, storeId, version }) => {
      const details = await catalog.artifactDetails(artifactId)
      const { name, keyState } = details.artifact
      const meant = versionsMeant(details, version)
      await requireIn(meant, name, storeId)
      const here = meant.filter(({ objects }) => objects.some(liesIn(storeId)))
      return {
        name,
        store: (await catalog.getStore(storeId)).name,
        keyState,
        objects: here.flatMap(({ version: number, ciphertextBytes, objects }) =>
          objects.filter(liesIn(storeId)).map(({ objectName, location }) => ({
            version: number,
            objectName,
            location,
            sizeBytes: ciphertextBytes,
          })),
        ),
        remaining: here.flatMap(({ version: number, objects }) =>
          objects
            .filter((object) => object.storeId !== storeId && object.state === 'present')
            .map(({ store, location }) => ({ version: number, store, location })),
        ),
        keepsObjectVersions: await keepsObjectVersions(deps, storeId),
      }
    },
    'artifacts:delete': async ({ items, version, objectVersions, confirmName }, context) => {
      const specs: DeleteObjectSpec[] = []
      for (const { artifactId, storeId } of items) {
        const details = await catalog.artifactDetails(artifactId)
        requireOwner(details)
        const { name } = details.artifact
        await requireIn(versionsMeant(details, version), name, storeId)
        const store = (await catalog.getStore(storeId)).name
        specs.push({ artifactId, name, version, storeId, store, objectVersions })
      }
      const expected = confirmNameOf(specs.map(({ name }) => name))
      if (confirmName !== expected) return fail({ code: 'confirm/name-mismatch', expected })
      const jobIds: JobId[] = []
      for (const spec of specs)
        jobIds.push(await runner.start('delete-object', spec, { by: actorOf(context), output: null }))
      return { jobIds }
    },
  }
}

const liesIn = (storeId: StoreId) => (object: VersionInfo['objects'][number]) =>
  object.storeId === storeId && object.state !== 'deleted'

/** What lies in the target stays there: it is not left for itself. */
const sourceOfMove = (
  meant: VersionInfo[],
  name: string,
  named: StoreId | null,
  target: StoreId,
): StoreId | null => (named === target ? null : (named ?? onlySource(meant, name, target)))

/** The one store that a move leaves; null where everything lies in the target already.
 * @throws artifact/in-several-stores */
function onlySource(meant: VersionInfo[], name: string, target: StoreId): StoreId | null {
  const others = new Map(
    meant.flatMap(({ objects }) =>
      objects
        .filter((object) => object.storeId !== target && object.state !== 'deleted')
        .map(({ storeId, store }) => [storeId, store] as const),
    ),
  )
  if (others.size > 1) fail({ code: 'artifact/in-several-stores', name, stores: [...others.values()] })
  return [...others.keys()][0] ?? null
}

async function keepsObjectVersions(
  { openStore }: Pick<HandlerDeps, 'openStore'>,
  storeId: StoreId,
): Promise<boolean | null> {
  try {
    const { backend } = await openStore(storeId)
    return (await backend.capabilities()).objectVersions
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}
