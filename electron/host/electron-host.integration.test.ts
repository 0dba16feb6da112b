/** The built main and preload, driven under Node with a stand-in for Electron that `electron.d.ts` checks. */
import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/tasks/build.ts'
import { hasKeyring, startTestKeyring, type TestKeyring } from '../../scripts/test/keyring.ts'
import { PathToken } from '../../shared/ids.ts'

const driver = join(import.meta.dirname, '../../scripts/test/stand-in-electron/drive-main.ts')

type Driven = { seen: Record<string, unknown>; calls: Record<string, unknown[]> }

describe.skipIf(!hasKeyring())('Electron’s main and preload, as built', () => {
  let folder: string
  let keyring: TestKeyring
  let first: Driven
  let second: Driven
  let refused: Driven

  const drive = async (env: Record<string, string> = {}): Promise<Driven> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [driver, join(folder, 'data'), join(folder, 'dropped.pkl'), join(folder, 'big.bin')],
      { env: { ...process.env, ...keyring.env, ...env }, timeout: 60_000, maxBuffer: 2 ** 24 },
    )
    return JSON.parse(stdout) as Driven
  }

  beforeAll(async () => {
    if (!(await ensureBuilt())) throw new Error('the build failed')
    folder = await mkdtemp(join(tmpdir(), 'electron-host-'))
    keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
    await writeFile(join(folder, 'dropped.pkl'), 'x')
    await using big = await open(join(folder, 'big.bin'), 'w')
    await big.truncate(4_000_000_000)
    first = await drive()
    second = await drive()
    refused = await drive({ STAND_IN_LOCK: 'taken' })
  })
  afterAll(async () => {
    await keyring.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  it('says what must be said before Electron is ready', () => {
    expect(first.calls['protocol.schemes']).toEqual([
      [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }],
    ])
    expect(first.calls['app.enableSandbox']).toEqual([true])
    expect(first.calls['app.setPath']).toEqual([
      ['userData', join(folder, 'data')],
      ['sessionData', join(folder, 'data/window')],
    ])
    expect(first.calls['app.requestSingleInstanceLock']).toEqual([{ opened: [] }])
  })

  it('opens the page in a window that Electron’s checklist would pass', () => {
    expect(first.seen['webPreferences']).toMatchObject({
      preload: expect.stringMatching(/dist[/\\]preload[/\\]preload\.cjs$/),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    })
    expect(first.calls['window.loadURL']).toEqual(['app://weightlock/'])
  })

  it('denies permissions, devices, downloads, foreign requests, navigation, new windows and webviews', () => {
    expect(first.seen['permission']).toBe(false)
    expect(first.seen['permissionCheck']).toBe(false)
    expect(first.seen['device']).toBe(false)
    expect(first.seen['requests']).toEqual([
      ['app://weightlock/index.html', false],
      ['https://example.com/', true],
      ['file:///etc/passwd', true],
      ['app://other/', true],
    ])
    expect(first.seen['prevented']).toEqual({
      'will-navigate': true,
      'will-frame-navigate': true,
      'will-redirect': true,
      'will-attach-webview': true,
      'will-download': true,
    })
    expect(first.seen['windowOpen']).toEqual({ action: 'deny' })
  })

  it('serves the built page under its own scheme with a strict policy, and nothing else', () => {
    expect(first.calls['session.protocol.handle']).toEqual(['app'])
    expect(first.seen['served']).toEqual([
      { url: 'app://weightlock/', status: 200, csp: expect.stringContaining("default-src 'none'") },
      { url: 'app://weightlock/..%2fmain/main.js', status: 404, csp: null },
      { url: 'app://weightlock/none.js', status: 404, csp: null },
    ])
  })

  it('gives the page one bridge, which answers it and nobody else', () => {
    expect(first.seen['exposed']).toEqual(['weightlock'])
    expect(first.seen['status']).toMatchObject({ ok: true, value: { host: 'electron', locale: 'de-DE' } })
    expect(first.seen['foreign']).toEqual(
      [1, 2, 3].map(() => ({ ok: false, failure: { code: 'call/forbidden-sender' } })),
    )
    expect(first.seen['foreignPath']).toEqual(['rejected', 'rejected', 'rejected'])
    expect(first.seen['event']).toEqual({ what: expect.arrayContaining(['settings']) })
  })

  it('mints a token for the path of a dropped file, and none for a file that the page made', () => {
    expect(PathToken.safeParse(first.seen['token']).success).toBe(true)
    expect(first.seen['madeUp']).toBe('refused')
  })

  it('shows its window for a second start, and goes where a file or a link points', () => {
    expect(first.seen['shownAgain']).toBe(1)
    expect(first.seen['navigated']).toMatchObject({ artifactId: null, files: [{ name: 'dropped.pkl' }] })
    expect(first.seen['linkPrevented']).toBe(true)
    expect(first.seen['linked']).toMatchObject({ artifactId: 'aaaaaaaaaaaaaaaaaaaaaaaaaa', files: [] })
  })

  it('stays open while a job runs, asks, and quits when told to', () => {
    expect(first.seen['started']).toMatchObject({ ok: true })
    expect(first.seen['closedWithJobs']).toBe(false)
    expect(first.seen['quitAsked']).toMatchObject({ openJobs: expect.any(Number) })
    expect(first.calls['app.quit']).toEqual([true])
    expect(first.calls['dialog.showErrorBox']).toBeUndefined()
  })

  it('comes back where it was, on a screen that is there', () => {
    expect(first.seen['opened']).toEqual({ width: 1280 })
    expect(second.seen['opened']).toEqual({ x: 1440 - 1200, width: 1200 })
  })

  it('opens nothing beside another Electron on the same data folder', () => {
    expect(refused.calls['app.quit']).toEqual([true])
    expect(refused.calls['window.loadURL']).toBeUndefined()
  })
})
