import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ok } from '../../shared/failure.ts'
import { newId, PathToken } from '../../shared/ids.ts'
import { hasBrowser } from '../../scripts/test/browser.ts'
import { dropFiles } from '../../scripts/test/drop-files.ts'
import { type ChromiumHost, createChromiumHost } from './chromium-host.ts'
import { findBrowser } from './find-browser.ts'

const page = `<!doctype html><html><head><meta name="csp-nonce" content="__CSP_NONCE__"></head>
<body><input type="file" multiple><script src="/page.js"></script></body></html>`
const script = `
  window.dropped = []
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => { event.preventDefault(); window.dropped = [...event.dataTransfer.files] })
  try { window.evaluated = new Function('return "ran"')() } catch { window.evaluated = 'refused' }
`

describe.skipIf(!hasBrowser())('the Chromium host', () => {
  let folder: string
  let host: ChromiumHost
  const invoked: [string, unknown][] = []
  const minted = new Map<string, string>()
  let mayClose = true
  let closeAsked = 0

  /** The page as the tests see it: what it was given, and what it dropped. */
  type TestWindow = {
    weightlock: {
      invoke: (channel: string, request: unknown) => Promise<unknown>
      on: (event: string, listener: (payload: unknown) => void) => () => void
      pathForFile: (file: File) => Promise<string>
    }
    dropped: File[]
    evaluated: string
    heard: unknown[]
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chromium-host-'))
    await mkdir(join(folder, 'renderer'))
    await mkdir(join(folder, 'a folder'))
    await writeFile(join(folder, 'renderer/index.html'), page)
    await writeFile(join(folder, 'renderer/page.js'), script)
    await writeFile(join(folder, 'one model.pkl'), 'x')
    await writeFile(join(folder, 'två.bin'), 'y')
    host = createChromiumHost({
      executablePath: findBrowser() ?? '',
      profileFolder: join(folder, 'profile'),
      headless: true,
    })
    await host.openWindow({
      calls: {
        invoke: async (channel, request) => {
          invoked.push([channel, request])
          return ok({ echoed: request })
        },
        mintPathToken: (path) => {
          const token = newId(PathToken)
          minted.set(token, path)
          return token
        },
        mayClose: () => {
          closeAsked += 1
          return mayClose
        },
        openedWith: () => undefined,
      },
      rendererFolder: join(folder, 'renderer'),
      preloadPath: '',
      bounds: null,
      onBoundsChanged: () => undefined,
    })
  })
  afterAll(async () => {
    await host.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  beforeEach(() => {
    invoked.length = 0
  })

  it('carries a call and its answer', async () => {
    const answer = await host
      .page()
      .evaluate(() => (window as unknown as TestWindow).weightlock.invoke('a:call', { size: 3, name: 'ü\n' }))
    expect(invoked).toEqual([['a:call', { size: 3, name: 'ü\n' }]])
    expect(answer).toEqual({ ok: true, value: { echoed: { size: 3, name: 'ü\n' } } })
  })

  it('carries events in order to those who listen, and not to those who stopped', async () => {
    await host.page().evaluate(() => {
      const page = window as unknown as TestWindow
      page.heard = []
      page.weightlock.on('catalog:changed', (payload) => page.heard.push(payload))
      const stop = page.weightlock.on('catalog:changed', () => page.heard.push('stopped'))
      stop()
    })
    host.emit('catalog:changed', { what: ['keys'] })
    host.emit('catalog:changed', { what: ['audit'] })
    await host.page().waitForFunction(() => (window as unknown as TestWindow).heard.length >= 2)
    expect(await host.page().evaluate(() => (window as unknown as TestWindow).heard)).toEqual([
      { what: ['keys'] },
      { what: ['audit'] },
    ])
  })

  it('knows the real paths of files and folders that were dropped', async () => {
    const paths = ['one model.pkl', 'två.bin', 'a folder'].map((name) => join(folder, name))
    await dropFiles(host.page(), paths)
    const tokens = await host.page().evaluate(() => {
      const { dropped, weightlock } = window as unknown as TestWindow
      return Promise.all(dropped.map((file) => weightlock.pathForFile(file)))
    })
    expect(tokens.map((token) => minted.get(token))).toEqual(paths)
  })

  it('knows the real path of a file that was chosen', async () => {
    await host.page().setInputFiles('input', join(folder, 'two.bin'.replace('two', 'två')))
    const token = await host.page().evaluate(() => {
      const [file] = document.querySelector('input')?.files ?? []
      if (file === undefined) throw new Error('nothing was chosen')
      return (window as unknown as TestWindow).weightlock.pathForFile(file)
    })
    expect(minted.get(token)).toBe(join(folder, 'två.bin'))
  })

  it('mints nothing for a file that the page made itself, nor for what is no file', async () => {
    const before = minted.size
    const refused = await host.page().evaluate(async () => {
      const { weightlock } = window as unknown as TestWindow
      const tries = [
        new File(['x'], '/etc/passwd'),
        { path: '/etc/passwd', name: 'passwd' } as unknown as File,
      ]
      const answers = await Promise.allSettled(tries.map((each) => weightlock.pathForFile(each)))
      return answers.map((answer) => answer.status)
    })
    expect(refused).toEqual(['rejected', 'rejected'])
    expect(minted.size).toBe(before)
  })

  it('answers no frame but the page itself', async () => {
    const answer = await host.page().evaluate(async () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const inner = frame.contentWindow as unknown as Record<string, unknown>
      const name = Object.getOwnPropertyNames(inner).find((each) => each.startsWith('weightlock'))
      const binding = inner[name ?? ''] as ((json: string) => Promise<string>) | undefined
      const said = await binding?.(JSON.stringify({ kind: 'call', channel: 'a:call', request: null }))
      frame.remove()
      return said ?? 'no binding'
    })
    expect(answer === 'no binding' || answer.includes('call/forbidden-sender')).toBe(true)
    expect(invoked).toEqual([])
  })

  it('reaches no other origin, runs no inline script and evaluates nothing', async () => {
    const tried = await host.page().evaluate(async () => {
      const fetched = await fetch('https://example.com/').then(
        () => 'reached',
        () => 'refused',
      )
      const inline = document.createElement('script')
      inline.textContent = 'window.inlineRan = true'
      document.body.append(inline)
      const { evaluated } = window as unknown as TestWindow
      return { fetched, inlineRan: 'inlineRan' in window, evaluated, secure: isSecureContext }
    })
    expect(tried).toEqual({ fetched: 'refused', inlineRan: false, evaluated: 'refused', secure: true })
  })

  it('closes every other page that opens', async () => {
    const other = host.page().context().waitForEvent('page')
    await host.page().evaluate(() => void window.open('about:blank'))
    const opened = await other
    if (!opened.isClosed()) await opened.waitForEvent('close')
    expect(host.page().context().pages()).toHaveLength(1)
  })

  it('copies text, and prints a document', async () => {
    await host.copyText('age -d model.pkl.age')
    const file = join(folder, 'printed.pdf')
    await host.printToPdf(file)
    expect((await readFile(file)).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('asks before it closes, stays while it may not, and tells when it is gone', async () => {
    mayClose = false
    await host.page().mouse.click(5, 5)
    const asked = host.page().waitForEvent('dialog')
    await host.page().close({ runBeforeUnload: true })
    await asked
    expect(closeAsked).toBe(1)
    expect(await host.page().evaluate(() => document.readyState)).toBe('complete')
    mayClose = true
    await host.page().close({ runBeforeUnload: true })
    await host.closed
    expect(closeAsked).toBe(2)
  })
})
