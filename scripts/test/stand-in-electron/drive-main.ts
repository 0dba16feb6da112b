/**
 * Run as a process of its own: `drive-main.ts DATA_FOLDER FILE_TO_DROP BIG_FILE`. Loads the *built* main and preload
 * with the stand-in in the place of `electron`, acts as the system and the person, and prints what it saw as JSON.
 */
import { createRequire, registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bridge } from '../../../shared/contract/bridge.ts'
import { played } from './electron.ts'
import { connectPage, frameAt, pagePlayed } from './web-contents.ts'

const standIn = pathToFileURL(join(import.meta.dirname, 'electron.ts')).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})

const built = resolve(import.meta.dirname, '../../../dist')
const [dataFolder = '', dropped = '', bigFile = ''] = process.argv.slice(2)
process.argv = [process.execPath, '.', '--data', dataFolder]
Object.defineProperty(process, 'defaultApp', { value: true })

const seen: Record<string, unknown> = {}

/** What an event's default does is prevented by a handler, or not. */
function isPrevented(emit: (event: { preventDefault: () => void }) => void): boolean {
  let prevented = false
  emit({ preventDefault: () => (prevented = true) })
  return prevented
}

type Window = Awaited<typeof played.windowMade.promise>

async function lookAtRules({ contents, options }: Window): Promise<void> {
  const { registered, sessionEvents } = played
  seen['webPreferences'] = options.webPreferences
  seen['permission'] = await new Promise((answer) =>
    registered.permissionRequest?.(null as never, 'notifications', answer, {} as never),
  )
  seen['permissionCheck'] = registered.permissionCheck?.(null, 'notifications', '', {} as never)
  seen['device'] = registered.devicePermission?.({} as never)
  seen['requests'] = await Promise.all(
    ['app://weightlock/index.html', 'https://example.com/', 'file:///etc/passwd', 'app://other/'].map(
      (url) =>
        new Promise((answer) =>
          registered.beforeRequest?.({ url } as never, ({ cancel }) => answer([url, cancel])),
        ),
    ),
  )
  seen['prevented'] = Object.fromEntries([
    ...['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'].map((name) => [
      name,
      isPrevented((event) => contents.events.emit(name, event)),
    ]),
    ['will-download', isPrevented((event) => sessionEvents.events.emit('will-download', event))],
  ])
  seen['windowOpen'] = contents.state.windowOpen?.()
  seen['served'] = await Promise.all(
    ['app://weightlock/', 'app://weightlock/..%2fmain/main.js', 'app://weightlock/none.js'].map(
      async (url) => {
        const answer = await registered.scheme?.(new Request(url))
        return { url, status: answer?.status, csp: answer?.headers.get('content-security-policy') ?? null }
      },
    ),
  )
}

const invokeFrom =
  (senderFrame: Electron.WebFrameMain | null) =>
  async (channel: string, ...args: unknown[]): Promise<unknown> =>
    played.handlers.get(channel)?.({ senderFrame } as Electron.IpcMainInvokeEvent, ...args)

function loadPreload({ contents }: Window): Bridge {
  connectPage((channel, ...args) => invokeFrom(contents.state.mainFrame)(channel, ...args))
  createRequire(import.meta.url)(join(built, 'preload/preload.cjs'))
  seen['exposed'] = Object.keys(pagePlayed.exposed)
  return pagePlayed.exposed['weightlock'] as Bridge
}

const nextEvent = (bridge: Bridge, name: Parameters<Bridge['on']>[0]): Promise<unknown> =>
  new Promise((heard) => {
    const stop = bridge.on(name, (payload: unknown) => {
      stop()
      heard(payload)
    })
  })

async function lookAtCalls(bridge: Bridge): Promise<void> {
  seen['status'] = await bridge.invoke('program:status', {})
  const foreign = [null, frameAt('app://weightlock/'), frameAt('https://example.com/')]
  seen['foreign'] = await Promise.all(
    foreign.map((frame) => invokeFrom(frame)('weightlock:call', 'program:status', {})),
  )
  seen['foreignPath'] = await Promise.allSettled(
    foreign.map((frame) => invokeFrom(frame)('weightlock:path', dropped)),
  ).then((all) => all.map((each) => each.status))
  const file = new File(['x'], 'dropped')
  pagePlayed.pathOfFile.set(file, dropped)
  seen['token'] = await bridge.pathForFile(file)
  seen['madeUp'] = await bridge.pathForFile(new File(['x'], '/etc/passwd')).then(
    () => 'minted',
    () => 'refused',
  )
  const changed = nextEvent(bridge, 'catalog:changed')
  await bridge.invoke('program:set', { density: 'compact' })
  seen['event'] = await changed
}

async function lookAtSecondStart(bridge: Bridge): Promise<void> {
  const navigated = nextEvent(bridge, 'program:navigate')
  const shownBefore = played.calls['window.show']?.length ?? 0
  played.appEvents.events.emit('second-instance', {}, [], '/', { opened: [dropped] })
  seen['navigated'] = await navigated
  seen['shownAgain'] = (played.calls['window.show']?.length ?? 0) - shownBefore
  const linked = nextEvent(bridge, 'program:navigate')
  const link = 'weightlock://artifact/aaaaaaaaaaaaaaaaaaaaaaaaaa'
  seen['linkPrevented'] = isPrevented((event) => played.appEvents.events.emit('open-url', event, link))
  seen['linked'] = await linked
}

async function lookAtQuitting(window: Window, bridge: Bridge): Promise<void> {
  const file = new File(['x'], 'big')
  pagePlayed.pathOfFile.set(file, bigFile)
  const token = await bridge.pathForFile(file)
  const asked = nextEvent(bridge, 'program:quit-requested')
  seen['started'] = await bridge.invoke('encrypt:start', {
    items: [{ sources: [{ token }], name: 'big.bin', separate: false, leaveOutHidden: false }],
    storeId: null,
    algorithm: null,
    original: 'keep',
    opaqueNames: false,
  })
  seen['closedWithJobs'] = window.close()
  seen['quitAsked'] = await asked
  Object.assign(window.bounds, { x: 5000, y: 30, width: 1200, height: 700 })
  await bridge.invoke('program:quit', { evenWithJobs: true })
  await played.quitting.promise
}

await import(join(built, 'main/main.js'))
played.ready.resolve()
if (process.env['STAND_IN_LOCK'] === 'taken') await played.quitting.promise
else {
  const window = await played.windowMade.promise
  seen['opened'] = { x: window.options.x, width: window.options.width }
  const bridge = loadPreload(window)
  await lookAtRules(window)
  await lookAtCalls(bridge)
  await lookAtSecondStart(bridge)
  await lookAtQuitting(window, bridge)
}
process.stdout.write(JSON.stringify({ seen, calls: played.calls }))
