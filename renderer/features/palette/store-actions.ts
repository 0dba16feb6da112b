import type { VerifyLevel } from '../../../shared/domain/artifact.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import type { PaletteItem } from './palette-items.ts'

/** What a check of each level reads. */
export const levelWords = {
  quick: 'quick: headers and sizes',
  sample: 'a sample of each artifact',
  full: 'in full: every stored byte',
} as const satisfies Record<VerifyLevel, string>

/** A check of a store at each of these levels; none of an empty one. */
export const verifyItems = (store: StoreInfo, levels: readonly VerifyLevel[]): PaletteItem[] =>
  (store.artifacts === 0 ? [] : levels).map((level) => ({
    id: `verify ${level} ${store.storeId}`,
    icon: 'verify',
    title: `Verify ${store.name}`,
    sub: levelWords[level],
    run: { verify: { storeId: store.storeId }, level },
  }))

/** What can be done with a store. */
export function storeActions(stores: readonly StoreInfo[]): PaletteItem[] {
  return stores.flatMap((store): PaletteItem[] => [
    ...verifyItems(store, ['sample']),
    {
      id: `look ${store.storeId}`,
      icon: 'store',
      title: `Look again at ${store.name}`,
      sub: 'what it holds',
      run: { lookAgain: { storeId: store.storeId } },
    },
    {
      id: `settings ${store.storeId}`,
      icon: 'store',
      title: `Settings of ${store.name}`,
      sub: 'credentials, connection test',
      run: { go: `/settings/stores/${store.storeId}` },
    },
  ])
}
