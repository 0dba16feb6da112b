/** How soon the window is there, how it does with 100,000 artifacts, and what it feels of an encryption. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findBrowser } from '../../electron/host/find-browser.ts'
import { missingForKeyring, startKeyring } from '../private-keyring.ts'
import { median, percentile, spread, table } from './figures.ts'
import { roundTrip } from './window-page.ts'
import type { InventoryFigures } from './inventory.ts'
import type { WindowFigures } from './window.ts'

/** Its name, for `--only`. */
export const windowGroup = 'window'

const artifacts = 100_000
const keys = 1000
const targets = {
  firstRowsMs: 500,
  inventoryMs: 300,
  searchMs: 150,
  rows: 120,
  taskMs: 100,
  roundTripMs: 100,
}

type Files = {
  /** Of the bench alone. */
  folder: string
  plain: string
  sizeBytes: number
  runs: number
}

/** Measures in processes of their own and prints one table; says why where there is no browser or keyring. */
export async function windowTable({ folder, plain, sizeBytes, runs }: Files): Promise<void> {
  const missing = [...missingForKeyring(), ...(findBrowser() === null ? ['a browser'] : [])]
  if (missing.length > 0) {
    console.log(`\n${windowGroup}: not measured without ${missing.join(', ')}`)
    return
  }
  const ownFolder = join(folder, 'window')
  mkdirSync(ownFolder)
  const keyring = await startKeyring({ folder: join(ownFolder, 'keyring') })
  try {
    const run = async <Figures>(script: string, args: string[]): Promise<Figures> => {
      const path = fileURLToPath(new URL(script, import.meta.url))
      const env = { ...process.env, ...keyring.env }
      const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], {
        env,
        maxBuffer: 2 ** 28,
      })
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Figures
    }
    const figures = await run<WindowFigures>('window.ts', [ownFolder, plain, String(artifacts), String(runs)])
    const firstWindowMs: number[] = []
    for (let n = 0; n < runs; n++) {
      const started = await run<{ firstWindowMs: number }>('first-window.ts', [figures.dataFolder])
      firstWindowMs.push(started.firstWindowMs)
    }
    const { inventoryMs } = await run<InventoryFigures>('inventory.ts', [
      ownFolder,
      String(keys),
      String(runs),
    ])
    console.log(`\n${windowGroup}: ${artifacts} artifacts, ${runs} runs, ${sizeBytes} bytes encrypted`)
    console.log(table([head, ...linesOf(figures, firstWindowMs, inventoryMs)]))
  } finally {
    await keyring.stop()
  }
}

const head = ['', 'median', 'least to most', 'seconds of processor', 'target']
const seconds = (ms: number): string => (ms / 1000).toFixed(3)

function linesOf(
  figures: WindowFigures,
  firstWindowMs: readonly number[],
  inventoryMs: readonly number[],
): string[][] {
  const timed = (label: string, allMs: readonly number[], most: number | null, processor = ''): string[] => [
    label,
    seconds(median(allMs)),
    spread(allMs),
    processor,
    most === null ? '' : `≤ ${seconds(most)}`,
  ]
  const { scrolled, roundTripsMs, encryptedSeconds } = figures
  const mostRows = String(Math.max(...scrolled.map((each) => each.mostRows)))
  return [
    timed('start of the program to first window', firstWindowMs, null),
    timed('list opened to first rows', figures.firstRowsMs, targets.firstRowsMs),
    timed(`inventory of ${keys} keys opened to first rows`, inventoryMs, targets.inventoryMs),
    timed('key stroke to rows found', figures.searchMs, targets.searchMs),
    ['rows in the DOM, at most', mostRows, '', '', `≤ ${targets.rows}`],
    ...scrolled.map(({ pace, longestTaskMs, ofProcessorMs }) => {
      const [label, middle = '', ...others] = timed(
        `longest task, ${pace}`,
        longestTaskMs,
        targets.taskMs,
        seconds(ofProcessorMs),
      )
      // Browsers tell of no task that is shorter.
      return [label ?? '', median(longestTaskMs) === 0 ? '< 0.050' : middle, ...others]
    }),
    ...Object.entries(roundTripsMs).map(([name, allMs]) => [
      `${name}, ${allMs.length} times in ${encryptedSeconds.toFixed(0)} s of encryption, p99`,
      seconds(percentile(allMs, 99)),
      spread(allMs),
      '',
      name === roundTrip ? `≤ ${seconds(targets.roundTripMs)}` : '',
    ]),
  ]
}
