/** A window of an installed Chrome, Chromium or Edge: the same page, bridge and rules as in Electron, without a
 * network port. The browser is driven through a pipe; the page is served from memory of this process. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { z } from 'zod'
import { failed } from '../../shared/failure.ts'
import { browserEnvironment } from './browser-environment.ts'
import { installBridge, type PageSide } from './chromium-page.ts'
import { keepSystemAwake, moveToTrash, revealInFileManager, showNotice } from './desktop.ts'
import type { Host, OpenWindow, WindowBounds, WindowCalls } from './host.ts'
import { serveRenderer } from './serve-renderer.ts'
import { clampToScreen, firstWindow, type ScreenArea } from './window-bounds.ts'

const origin = 'https://app.weightlock'
const startTimeoutMs = 30_000
const boundsRestMs = 500

export type ChromiumOptions = {
  /** The browser's program (`find-browser.ts`). */
  executablePath: string
  /** Its own folder, not the user's. */
  profileFolder: string
  headless: boolean
}

export type ChromiumHost = Host & {
  /** For tests and pictures: what Playwright drives. */
  page: () => Page
}

const PageMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), channel: z.string(), request: z.unknown().optional() }),
  z.object({ kind: z.literal('path'), file: z.number().int().nonnegative() }),
  z.object({ kind: z.literal('focus'), focused: z.boolean() }),
  z.object({ kind: z.literal('moved') }),
])

/** Whether Chromium's own sandbox can be had: it refuses to run as root. */
const canSandbox = () => process.getuid?.() !== 0

const browserArguments = ({ headless }: ChromiumOptions, bounds: WindowBounds | null): string[] => [
  // `about:blank` would give an ordinary window, and an address would be fetched before it is served here.
  '--app=data:text/html,',
  `--window-size=${bounds?.width ?? firstWindow.width},${bounds?.height ?? firstWindow.height}`,
  ...(bounds === null ? [] : [`--window-position=${bounds.x},${bounds.y}`]),
  '--class=Weightlock',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  ...(headless ? ['--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars=false'] : []),
  ...(canSandbox() ? [] : ['--test-type']),
]

const launch = (options: ChromiumOptions, bounds: WindowBounds | null): Promise<BrowserContext> =>
  chromium.launchPersistentContext(options.profileFolder, {
    executablePath: options.executablePath,
    env: browserEnvironment(process.env, process.platform),
    headless: options.headless,
    args: browserArguments(options, bounds),
    ignoreDefaultArgs: ['--enable-automation'],
    chromiumSandbox: canSandbox(),
    timeout: startTimeoutMs,
    viewport: null,
    // Playwright would fix these; here the user's system decides.
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    serviceWorkers: 'block',
    acceptDownloads: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })

/** Serves the page, and nothing from anywhere else. */
const serve = (context: BrowserContext, rendererFolder: string): Promise<unknown> =>
  context.route('**/*', async (route) => {
    const request = route.request()
    const url = request.url()
    if (URL.parse(url)?.origin !== origin) {
      // A page that would go elsewhere stays where it is: 204 is the one answer that does not replace it.
      return request.isNavigationRequest() ? route.fulfill({ status: 204 }) : route.abort('blockedbyclient')
    }
    const { status, headers, body } = await serveRenderer(rendererFolder, url)
    return route.fulfill({ status, headers, body: Buffer.from(body) })
  })

/** The real path of a file that the page holds. The browser knows it; a file that the page made itself has none. */
async function realPath(cdp: CDPSession, name: string, file: number): Promise<string> {
  const { result } = await cdp.send('Runtime.evaluate', { expression: `${name}.file(${file})` })
  if (result.objectId === undefined) throw new Error('no such file')
  try {
    const { path } = await cdp.send('DOM.getFileInfo', { objectId: result.objectId })
    if (!isAbsolute(path)) throw new Error('no such file')
    return path
  } finally {
    await cdp.send('Runtime.releaseObject', { objectId: result.objectId })
  }
}

type Opened = { context: BrowserContext; page: Page; cdp: CDPSession; name: string }

/** What the window does while it is open, as far as its host must know. */
type Watcher = { focused: (focused: boolean) => void; moved: () => void }

/** Answers the page's messages, and nobody else's. */
const answerPage = (opened: Opened, calls: WindowCalls, watcher: Watcher): Promise<unknown> =>
  opened.context.exposeBinding(opened.name, async ({ frame, page }, json: unknown) => {
    const isOurPage =
      page === opened.page && frame === page.mainFrame() && URL.parse(frame.url())?.origin === origin
    if (!isOurPage || typeof json !== 'string')
      return JSON.stringify({ value: failed({ code: 'call/forbidden-sender' }) })
    try {
      const message = PageMessage.parse(JSON.parse(json))
      if (message.kind === 'call')
        return JSON.stringify({ value: await calls.invoke(message.channel, message.request) })
      if (message.kind === 'path') {
        const path = await realPath(opened.cdp, opened.name, message.file)
        return JSON.stringify({ value: calls.mintPathToken(path) })
      }
      if (message.kind === 'focus') watcher.focused(message.focused)
      else watcher.moved()
      return '{}'
    } catch {
      return JSON.stringify({ error: 'no such file' })
    }
  })

/** One page, which asks before it closes; every other page that opens is closed. */
function guardPages({ context, page }: Opened, calls: WindowCalls): void {
  context.on('page', (other) => {
    if (other !== page) void other.close().catch(() => undefined)
  })
  page.on('dialog', (asked) => {
    const leave = asked.type() === 'beforeunload' && calls.mayClose()
    void (leave ? asked.accept() : asked.dismiss()).catch(() => undefined)
  })
}

/** Where the window is now, in the units that it was opened with. */
async function readBounds({ cdp }: Opened): Promise<WindowBounds> {
  const { bounds } = await cdp.send('Browser.getWindowForTarget')
  const { left = 0, top = 0, width = firstWindow.width, height = firstWindow.height } = bounds
  return { x: left, y: top, width, height, maximized: bounds.windowState === 'maximized' }
}

/** Brings a window back whose remembered screen is gone, and makes it large again if it was. */
async function placeWindow({ cdp, page }: Opened, bounds: WindowBounds): Promise<void> {
  const area = await page.evaluate((): ScreenArea => {
    const { availWidth, availHeight } = window.screen
    const { availLeft = 0, availTop = 0 } = window.screen as { availLeft?: number; availTop?: number }
    return { x: availLeft, y: availTop, width: availWidth, height: availHeight }
  })
  const { windowId } = await cdp.send('Browser.getWindowForTarget')
  const { x, y, width, height } = clampToScreen(bounds, [area])
  await cdp.send('Browser.setWindowBounds', { windowId, bounds: { left: x, top: y, width, height } })
  if (bounds.maximized)
    await cdp.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'maximized' } })
}

/** Makes the host; the browser starts with `openWindow`. It hears nothing of sleep, and has no taskbar. */
export function createChromiumHost(options: ChromiumOptions): ChromiumHost {
  let opened: Opened | null = null
  let isFocused = false
  let wake: (() => void) | null = null
  const gone = Promise.withResolvers<void>()
  const present = (): Opened => {
    if (opened === null) throw new Error('there is no window')
    return opened
  }

  const openWindow = async (window: OpenWindow): Promise<void> => {
    const context = await launch(options, window.bounds)
    context.on('close', () => gone.resolve())
    const page = context.pages()[0] ?? (await context.newPage())
    page.on('close', () => void context.close().catch(() => undefined))
    const name = `weightlock_${randomBytes(12).toString('hex')}`
    const now: Opened = { context, page, cdp: await context.newCDPSession(page), name }
    let resting: NodeJS.Timeout | undefined
    await context.grantPermissions(['clipboard-write'], { origin })
    await serve(context, window.rendererFolder)
    await answerPage(now, window.calls, {
      focused: (focused) => (isFocused = focused),
      moved: () => {
        clearTimeout(resting)
        resting = setTimeout(
          () => void readBounds(now).then(window.onBoundsChanged, () => undefined),
          boundsRestMs,
        )
      },
    })
    guardPages(now, window.calls)
    await context.addInitScript(installBridge, name)
    await page.goto(`${origin}/`, { timeout: startTimeoutMs })
    isFocused = await page.evaluate(() => document.hasFocus())
    if (window.bounds !== null && !options.headless) await placeWindow(now, window.bounds)
    opened = now
    void gone.promise.then(() => {
      clearTimeout(resting)
      opened = null
    })
  }

  return {
    kind: 'chromium',
    nativeDialogs: false,
    locale: () => new Intl.DateTimeFormat().resolvedOptions().locale,
    page: () => present().page,
    openWindow,
    emit: (event, payload) => {
      if (opened === null) return
      const { page, name } = opened
      const deliver = ([side, what, json]: readonly [string, string, string]) =>
        (window as unknown as Record<string, PageSide | undefined>)[side]?.emit(what, json)
      void page.evaluate(deliver, [name, event, JSON.stringify(payload)] as const).catch(() => undefined)
    },
    closed: gone.promise,
    close: async () => {
      wake?.()
      if (opened === null) return
      await opened.context.close()
      await gone.promise
    },
    focus: () => void opened?.page.bringToFront().catch(() => undefined),
    isFocused: () => isFocused,
    trash: moveToTrash,
    revealInFileManager,
    notify: showNotice,
    copyText: async (text) => {
      await present().page.bringToFront()
      await present().page.evaluate((each) => navigator.clipboard.writeText(each), text)
    },
    printToPdf: async (path) => {
      const { data } = await present().cdp.send('Page.printToPDF', {
        printBackground: true,
        preferCSSPageSize: true,
      })
      await writeFile(path, Buffer.from(data, 'base64'))
    },
    setProgress: () => undefined,
    keepAwake: (on) => {
      if (on) wake ??= keepSystemAwake()
      else {
        wake?.()
        wake = null
      }
    },
    onSuspend: () => () => undefined,
  }
}
