/** `node first-window.ts DATA_FOLDER`: from the start of this process until the window can be used. */
import { openInBrowser } from '../../e2e/fixtures/open-window.ts'

const [dataFolder = ''] = process.argv.slice(2)
const { page, close } = await openInBrowser({ dataFolder })
await page.getByRole('navigation', { name: 'Screens' }).waitFor()
const firstWindowMs = performance.now()
await close()
console.log(JSON.stringify({ firstWindowMs }))
