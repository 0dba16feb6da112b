/** What `npm start` does where there is no display: the sample model through the same app, with a report. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../electron/host/find-browser.ts'
import { missingForKeyring, type PrivateKeyring, startKeyring } from '../private-keyring.ts'
import { projectFolder } from '../tasks/step.ts'

const sample = join(projectFolder, 'assets/sample/digits-mlp.safetensors')
const pictures = join(projectFolder, 'test-results/sample-run')
const commandTimeoutMs = 120_000

type Answer = { ok: boolean; value: Record<string, unknown> }

/** Runs one command of the command line, as anybody would. @throws Error with what it said when it failed */
function weightlock(args: string[]): Promise<Answer> {
  return new Promise((settle, refuse) => {
    const child = spawn(
      process.execPath,
      [join(projectFolder, 'scripts/weightlock.mjs'), ...args, '--json'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: commandTimeoutMs,
      },
    )
    let out = ''
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', refuse)
    child.on('close', (code) => {
      if (code === 0) settle(JSON.parse(out) as Answer)
      else refuse(new Error(`weightlock ${args[0]} ended with ${code}\n${said}${out}`))
    })
  })
}

/** Does one thing, and prints what it was and how long it took. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const result = await work()
  console.log(`  ${what.padEnd(58)} ${((performance.now() - started) / 1000).toFixed(2).padStart(6)} s`)
  return result
}

const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/** The key's place: a keyring of this run alone where one can be started, so that nothing of the user's is touched. */
async function keyringFor(folder: string): Promise<PrivateKeyring | null> {
  const missing = missingForKeyring()
  if (missing.length > 0) {
    console.log(`  The system’s own keychain is used; a throw-away one would need ${missing.join(', ')}.`)
    return null
  }
  const keyring = await timed('start a throw-away keyring under a private D-Bus', () =>
    startKeyring({ folder }),
  )
  Object.assign(process.env, keyring.env)
  return keyring
}

type OpenedInChromium = {
  page: {
    screenshot: (options: { path: string }) => Promise<unknown>
    goto: (url: string) => Promise<unknown>
    setViewportSize: (size: { width: number; height: number }) => Promise<void>
    waitForLoadState: (state: 'networkidle') => Promise<void>
    getByText: (text: string) => { first: () => { waitFor: () => Promise<void> } }
    waitForFunction: (script: string) => Promise<unknown>
    url: () => string
  }
  close: () => Promise<void>
}

/** Nothing on the page says that it is still at something, its letters are there, and over 20 frames nothing has moved:
 * what measures its width once it is shown has drawn itself anew. */
const isSettled = `(async () => {
  const look = () => [...document.querySelectorAll('body *')].map((each) => {
    const box = each.getBoundingClientRect()
    return [box.x, box.y, box.width, box.height].map(Math.round).join()
  }).join(';')
  await document.fonts.ready
  if (/Checking the chain|Loading/.test(document.body.innerText)) return false
  if (document.querySelector('[aria-busy=true]') !== null) return false
  const before = look()
  for (let frame = 0; frame < 20; frame++) await new Promise((next) => requestAnimationFrame(next))
  return look() === before
})()`

/** Pictures of the app's window, in a browser without a display. */
async function takePictures(dataFolder: string, artifact: string): Promise<string[]> {
  const entry = (await import(join(projectFolder, 'dist/main/chromium.js'))) as {
    openInChromium: (options: { dataFolder: string; headless: boolean }) => Promise<OpenedInChromium | null>
  }
  const window = await entry.openInChromium({ dataFolder, headless: true })
  if (window === null) throw new Error('the window did not open')
  try {
    await window.page.setViewportSize({ width: 1440, height: 900 })
    await window.page.getByText(artifact).first().waitFor()
    const taken: string[] = []
    for (const screen of ['artifacts', 'keys', 'audit']) {
      await window.page.goto(new URL(`#/${screen}`, window.page.url()).href)
      await window.page.waitForLoadState('networkidle')
      await window.page.getByText(artifact).first().waitFor()
      await window.page.waitForFunction(isSettled)
      const path = join(pictures, `${screen}.png`)
      await window.page.screenshot({ path })
      taken.push(path)
    }
    return taken
  } finally {
    await window.close()
  }
}

async function sampleRun(folder: string): Promise<void> {
  const data = ['--data', join(folder, 'data')]
  const opened = join(folder, 'opened.safetensors')
  await timed('encrypt the sample model', () => weightlock(['encrypt', sample, ...data]))
  const listed = await timed('list the store', () => weightlock(['list', ...data]))
  const [artifact] = listed.value['artifacts'] as { name: string; location: string; keyId: string }[]
  if (artifact === undefined) throw new Error('the encrypted sample is not in the list')
  await timed('open it again', () => weightlock(['decrypt', artifact.name, '--to', opened, ...data]))
  await timed('compare it with the original, byte by byte', async () => {
    if ((await sha256(sample)) !== (await sha256(opened))) throw new Error('the opened sample differs')
  })
  await timed('verify the audit log', () => weightlock(['audit', 'verify', ...data]))
  console.log(`  ${artifact.name} was stored as ${artifact.location}`)
  if (findBrowser() === null) {
    console.log('  No pictures: no Chrome, Chromium or Edge is installed.')
    return
  }
  await mkdir(pictures, { recursive: true })
  const taken = await timed('open the window without a display, take pictures', () =>
    takePictures(join(folder, 'data'), artifact.name),
  )
  for (const path of taken) console.log(`  ${path}`)
}

/** @returns the exit code */
export async function runHeadlessSample(): Promise<number> {
  console.log(
    'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): running the sample model instead.',
  )
  const folder = await mkdtemp(join(tmpdir(), 'weightlock-sample-'))
  let keyring: PrivateKeyring | null = null
  try {
    keyring = await keyringFor(join(folder, 'keyring'))
    await sampleRun(folder)
    console.log('Everything worked; the run’s data folder and keyring are removed again.')
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await keyring?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
