/** Entry of the same app in an installed Chrome, Chromium or Edge, where Electron's runtime cannot be had. */
import { dirname, extname, join } from 'node:path'
import type { OpenAppOptions } from './app.ts'
import { failureText } from '../shared/failure-text.ts'
import { failureOf } from '../shared/failure.ts'
import { usualDataFolder } from './data-folder.ts'
import { hardenProcess } from './harden-process.ts'
import { type ChromiumHost, createChromiumHost } from './host/chromium-host.ts'
import { findBrowser } from './host/find-browser.ts'
import { runWindow } from './run-window.ts'
import { openedInbox, readStartArguments } from './start-arguments.ts'

const builtFolder = dirname(import.meta.dirname)
const workerUrl = (name: string) => new URL(`./${name}${extname(import.meta.filename)}`, import.meta.url)

export type OpenInChromium = {
  dataFolder: string
  headless: boolean
  /** Files and links to show at once. */
  opened?: string[]
  /** The browser's program; found where it is left out. */
  executablePath?: string
  say?: (line: string) => void
} & TestParts

/** What tests put in the place of the real thing. */
type TestParts = Pick<OpenAppOptions, 'checkpoint' | 'substitutes'>

export type OpenedInChromium = {
  /** What Playwright drives, in tests and for pictures. */
  page: ReturnType<ChromiumHost['page']>
  /** Settles once the window is gone and everything has ended in good order. */
  ended: Promise<void>
  /** Closes the window as a person who confirmed would, and waits for the end. */
  close: () => Promise<void>
}

/** Opens the app's window in a browser.
 * @returns null when a window of the same data folder is open already and was told
 * @throws WeightlockError what the app could not be opened for; Error where no browser is installed */
export async function openInChromium(options: OpenInChromium): Promise<OpenedInChromium | null> {
  const executablePath = options.executablePath ?? findBrowser()
  if (executablePath === null)
    throw new Error('No Chrome, Chromium or Edge is installed (Debian: apt-get install chromium).')
  const opened = options.opened ?? []
  const host = createChromiumHost({
    executablePath,
    profileFolder: join(options.dataFolder, 'window'),
    headless: options.headless,
  })
  const window = await runWindow({
    host,
    dataFolder: options.dataFolder,
    workers: { payload: workerUrl('payload-worker'), catalog: workerUrl('catalog-worker') },
    builtFolder,
    assetsFolder: join(dirname(builtFolder), 'assets'),
    unhardened: hardenProcess(),
    inbox: openedInbox(opened),
    opened,
    say: options.say ?? (() => undefined),
    testParts: { checkpoint: options.checkpoint, substitutes: options.substitutes },
  })
  if (window === null) return null
  return {
    page: host.page(),
    ended: window.ended,
    close: async () => {
      await host.close()
      await window.ended
    },
  }
}

/** What a person reads who started this from a terminal. */
function explain(error: unknown): string {
  const failure = failureOf(error)
  if (failure === null) return error instanceof Error ? error.message : String(error)
  const { title, message, safe, remedy } = failureText(failure)
  return `${title}. ${message} ${safe} ${remedy}`
}

async function main(): Promise<void> {
  const start = readStartArguments(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd())
  const window = await openInChromium({
    dataFolder: start.dataFolder ?? usualDataFolder(),
    headless: start.headless,
    opened: start.opened,
    say: (line) => console.error(line),
  })
  if (window === null) {
    console.error('Weightlock is open already; it was brought to the front.')
    return
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void window.close())
  await window.ended
}

if (import.meta.main)
  main().catch((error: unknown) => {
    console.error(explain(error))
    process.exitCode = 1
  })
