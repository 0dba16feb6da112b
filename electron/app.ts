/** The composition root: builds every service, connects them, and gives hosts and terminals their ways in. */
import { mkdir } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { exportAudit } from './audit/export.ts'
import { auditHead } from './audit/head.ts'
import { verifyAudit } from './audit/verify.ts'
import type { Catalog } from './catalog/catalog.ts'
import { moveCatalogAside, openCatalog } from './catalog/open-catalog.ts'
import { defaultStoreFolder, machineId } from './data-folder.ts'
import { moveToTrash } from './host/desktop.ts'
import type { Host, WindowBounds, WindowCalls } from './host/host.ts'
import { createClients, type Clients } from './ipc/clients.ts'
import { createDispatcher } from './ipc/dispatcher.ts'
import { allHandlers } from './ipc/handlers/all-handlers.ts'
import type { HandlerDeps } from './ipc/handlers/handler-deps.ts'
import { guardMachine } from './ipc/machine-guard.ts'
import { createPathTokens } from './ipc/path-tokens.ts'
import { openProgramLog } from './ipc/program-log.ts'
import { createWindowNotices } from './ipc/window-notices.ts'
import { rotateWhatIsDue } from './jobs/automatic-rotation.ts'
import { jobKinds } from './jobs/kinds.ts'
import { createAgeFileKeys } from './jobs/kinds/decrypt/age-file-keys.ts'
import { createKitSecrets } from './jobs/kinds/kit/kit-secrets.ts'
import { makeFirstStore, openStores } from './jobs/open-stores.ts'
import { watchRetirements } from './jobs/watch-retirements.ts'
import { createRunner, type Checkpoint } from './jobs/runner.ts'
import type { Services } from './jobs/services.ts'
import { sourceFiles } from './jobs/source/source-files.ts'
import { createPayloadPool } from './jobs/workers/payload-pool.ts'
import { lookForLostKeys, usualPace, type LostKeyPace } from './keys/look-for-lost-keys.ts'
import { notingPresence } from './keys/noting-presence.ts'
import { takeOwnerLock } from './owner-lock.ts'
import { programVersion } from './program-version.ts'
import { systemClock } from './jobs/system-clock.ts'
import { openKeychain } from './secrets/registry.ts'
import { durableFiles } from './storage/durable-files.ts'
import { isRemoteKind } from './storage/registry.ts'
import type { TerminalConnection } from '../shared/contract/terminal.ts'
import { failureOf } from '../shared/failure.ts'
import { ArtifactId, type PathToken } from '../shared/ids.ts'

export type OpenAppOptions = {
  host: Host | null
  /** Absolute; made where it is missing. */
  dataFolder: string
  /** The built worker entries, beside the entry that asks. */
  workers: { payload: URL; catalog: URL }
  assetsFolder: string
  /** What `hardenProcess` could not do. */
  unhardened: string[]
  /** Puts a damaged catalog aside and begins a new one, to be filled by a rebuild. */
  setDamagedAside?: boolean
  /** What tests put in the place of the real thing. */
  checkpoint?: Checkpoint
  /** How the keychain is asked for keys that may be lost. */
  lostKeyPace?: LostKeyPace
  substitutes?: Partial<Pick<Services, 'files' | 'sources' | 'bytesPerSecond' | 'secrets' | 'smallSteps'>>
}

export type App = {
  calls: WindowCalls
  terminal: () => TerminalConnection
  windowBounds: () => Promise<WindowBounds | null>
  saveWindowBounds: (bounds: WindowBounds) => void
  /** Stops jobs so that the next start goes on with them, and lets the data folder go. */
  stop: () => Promise<void>
}

/** Jobs that run at once. */
const jobsAtOnce = 3
const canaryKnown = 'keychain-canary-known'
const boundsName = 'window-bounds'

/** Becomes the owner of a data folder and takes up its work.
 * @throws WeightlockError `owner/locked`, `catalog/damaged`, `catalog/newer`, `file/…` */
export async function openApp(options: OpenAppOptions): Promise<App> {
  const { dataFolder } = options
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  const lock = takeOwnerLock(dataFolder)
  try {
    const thisMachine = await machineId()
    const catalog = await openOwnCatalog(options, thisMachine)
    return await compose(options, catalog, thisMachine, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

async function openOwnCatalog(options: OpenAppOptions, machine: string): Promise<Catalog> {
  const path = join(options.dataFolder, 'catalog.sqlite')
  const open = () => openCatalog({ workerUrl: options.workers.catalog, path, machineId: machine })
  try {
    return await open()
  } catch (error) {
    if (!options.setDamagedAside || failureOf(error)?.code !== 'catalog/damaged') throw error
    await moveCatalogAside(path, Date.now())
    return open()
  }
}

async function compose(
  options: OpenAppOptions,
  catalog: Catalog,
  thisMachine: string,
  letGo: () => void,
): Promise<App> {
  const { host, dataFolder, unhardened, substitutes = {} } = options
  const log = openProgramLog(join(dataFolder, 'weightlock.log'))
  const installation = await catalog.installation()
  let isMine = installation.machineId === thisMachine
  const storeFolder = defaultStoreFolder(dataFolder)
  await makeFirstStore(catalog, storeFolder)

  const keychain =
    substitutes.secrets ??
    openKeychain({
      serviceName: 'Weightlock',
      canaryKnown: (await catalog.getValue(canaryKnown)) === true,
      onCanaryMade: () => catalog.setValue(canaryKnown, true),
      platform: process.platform,
    })
  const secrets = notingPresence(
    keychain,
    catalog,
    () => isMine,
    (error) => void log.bug('noting a lost key', error),
  )
  const files = substitutes.files ?? durableFiles
  const payloads = createPayloadPool({ workerUrl: options.workers.payload })
  // One keychain may serve several data folders; a copied folder takes a new installation id.
  const named = async (name: string) => `${name} ${(await catalog.installation()).installationId}`
  const values = {
    readValue: async (name: string) => secrets.readValue(await named(name)),
    writeValue: async (name: string, value: string) => secrets.writeValue(await named(name), value),
  }
  const head = auditHead({ catalog, values })
  const services: Services = {
    catalog,
    secrets,
    files,
    payloads,
    ...openStores({ catalog, secrets, files, defaultStoreFolder: storeFolder }),
    sources: substitutes.sources ?? sourceFiles,
    trash: (path) => (host === null ? moveToTrash(path) : host.trash(path)),
    machineId: thisMachine,
    machineName: hostname(),
    now: Date.now,
    sign: head.sign,
    programVersion,
    ...(substitutes.bytesPerSecond === undefined ? {} : { bytesPerSecond: substitutes.bytesPerSecond }),
    ...(substitutes.smallSteps === undefined ? {} : { smallSteps: substitutes.smallSteps }),
  }

  const ageFileKeys = createAgeFileKeys()
  const kitSecrets = createKitSecrets()
  const notices = createWindowNotices(host)
  let vouching: Promise<unknown> = Promise.resolve()

  const runner = createRunner({
    catalog,
    kinds: jobKinds(services, ageFileKeys, kitSecrets),
    atOnce: jobsAtOnce,
    checkpoint: options.checkpoint ?? (async () => undefined),
    onBug: log.bug,
    isRemoteStore: async (storeId) => isRemoteKind((await catalog.getStore(storeId)).kind),
    changed: (change) => {
      clients.emit('jobs:changed', change)
      notices.jobsChanged(runner.views.all())
    },
    ended: async (job) => {
      if (job.state !== 'paused') {
        ageFileKeys.drop(job.jobId)
        kitSecrets.drop(job.jobId)
      }
      notices.jobEnded(job)
      vouching = head.write().catch((error: unknown) => void log.bug('audit head', error))
    },
  })

  const handlers = allHandlers({
    ...services,
    ageFileKeys,
    kitSecrets,
    runner,
    host: () => host,
    programVersion,
    unhardened,
    dataFolder,
    samplePath: join(options.assetsFolder, 'sample', 'digits-mlp.safetensors'),
    audit: {
      verify: () => verifyAudit({ catalog, head }),
      exportLines: () => exportAudit({ catalog, head }),
    },
    machine: {
      isMine: () => isMine,
      claim: async (as, by) => {
        await catalog.setMachine({ machineId: thisMachine, as, by })
        isMine = true
        await runner.takeUp()
      },
    },
    quit: async () => host?.close(),
  } satisfies HandlerDeps & { ageFileKeys: typeof ageFileKeys; kitSecrets: typeof kitSecrets })

  const tokens = createPathTokens()
  /** What was dropped, pasted or opened by a double click. */
  const forReading = (path: string) => tokens.mint(path, 'read')
  const dispatch = guardMachine(createDispatcher(handlers, log), () => isMine)
  const clients: Clients = createClients({ dispatch, host, tokens, who: userInfo().username })
  const stopListening = catalog.onChanged((what) => clients.emit('catalog:changed', { what }))

  const stopSleeping = host?.onSuspend(() => {
    runner.suspend().catch((error: unknown) => void log.bug('pausing for sleep', error))
  })

  log.note(`started, version ${programVersion}`)
  for (const undone of unhardened) log.note(`not hardened: ${undone}`)
  if (isMine) await runner.takeUp()
  const retirements = watchRetirements({
    catalog,
    runner,
    clock: systemClock,
    isMine: () => isMine,
    onBug: (error) => void log.bug('scheduled retirements', error),
  })

  const rotation = rotateWhatIsDue({
    catalog,
    runner,
    isMine: () => isMine,
    onBug: (error) => void log.bug('rotating what is due', error),
  })

  const stopLooking = lookForLostKeys(
    { catalog, secrets, isMine: () => isMine },
    options.lostKeyPace ?? usualPace,
    (error) => void log.bug('looking for lost keys', error),
  )

  return {
    calls: {
      invoke: (channel, request) => dispatch(channel, request, clients.windowContext),
      mintPathToken: forReading,
      mayClose: () => {
        const openJobs = runner.openJobs()
        if (openJobs > 0) clients.emit('program:quit-requested', { openJobs })
        return openJobs === 0
      },
      openedWith: (args) => clients.emit('program:navigate', navigation(args, forReading)),
    },
    terminal: clients.connectTerminal,
    windowBounds: async () => (await catalog.getValue(boundsName)) as WindowBounds | null,
    saveWindowBounds: (bounds) => {
      // The window's last word may come when the catalog is closed already.
      catalog.setValue(boundsName, bounds).catch(() => undefined)
    },
    stop: async () => {
      try {
        stopSleeping?.()
        await stopLooking()
        await retirements.stop()
        await rotation.stop()
        await runner.stop()
        await vouching
        await payloads.close()
        stopListening()
        await catalog.close()
      } finally {
        letGo()
      }
    },
  }
}

/** Links navigate, never act. */
function navigation(args: string[], mint: (path: string) => PathToken) {
  const link = args.flatMap((arg) => /^weightlock:\/\/artifact\/([a-z2-7]{26})\/?$/i.exec(arg)?.[1] ?? [])[0]
  const artifactId = link === undefined ? null : (ArtifactId.safeParse(link).data ?? null)
  const files = args
    .filter((arg) => isAbsolute(arg))
    .map((path) => ({ token: mint(path), name: path.split(/[/\\]/).at(-1) ?? path }))
  return { artifactId, files }
}
