import type { storesContract } from '../../../shared/contract/stores.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { fail } from '../../../shared/failure.ts'
import { newId, StoreId } from '../../../shared/ids.ts'
import type { StoreRow } from '../../catalog/store-operations.ts'
import { scanStore } from '../../jobs/scan-store.ts'
import { checkNewStore, openStore, storageKinds } from '../../storage/registry.ts'
import { testStore } from '../../storage/store-test.ts'
import type { Handlers } from '../dispatcher.ts'
import { actorOf, type HandlerDeps } from './handler-deps.ts'

export const storesHandlers = (deps: HandlerDeps): Handlers<typeof storesContract> => {
  const { catalog } = deps
  const infoOf = async (row: StoreRow): Promise<StoreInfo> => {
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
  return {
    'stores:kinds': async () => ({
      kinds: storageKinds.map(({ kind, label, fields }) => ({ kind, label, fields })),
    }),
    'stores:list': async () => ({ stores: await Promise.all((await catalog.listStores()).map(infoOf)) }),
    'stores:add': async ({ name, kind, settings, folder }, context) => {
      const path = folder === null ? settings['path'] : context.resolvePath(folder, 'store')
      if (context.audience === 'window' && folder === null && settings['path'] !== undefined)
        return fail({ code: 'store/settings-invalid', field: 'path', reason: 'it was not chosen here' })
      const complete = path === undefined ? settings : { ...settings, path }
      const backend = openStore(kind, complete, {
        store: name,
        files: deps.files,
        platform: process.platform,
        mayCreate: false,
      })
      await checkNewStore(kind, complete)
      const row = await catalog.addStore({
        storeId: newId(StoreId),
        name,
        kind,
        settings: complete,
        location: backend.location(''),
        makeDefault: false,
        by: actorOf(context),
      })
      return infoOf(row)
    },
    'stores:remove': async ({ storeId }, context) => {
      await catalog.removeStore({ storeId, by: actorOf(context) })
      return {}
    },
    'stores:make-default': async ({ storeId }, context) => {
      await catalog.setDefaultStore({ storeId, by: actorOf(context) })
      return {}
    },
    'stores:test': async ({ storeId }) => testStore((await deps.openStore(storeId)).backend),
    'stores:scan': async ({ storeId }) => {
      const { row, backend } = await deps.openStore((await catalog.findStore(storeId)).storeId)
      const { objects, foreign, missing, at } = await scanStore(catalog, row.storeId, backend)
      return { objects, foreign, missing, at }
    },
  }
}
