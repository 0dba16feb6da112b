/** Where copies of an identity are, in words. */
import type { KeyPlace } from './domain/key.ts'

/** `name` stands alone; `short` is one of several in a row. */
export const keyPlaces: Record<KeyPlace, { name: string; short: string }> = {
  keychain: { name: 'Keychain', short: 'Keychain' },
  export: { name: 'Exported file', short: 'export' },
  kit: { name: 'Recovery kit', short: 'kit' },
  import: { name: 'Imported file', short: 'import' },
}
