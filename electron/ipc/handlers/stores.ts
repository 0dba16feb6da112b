import type { storesContract } from '../../../shared/contract/stores.ts'
import {
  isAsked,
  type SettingField,
  type StoreInfo,
  type StoreSettings,
} from '../../../shared/domain/store.ts'
import { newId, StoreId } from '../../../shared/ids.ts'
import type { StoreRow } from '../../catalog/store-operations.ts'
import { forgetStore, storeSecretName } from '../../jobs/open-stores.ts'
import { scanStore } from '../../jobs/scan-store.ts'
import { abortUploads, listUploads } from '../../jobs/store-uploads.ts'
import { checkNewStore, fieldsOfKind, isRemoteKind, openStore, storageKinds } from '../../storage/registry.ts'
import { testStore } from '../../storage/store-test.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'
import { requireSameObjects } from './same-objects.ts'
import { requireSeparate, type TakenFolder } from './separate-folders.ts'
import { changesBetween, foldersOf, leadsElsewhere, mergedSettings } from './store-settings.ts'

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
  const keptSecret = async (storeId: StoreId | null, field: string): Promise<string | null> =>
    storeId === null ? null : deps.secrets.readValue(storeSecretName(storeId, field))
  /** A store of settings that are not kept yet. */
  const openUnkept = (
    name: string,
    kind: string,
    settings: StoreSettings,
    secret: (field: string) => Promise<string | null>,
  ) =>
    openStore(kind, settings, {
      store: name,
      files: deps.files,
      platform: process.platform,
      mayCreate: false,
      secret,
      memory: null,
    })
  const checkSeparate = async (fields: readonly SettingField[], settings: StoreSettings) => {
    for (const [field, folder] of foldersOf(fields, settings))
      await requireSeparate(field, folder, await takenFolders())
  }
  /** Ended with the store that they look into. */
  const lookingInto = new Map<StoreId, AbortController>()
  /** What a new store holds is seen page by page. Nobody waits for it: what keeps it from being read, its test says. */
  const lookInto = (storeId: StoreId): void => {
    const looking = new AbortController()
    lookingInto.set(storeId, looking)
    void deps
      .openStore(storeId)
      .then(({ backend }) => scanStore(catalog, storeId, backend, looking.signal))
      .catch(() => undefined)
      .finally(() => lookingInto.delete(storeId))
  }
  return {
    'stores:kinds': async () => ({
      kinds: storageKinds.map(({ kind, label, mark, isRemote, fields }) => ({
        kind,
        label,
        mark,
        isRemote,
        fields,
      })),
    }),
    'stores:list': async () => ({ stores: await Promise.all((await catalog.listStores()).map(infoOf)) }),
    'stores:add': async ({ name, kind, secrets, ...given }, context) => {
      const fields = fieldsOfKind(kind)
      const settings = mergedSettings(fields, null, { ...given, secrets }, context)
      const backend = openUnkept(name, kind, settings, async (field) => secrets[field] ?? null)
      await checkNewStore(kind, settings)
      await checkSeparate(fields, settings)
      const storeId = newId(StoreId)
      const location = backend.location('')
      const typed = secretNames(storeId, fields).filter(({ field }) => secrets[field] !== undefined)
      try {
        for (const { field, item } of typed) await deps.secrets.writeValue(item, secrets[field] ?? '')
        const by = actorOf(context)
        const added = { storeId, name, kind, settings, location, makeDefault: false, by }
        const row = await catalog.addStore(added)
        lookInto(storeId)
        return await infoOf(row)
      } catch (error) {
        for (const { item } of typed) await deps.secrets.deleteValue(item).catch(() => undefined)
        throw error
      }
    },
    'stores:set': async ({ storeId, secrets, ...given }, context) => {
      const row = await catalog.getStore(storeId)
      const name = given.name ?? row.name
      const fields = fieldsOfKind(row.kind)
      const settings = mergedSettings(fields, row.settings, { ...given, secrets }, context)
      const changed = changesBetween(row.settings, settings, secrets)
      const isElsewhere = leadsElsewhere(fields, row.settings, settings, secrets)
      if (changed.length > 0) {
        const secret = async (field: string) =>
          secrets[field] ?? (isElsewhere ? null : keptSecret(storeId, field))
        const backend = openUnkept(name, row.kind, settings, secret)
        await checkNewStore(row.kind, settings)
        try {
          await requireSameObjects(catalog, storeId, backend)
        } finally {
          await backend.close?.()
        }
      }
      if (changed.length === 0 && name === row.name) return infoOf(row)
      const items = secretNames(storeId, fields)
      for (const { field, item } of items)
        if (secrets[field] !== undefined) await deps.secrets.writeValue(item, secrets[field])
      const by = actorOf(context)
      const set = await catalog.setStore({ storeId, name, settings, changed, by })
      // Only now: settings that were not kept must not have lost their secrets.
      for (const { field, item, isAskedIn } of items)
        if (isAskedIn(row.settings) && (!isAskedIn(settings) || (isElsewhere && !(field in secrets))))
          await deps.secrets.deleteValue(item)
      deps.reopenStore(storeId)
      return infoOf(set)
    },
    'stores:remove': async ({ storeId }, context) => {
      const { kind } = await catalog.getStore(storeId)
      await catalog.removeStore({ storeId, by: actorOf(context) })
      lookingInto.get(storeId)?.abort()
      for (const { item } of secretNames(storeId, fieldsOfKind(kind))) await deps.secrets.deleteValue(item)
      await forgetStore(catalog, storeId)
      return {}
    },
    'stores:make-default': async ({ storeId }, context) => {
      await catalog.setDefaultStore({ storeId, by: actorOf(context) })
      return {}
    },
    'stores:test': async ({ storeId }) => testStore((await deps.openStore(storeId)).backend),
    'stores:try': async ({ kind, storeId, name, secrets, ...given }, context) => {
      const fields = fieldsOfKind(kind)
      const kept = storeId === null ? null : (await catalog.getStore(storeId)).settings
      const settings = mergedSettings(fields, kept, { ...given, secrets }, context)
      const isElsewhere = leadsElsewhere(fields, kept, settings, secrets)
      const secret = async (field: string) =>
        secrets[field] ?? (isElsewhere ? null : keptSecret(storeId, field))
      const label = name === '' ? 'the store' : name
      const backend = openUnkept(label, kind, settings, secret)
      try {
        await checkNewStore(kind, settings)
        if (kept === null) await checkSeparate(fields, settings)
        return await testStore(backend)
      } finally {
        await backend.close?.()
      }
    },
    'stores:uploads': async ({ storeId }) => listUploads(deps, await deps.openStore(storeId)),
    'stores:abort-uploads': async ({ storeId, ...asked }, context) =>
      abortUploads(deps, await deps.openStore(storeId), { ...asked, by: actorOf(context) }),
    'stores:scan': async ({ storeId }) => {
      const { row, backend } = await deps.openStore((await catalog.findStore(storeId)).storeId)
      const { objects, foreign, missing, at } = await scanStore(catalog, row.storeId, backend)
      return { objects, foreign, missing, at }
    },
  }
}

const secretNames = (storeId: StoreId, fields: readonly SettingField[]) =>
  fields.flatMap((field) =>
    field.kind === 'secret'
      ? [
          {
            field: field.name,
            item: storeSecretName(storeId, field.name),
            isAskedIn: (settings: StoreSettings) => isAsked(field, settings),
          },
        ]
      : [],
  )
