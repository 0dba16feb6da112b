/** The real app for tests of bad input: in this process, with a keychain in memory behind the real keychain rules,
 * and with sources, secrets and files that a test may make lie. Everything that it says is kept, to be searched. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openApp, type App, type OpenAppOptions } from '../../../electron/app.ts'
import { sourceFiles, type SourceFiles } from '../../../electron/jobs/source/source-files.ts'
import { osKeychain } from '../../../electron/secrets/providers/os-keychain.ts'
import { silentKeychain, type SilentKeychain } from '../../../electron/secrets/testing/silent-keychain.ts'
import { durableFiles, type DurableFiles } from '../../../electron/storage/durable-files.ts'
import type { Channel, Request, Response } from '../../../shared/contract/contract.ts'
import { terminalBridge } from '../../../shared/contract/terminal.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { Failure, Result } from '../../../shared/failure.ts'
import type { JobId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'

const electronFolder = new URL('../../../electron/', import.meta.url)
const catalogWorker = new URL('catalog-worker.ts', electronFolder)
const payloadWorker = new URL('payload-worker.ts', electronFolder)

export type Call = <C extends Channel>(channel: C, request: Request<C>) => Promise<Response<C>>

export type House = {
  /** All of it: inputs, outputs, data folder and store. */
  folder: string
  dataFolder: string
  storeFolder: string
  keychain: SilentKeychain
  /** Replace its functions to make it lie. */
  sources: SourceFiles
  files: DurableFiles
  /** Called before and after every journaled step. */
  onStep: (step: string, when: 'before' | 'after') => void | Promise<void>
  app: () => App
  invoke: <C extends Channel>(channel: C, request: Request<C>) => Promise<Result<Response<C>>>
  /** @throws Error where it fails */
  call: Call
  /** Every answer and event so far, as it left. */
  said: string[]
  /** Writes an input. @returns its path */
  input: (name: string, bytes: Uint8Array | string) => string
  /** A place in this folder. */
  at: (...parts: string[]) => string
  close: () => Promise<void>
  reopen: (options?: Partial<OpenAppOptions>) => Promise<void>
  stop: () => Promise<void>
}

export type HouseOptions = {
  /** Another worker than the real one. */
  payloadWorker?: URL
  bytesPerSecond?: number
  /** Another place for the data folder. */
  dataFolder?: string
}

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'weightlock-house-'))
  const dataFolder = options.dataFolder ?? join(folder, 'data')
  const keychain = silentKeychain()
  const sources = { ...sourceFiles }
  const files = { ...durableFiles }
  const said: string[] = []
  let canaryKnown = false

  const open = async (more: Partial<OpenAppOptions> = {}): Promise<App> => {
    const app = await openApp({
      host: null,
      dataFolder,
      workers: { payload: options.payloadWorker ?? payloadWorker, catalog: catalogWorker },
      assetsFolder: join(folder, 'assets'),
      unhardened: [],
      checkpoint: async ({ step, when }) => house.onStep(step, when),
      substitutes: {
        sources,
        files,
        secrets: osKeychain({
          serviceName: 'Weightlock',
          canaryKnown,
          onCanaryMade: () => {
            canaryKnown = true
          },
          platform: 'linux',
          load: async () => keychain.keytar,
          backendName: async () => 'Keychain in memory',
          isLocked: async () => null,
          timeoutMs: 10_000,
        }),
        ...(options.bytesPerSecond === undefined ? {} : { bytesPerSecond: options.bytesPerSecond }),
      },
      ...more,
    })
    connection = app.terminal()
    connection.onEvent((event) => said.push(JSON.stringify(event)))
    return app
  }
  let connection: ReturnType<App['terminal']> | null = null
  let app: App | null = null
  const bridge = () => {
    if (connection === null) throw new Error('the house is closed')
    return terminalBridge(connection)
  }

  const invoke: House['invoke'] = async (channel, request) => {
    const result = await bridge().invoke(channel, request)
    said.push(JSON.stringify(result))
    return result
  }
  const house: House = {
    onStep: () => undefined,
    folder,
    dataFolder,
    storeFolder: join(dataFolder, 'store'),
    keychain,
    sources,
    files,
    said,
    app: () => {
      if (app === null) throw new Error('the house is closed')
      return app
    },
    invoke,
    call: async (channel, request) => {
      const result = await invoke(channel, request)
      if (!result.ok) throw new Error(`${channel}: ${result.failure.code}`)
      return result.value
    },
    at: (...parts) => join(folder, ...parts),
    input: (name, bytes) => {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      return path
    },
    close: async () => {
      const closing = app
      app = null
      await closing?.stop()
    },
    reopen: async (more) => {
      await house.close()
      app = await open(more)
    },
    stop: async () => {
      await house.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  try {
    app = await open()
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return house
}

export type Ended = { job: JobView | null; failure: Failure | null }

/** Waits until a job stands still. */
export async function settled(house: House, jobId: JobId): Promise<Ended> {
  const { jobs } = await house.call('jobs:wait', { jobIds: [jobId] })
  const job = jobs[0] ?? null
  return { job, failure: job?.failure ?? null }
}

type EncryptChoices = {
  name?: string
  separate?: boolean
  original?: 'keep' | 'trash'
  storeId?: ArtifactRow['storeId'] | null
}

/** Begins to encrypt. @returns its job, or why it was refused */
export async function startEncrypt(
  house: House,
  paths: string | string[],
  choices: EncryptChoices = {},
): Promise<{ jobId: JobId } | { failure: Failure }> {
  const sources = [paths].flat().map((path) => ({ path }))
  const name = choices.name ?? sources[0]?.path.split('/').at(-1) ?? ''
  const started = await house.invoke('encrypt:start', {
    items: [{ sources, name, separate: choices.separate ?? false, leaveOutHidden: false }],
    storeId: choices.storeId ?? null,
    algorithm: null,
    original: choices.original ?? 'keep',
    opaqueNames: false,
  })
  if (!started.ok) return { failure: started.failure }
  const [jobId] = started.value.jobIds
  const refused = started.value.refused[0]?.failure
  if (jobId !== undefined) return { jobId }
  if (refused === undefined) throw new Error('neither a job nor a refusal')
  return { failure: refused }
}

/** Encrypts, and says how that ended, wherever it was refused. */
export async function encrypt(
  house: House,
  paths: string | string[],
  choices: EncryptChoices = {},
): Promise<Ended> {
  const started = await startEncrypt(house, paths, choices)
  return 'jobId' in started ? settled(house, started.jobId) : { job: null, failure: started.failure }
}

/** Encrypts what must succeed. @returns its row */
export async function stored(
  house: House,
  paths: string | string[],
  choices: EncryptChoices = {},
): Promise<ArtifactRow> {
  const { job, failure } = await encrypt(house, paths, choices)
  if (job?.state !== 'done' || job.artifactId === null)
    throw new Error(`not stored: ${JSON.stringify(failure)}`)
  const { artifact } = await house.call('artifacts:show', { artifactId: job.artifactId })
  return artifact
}

/** Decrypts an artifact to a path. */
export async function decrypt(
  house: House,
  { artifactId }: Pick<ArtifactRow, 'artifactId'>,
  path: string,
  { version = null, unpack = false }: { version?: number | null; unpack?: boolean } = {},
): Promise<Ended> {
  const started = await house.invoke('decrypt:start', { artifactId, version, target: { path }, unpack })
  return started.ok ? settled(house, started.value.jobId) : { job: null, failure: started.failure }
}

/** Decrypts any age file to a path. */
export async function decryptFile(
  house: House,
  source: string,
  path: string,
  { identity = null, passphrase = null, unpack = false }: Supplied = {},
): Promise<Ended> {
  const started = await house.invoke('decrypt:age-file', {
    source: { path: source },
    identity: identity === null ? null : { path: identity },
    passphrase,
    target: { path },
    unpack,
  })
  return started.ok ? settled(house, started.value.jobId) : { job: null, failure: started.failure }
}
type Supplied = { identity?: string | null; passphrase?: string | null; unpack?: boolean }
