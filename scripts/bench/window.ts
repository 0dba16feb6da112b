/** `node window.ts FOLDER FILE ARTIFACTS RUNS`: the window over a store of so many artifacts, and while a file is encrypted.
 * Its keyring is the caller's. Prints one line of figures. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openInBrowser } from '../../e2e/fixtures/open-window.ts'
import { machineId } from '../../electron/data-folder.ts'
import { seedCatalog } from './seed-catalog.ts'
import { longestOnProcessor } from './task-trace.ts'
import {
  callWhileEncrypting,
  roundTrip,
  scrollThrough,
  timeToFound,
  timeToRows,
  type Scrolled,
} from './window-page.ts'

export type WindowFigures = {
  /** Filled and used, for what is measured on it next. */
  dataFolder: string
  firstRowsMs: number[]
  searchMs: number[]
  scrolled: {
    pace: string
    mostRows: number
    /** Of each run. */
    longestTaskMs: number[]
    /** The most that one task of another, traced run was computed for. */
    ofProcessorMs: number
  }[]
  /** Every call, by what it asks for. */
  roundTripsMs: Record<string, number[]>
  encryptedSeconds: number
}

const queries = ['credit', 'llama-lora', 'gguf', '0999', 'zz no such name', 'whisper-ft-00', 'onnx', 'a']
const frames = 300
const paces = [
  { pace: `the list in ${frames} frames and back`, by: 'list' },
  { pace: 'a screen in every frame', by: 'screen' },
] as const

const [folder = '', file = '', artifacts = '100000', runs = '5'] = process.argv.slice(2)
const dataFolder = join(folder, 'window-data')
const location = join(folder, 'window-store')
for (const each of [dataFolder, location]) mkdirSync(each, { recursive: true, mode: 0o700 })
const storeId = seedCatalog({
  path: join(dataFolder, 'catalog.sqlite'),
  artifacts: Number(artifacts),
  foreign: 0,
  location,
  flat: true,
  machineId: await machineId(),
})
const { page, close } = await openInBrowser({ dataFolder })
try {
  const ready = () => page.getByRole('navigation', { name: 'Screens' }).waitFor()
  await ready()
  await page.setViewportSize({ width: 1440, height: 900 })
  const place = `#/artifacts/in/${storeId}`

  const firstRowsMs: number[] = []
  for (let n = 0; n < Number(runs); n++) {
    // A page that has never seen the list.
    await page.goto(`${new URL(page.url()).origin}/#/settings/appearance`)
    await page.reload()
    await ready()
    await page.getByRole('heading', { level: 1 }).waitFor()
    firstRowsMs.push(await page.evaluate(timeToRows, place))
  }
  const searchMs: number[] = []
  for (const query of queries) searchMs.push(await page.evaluate(timeToFound, query))
  await page.getByRole('searchbox').fill('')
  await page.waitForFunction(
    (rows) => document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount') === rows,
    String(Number(artifacts) + 1),
  )

  const scrolled: WindowFigures['scrolled'] = []
  for (const { pace, by } of paces) {
    const scroll = () => page.evaluate(scrollThrough, { frames, by })
    const seen: Scrolled[] = []
    for (let n = 0; n < Number(runs); n++) seen.push(await scroll())
    scrolled.push({
      pace,
      mostRows: Math.max(...seen.map(({ mostRows }) => mostRows)),
      longestTaskMs: seen.map(({ longestTaskMs }) => longestTaskMs),
      ofProcessorMs: await longestOnProcessor(page, scroll),
    })
  }

  await page.evaluate(() => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', id: 'to-encrypt', hidden: true })
    document.body.append(input)
  })
  await page.locator('#to-encrypt').setInputFiles(file)
  const list = { storeId, folder: '', deep: false, foreign: true, limit: 200 }
  const sort = { by: 'name', descending: false }
  const { roundTripsMs, seconds, outcome } = await page.evaluate(callWhileEncrypting, [
    { name: roundTrip, channel: 'jobs:snapshot', request: {}, everyMs: 4 },
    {
      name: '200 rows of the list',
      channel: 'artifacts:list',
      request: { ...list, query: '', sort, offset: 0 },
      everyMs: 100,
    },
  ] as const)
  if (outcome !== 'done') throw new Error(`the encryption ended as ${outcome}`)
  const figures: WindowFigures = {
    dataFolder,
    firstRowsMs,
    searchMs,
    scrolled,
    roundTripsMs,
    encryptedSeconds: seconds,
  }
  console.log(JSON.stringify(figures))
} finally {
  await close()
}
