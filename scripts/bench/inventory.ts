/** `node inventory.ts FOLDER KEYS RUNS`: how soon the inventory of so many keys shows its first rows. Its keyring is the
 * caller's. Prints one line of figures. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openInBrowser } from '../../e2e/fixtures/open-window.ts'
import { machineId } from '../../electron/data-folder.ts'
import { seedCatalog } from './seed-catalog.ts'
import { timeToRows } from './window-page.ts'

export type InventoryFigures = { inventoryMs: number[] }

const [folder = '', keys = '1000', runs = '5'] = process.argv.slice(2)
const dataFolder = join(folder, 'inventory-data')
const location = join(folder, 'inventory-store')
for (const each of [dataFolder, location]) mkdirSync(each, { recursive: true, mode: 0o700 })
seedCatalog({
  path: join(dataFolder, 'catalog.sqlite'),
  artifacts: Number(keys),
  foreign: 0,
  location,
  flat: true,
  machineId: await machineId(),
})
const { page, close } = await openInBrowser({ dataFolder })
try {
  const inventoryMs: number[] = []
  for (let n = 0; n < Number(runs); n++) {
    // A page that has never seen the list.
    await page.goto(`${new URL(page.url()).origin}/#/settings/appearance`)
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    inventoryMs.push(await page.evaluate(timeToRows, '#/keys'))
  }
  console.log(JSON.stringify({ inventoryMs } satisfies InventoryFigures))
} finally {
  await close()
}
