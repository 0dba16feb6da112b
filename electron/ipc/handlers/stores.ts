import type { storesContract } from '../../../shared/contract/stores.ts'
import type { PathRef } from '../../../shared/domain/client-input.ts'
import type { SettingField, StoreInfo, StoreSettings } from '../../../shared/domain/store.ts'
import { fail } from '../../../shared/failure.ts'
import { newId, StoreId } from '../../../shared/ids.ts'
import type { StoreRow } from '../../catalog/store-operations.ts'
import { forgetStore, storeSecretName } from '../../jobs/open-stores.ts'
import { abortUploads, listUploads } from '../../jobs/store-uploads.ts'
import { scanStore } from '../../jobs/scan-store.ts'
import { checkNewStore, fieldsOfKind, isRemoteKind, openStore, storageKinds } from '../../storage/registry.ts'
import { testStore } from '../../storage/store-test.ts'
import type { CallContext } from '../call-context.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'
import { requireSeparate, type TakenFolder } from './separate-folders.ts'

export const storesHandlers = (deps: HandlerDeps): Handlers<typeof storesContract> => {
  const { catalog } = deps
  const infoOf = async (row: StoreRow): Promise<StoreInfo> => {
    // A list of stores waits for no network: Test and Scan ask it.
    if (isRemoteKind(row.kind)) return { ...row, exists: true, freeBytes: null }
    const opened = await deps.openStore(row.storeId).catch(() => null)
    const freeBytes = (await opened?.backend.freeBytes?.().catch(() => null)) ?? null
    const exists =
      opened === null
        ? false
        : await opened.backend.list('', null).then(
            () => true,
            () => false,
          )
    return { ...row, exists, freeBytes }
  }
  const takenFolders = async (): Promise<TakenFolder[]> => {
    const stores = (await catalog.listStores()).flatMap((row) =>
      foldersOf(fieldsOfKind(row.kind), row.settings).map(([, path]) => ({
        path,
        whose: `the store “${row.name}”`,
      })),
    )
    return [...stores, { path: deps.dataFolder, whose: 'Weightlock’s own data' }]
  }
  return {
    'stores:kinds': async () => ({
      kinds: storageKinds.map(({ kind, label, fields }) => ({ kind, label, fields })),
    }),
    'stores:list': async () => ({ stores: await Promise.all((await catalog.listStores()).map(infoOf)) }),
    'stores:add': async ({ name, kind, settings, paths, secrets }, context) => {
      const fields = fieldsOfKind(kind)
      const complete = { ...withoutPaths(fields, settings), ...resolved(fields, paths, context) }
      const backend = openStore(kind, complete, {
        store: name,
        files: deps.files,
        platform: process.platform,
        mayCreate: false,
        secret: async (field) => secrets[field] ?? null,
        memory: null,
      })
      await checkNewStore(kind, complete)
      for (const [field, folder] of foldersOf(fields, complete))
        await requireSeparate(field, folder, await takenFolders())
      const storeId = newId(StoreId)
      const location = backend.location('')
      const typed = secretNames(storeId, fields).filter(({ field }) => secrets[field] !== undefined)
      try {
        for (const { field, item } of typed) await deps.secrets.writeValue(item, secrets[field] ?? '')
        const by = actorOf(context)
        const added = { storeId, name, kind, settings: complete, location, makeDefault: false, by }
        return await infoOf(await catalog.addStore(added))
      } catch (error) {
        for (const { item } of typed) await deps.secrets.deleteValue(item).catch(() => undefined)
        throw error
      }
    },
    'stores:remove': async ({ storeId }, context) => {
      const { kind } = await catalog.getStore(storeId)
      await catalog.removeStore({ storeId, by: actorOf(context) })
      for (const { item } of secretNames(storeId, fieldsOfKind(kind))) await deps.secrets.deleteValue(item)
      await forgetStore(catalog, storeId)
      return {}
    },
    'stores:make-default': async ({ storeId }, context) => {
      await catalog.setDefaultStore({ storeId, by: actorOf(context) })
      return {}
    },
    'stores:test': async ({ storeId }) => testStore((await deps.openStore(storeId)).backend),
    'stores:uploads': async ({ storeId }) => listUploads(deps, await deps.openStore(storeId)),
    'stores:abort-uploads': async ({ storeId, ...which }, context) =>
      abortUploads(deps, await deps.openStore(storeId), { ...which, by: actorOf(context) }),
    'stores:scan': async ({ storeId }) => {
      const { row, backend } = await deps.openStore((await catalog.findStore(storeId)).storeId)
      const { objects, foreign, missing, at } = await scanStore(catalog, row.storeId, backend)
      return { objects, foreign, missing, at }
    },
  }
}

const isPath = ({ kind }: SettingField): boolean => kind === 'folder' || kind === 'file'

/** The folders that a store is. */
const foldersOf = (fields: readonly SettingField[], settings: StoreSettings): [string, string][] =>
  fields.flatMap(({ name, kind }) => {
    const path = settings[name]
    return kind === 'folder' && typeof path === 'string' ? [[name, path] as [string, string]] : []
  })

/** A path comes as what its client may hold of it, and a secret not at all, never as a plain setting. */
function withoutPaths(fields: readonly SettingField[], settings: StoreSettings): StoreSettings {
  const other = fields.find((field) => field.name in settings && (isPath(field) || field.kind === 'secret'))
  if (other !== undefined)
    fail({ code: 'store/settings-invalid', field: other.name, reason: 'it was not chosen here' })
  return settings
}

function resolved(
  fields: readonly SettingField[],
  paths: Readonly<Record<string, PathRef>>,
  context: CallContext,
): StoreSettings {
  const given = fields.filter(isPath).flatMap(({ name }) => {
    const ref = paths[name]
    return ref === undefined ? [] : [[name, context.resolvePath(ref, 'store')] as const]
  })
  return Object.fromEntries(given)
}

const secretNames = (storeId: StoreId, fields: readonly SettingField[]) =>
  fields.flatMap(({ name, kind }) =>
    kind === 'secret' ? [{ field: name, item: storeSecretName(storeId, name) }] : [],
  )
