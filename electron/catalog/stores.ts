import { fail } from '../../shared/failure.ts'
import type { StoreId } from '../../shared/ids.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import type { StoreOperations, StoreRow } from './store-operations.ts'

type Row = Omit<StoreRow, 'settings' | 'isDefault'> & { settings: string; isDefault: number }

const select = `
  SELECT s.store_id AS storeId, s.name, s.kind, s.settings, s.location, s.is_default AS isDefault,
    coalesce((SELECT t.artifacts FROM list_totals t WHERE t.scope = s.store_no), 0) AS artifacts,
    s.ciphertext_bytes AS ciphertextBytes
  FROM stores s`

const storeOf = ({ settings, isDefault, ...row }: Row): StoreRow => ({
  ...row,
  settings: JSON.parse(settings),
  isDefault: isDefault === 1,
})

/** A store's number. @throws store/not-found */
export function storeNo(context: Context, storeId: StoreId): number {
  const row = context.get<{ storeNo: number }>(
    'SELECT store_no AS storeNo FROM stores WHERE store_id = $storeId',
    {
      storeId,
    },
  )
  return row?.storeNo ?? fail({ code: 'store/not-found', query: storeId })
}

/** A path or URI that other tools accept. Names are slash-separated; a folder of Windows is not. */
export function objectLocation(storeLocation: string, objectName: string): string {
  const windows = /^([A-Za-z]:|\\\\)/.test(storeLocation) && !storeLocation.includes('://')
  const separator = windows ? '\\' : '/'
  const name = windows ? objectName.replaceAll('/', separator) : objectName
  return storeLocation.endsWith(separator) ? storeLocation + name : storeLocation + separator + name
}

export function storeOperations(
  context: Context,
): Omit<StoreOperations, 'scanStarted' | 'scanPage' | 'scanFinished' | 'foreignObjects'> {
  const getStore = (storeId: StoreId): StoreRow => {
    const row = context.get<Row>(`${select} WHERE s.store_id = $storeId`, { storeId })
    return row ? storeOf(row) : fail({ code: 'store/not-found', query: storeId })
  }
  const makeDefault = (storeId: StoreId) => {
    context.run('UPDATE stores SET is_default = 0 WHERE is_default = 1')
    context.run('UPDATE stores SET is_default = 1 WHERE store_id = $storeId', { storeId })
  }
  return {
    addStore: ({ storeId, name, kind, settings, location, makeDefault: asDefault, by }) => {
      if (context.get('SELECT 1 FROM stores WHERE name = $name', { name }))
        fail({ code: 'store/name-taken', name })
      const isFirst = !context.get('SELECT 1 FROM stores')
      context.run(
        `INSERT INTO stores (store_id, name, kind, settings, location, is_default, added_at)
         VALUES ($storeId, $name, $kind, $settings, $location, 0, $at)`,
        { storeId, name, kind, settings: JSON.stringify(settings), location, at: context.now() },
      )
      if (asDefault || isFirst) makeDefault(storeId)
      audit(context, { event: 'store-added', on: name, facts: { kind, location }, by })
      context.changed('stores')
      return getStore(storeId)
    },
    setStore: ({ storeId, name, settings, changed, by }) => {
      const no = storeNo(context, storeId)
      if (context.get('SELECT 1 FROM stores WHERE name = $name AND store_no <> $no', { name, no }))
        fail({ code: 'store/name-taken', name })
      const before = getStore(storeId)
      const changes = { name, settings: JSON.stringify(settings), no }
      context.run('UPDATE stores SET name = $name, settings = $settings WHERE store_no = $no', changes)
      const renamed: Record<string, string> = before.name === name ? {} : { before: before.name }
      audit(context, {
        event: 'store-changed',
        on: name,
        facts: { changed: changed.join(', '), ...renamed },
        by,
      })
      context.changed('stores')
      return getStore(storeId)
    },
    removeStore: ({ storeId, by }) => {
      const no = storeNo(context, storeId)
      const { name, isDefault } = getStore(storeId)
      const inUse = context.get<{ artifacts: number }>(
        `SELECT count(*) AS artifacts FROM (
           SELECT v.artifact_no FROM objects o JOIN versions v ON v.version_no = o.version_no
           WHERE o.store_no = $no
           UNION SELECT artifact_no FROM reservations WHERE store_no = $no
         )`,
        { no },
      )
      if (inUse && inUse.artifacts > 0)
        fail({ code: 'store/in-use', store: name, artifacts: inUse.artifacts })
      context.run('DELETE FROM foreign_objects WHERE store_no = $no', { no })
      context.run('DELETE FROM list_totals WHERE scope = $no', { no })
      context.run('DELETE FROM stores WHERE store_no = $no', { no })
      const heir = context.get<{ storeId: StoreId }>(
        'SELECT store_id AS storeId FROM stores ORDER BY store_no LIMIT 1',
      )
      if (isDefault && heir) makeDefault(heir.storeId)
      audit(context, { event: 'store-removed', on: name, by })
      context.changed('stores')
    },
    listStores: () => context.all<Row>(`${select} ORDER BY s.is_default DESC, s.name`).map(storeOf),
    getStore,
    findStore: (query) => {
      const row =
        query === null
          ? context.get<Row>(`${select} WHERE s.is_default = 1`)
          : (context.get<Row>(`${select} WHERE s.store_id = $query`, { query }) ??
            context.get<Row>(`${select} WHERE s.name = $query`, { query }))
      return row ? storeOf(row) : fail({ code: 'store/not-found', query: query ?? '' })
    },
    setDefaultStore: ({ storeId, by }) => {
      const { name, isDefault } = getStore(storeId)
      if (isDefault) return
      makeDefault(storeId)
      audit(context, { event: 'store-made-default', on: name, by })
      context.changed('stores')
    },
  }
}
