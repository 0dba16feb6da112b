/** Pictures of every screen, sheet, menu and dialog in every state, from the renderer with a played main.
 * `--only part-of-a-name,another`, `--size 1024x640`, `--theme dark`, `--axe` to look for accessibility faults as well.
 * Writes `.cache/screenshots/<size>/<theme>/<name>.png` and an index. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import AxeBuilder from '@axe-core/playwright'
import react from '@vitejs/plugin-react'
import { chromium } from '@playwright/test'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { build } from 'vite'
import { findBrowser } from '../electron/host/find-browser.ts'
import { serveRenderer } from '../electron/host/serve-renderer.ts'
import { formatCounted } from '../shared/format.ts'

type Step =
  | { click: [string, string] }
  | { rightClick: [string, string] }
  | { press: string }
  | { type: string }
  | { waitFor: string }
  | { actAt: number }
type State = { name: string; steps: Step[] }
type Batch = { states: State[]; theme: string; width: number; height: number }

const root = join(import.meta.dirname, '..')
/** Its own for each run: two may be at work. */
const built = join(root, `.cache/gallery-${process.pid}`)
const address = 'https://app.weightlock/testing/gallery.html'
const pictures = join(root, '.cache/screenshots')
/** The day of the design's pictures. */
const pictureTime = new Date(Date.UTC(2026, 10, 23, 14, 30))

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    size: { type: 'string' },
    theme: { type: 'string' },
    axe: { type: 'boolean', default: false },
  },
})

async function buildGallery(): Promise<void> {
  await build({
    root: join(root, 'renderer'),
    configFile: false,
    logLevel: 'warn',
    base: '/',
    plugins: [react()],
    build: {
      outDir: built,
      emptyOutDir: true,
      minify: false,
      rollupOptions: { input: join(root, 'renderer/testing/gallery.html') },
    },
  })
}

/** The gallery comes the way the program's page comes: the same server, nonce and content security policy. */
const serveGallery = (context: BrowserContext): Promise<unknown> =>
  context.route('https://app.weightlock/**', async (route) => {
    const { status, headers, body } = await serveRenderer(built, route.request().url())
    await route.fulfill({ status, headers, body: Buffer.from(body) })
  })

const find = (page: Page, [role, name]: [string, string]) =>
  page.getByRole(role as Parameters<Page['getByRole']>[0], { name }).first()

async function take(page: Page, step: Step): Promise<void> {
  if ('click' in step) await find(page, step.click).click()
  else if ('rightClick' in step) await find(page, step.rightClick).click({ button: 'right' })
  else if ('press' in step) await page.keyboard.press(step.press)
  else if ('type' in step) await page.keyboard.type(step.type)
  else if ('waitFor' in step) await page.getByText(step.waitFor).first().waitFor()
  else await page.evaluate((at) => window.gallery?.act(at), step.actAt)
}

/** Settles when nothing has moved for two frames and the fonts are there. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame)
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished),
    )
  })
}

/** Every state at one size in one theme, in one page that is loaded anew for each. @returns faults, a line each */
async function shoot(browser: Browser, { theme, width, height, states }: Batch): Promise<string[]> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  const faults: string[] = []
  await serveGallery(context)
  const page = await context.newPage()
  let name = ''
  const say = (fault: string): void => void faults.push(`${name} ${theme} ${width}x${height}: ${fault}`)
  page.on('pageerror', (error) => say(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') say(`console: ${message.text().slice(0, 300)}`)
  })
  page.setDefaultTimeout(5000)
  await page.clock.setFixedTime(pictureTime)
  const folder = join(pictures, `${width}x${height}`, theme)
  await mkdir(folder, { recursive: true })
  for (const state of states) {
    ;({ name } = state)
    try {
      await page.goto(`${address}?state=${name}&theme=${theme}`)
      await page.locator('h1').first().waitFor({ state: 'attached' })
      await settle(page)
      for (const step of state.steps) {
        await take(page, step)
        await settle(page)
      }
      await page.screenshot({ path: join(folder, `${name}.png`) })
      if (!options.axe) continue
      const { violations } = await new AxeBuilder({ page }).analyze()
      for (const { id, impact, nodes } of violations)
        say(`axe ${impact}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
    } catch (error) {
      say(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))
    }
  }
  await context.close()
  return faults
}

async function listStates(browser: Browser): Promise<State[]> {
  const context = await browser.newContext()
  await serveGallery(context)
  const page = await context.newPage()
  await page.goto(address)
  const states = await page.evaluate(() => window.gallery?.states ?? [])
  await context.close()
  const wanted = options.only?.split(',')
  return states.filter(({ name }) => wanted === undefined || wanted.some((part) => name.includes(part)))
}

async function writeIndex(batches: Batch[]): Promise<void> {
  const figures = batches.flatMap(({ states, theme, width, height }) =>
    states.map(({ name }) => {
      const path = `${width}x${height}/${theme}/${name}.png`
      return `<figure><a href="${path}"><img loading="lazy" src="${path}" width="512"></a><figcaption>${path}</figcaption></figure>`
    }),
  )
  const style =
    'body{display:grid;grid-template-columns:repeat(auto-fill,512px);gap:16px;font:13px sans-serif}'
  await writeFile(
    join(pictures, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${figures.join('\n')}`,
  )
}

async function main(): Promise<void> {
  const executablePath = findBrowser()
  if (executablePath === null) throw new Error('no Chrome, Chromium or Edge is installed')
  await buildGallery()
  if (options.only === undefined) await rm(pictures, { recursive: true, force: true })
  const browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
  try {
    const states = await listStates(browser)
    const sizes = options.size === undefined ? ['1024x640', '1440x900'] : [options.size]
    const themes = options.theme === undefined ? ['light', 'dark'] : [options.theme]
    const batches = sizes.flatMap((size) =>
      themes.map((theme): Batch => {
        const [width = 1024, height = 640] = size.split('x').map(Number)
        return { states, theme, width, height }
      }),
    )
    const faults: string[] = []
    for (const batch of batches) faults.push(...(await shoot(browser, batch)))
    await writeIndex(batches)
    const count = batches.length * states.length
    console.log(
      `${formatCounted(count, 'picture')} of ${formatCounted(states.length, 'state')} in ${join(pictures, 'index.html')}`,
    )
    for (const fault of faults) console.log(fault)
    if (faults.length > 0) process.exitCode = 1
  } finally {
    await browser.close()
    await rm(built, { recursive: true, force: true })
  }
}

await main()
