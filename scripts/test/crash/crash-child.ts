/** The program that crash tests stop: the real app on a real keyring, told what to do and where to die. */
import { writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { powerLossFiles } from '../../../electron/storage/testing/power-loss-files.ts'
import { openApp, type App } from '../../../electron/app.ts'
import type { JobId, StoreId } from '../../../shared/ids.ts'
import { valueOrThrow } from './call-app.ts'
import { giveUp, loseRotated } from './give-up-crash.ts'
import { findBroken } from './invariants.ts'
import type { CrashKind } from './kill-spread.ts'
import { prepareRestore, startRestore } from './restore-crash.ts'

export type CrashTask = {
  /** `work` does it and may be stopped; `recover` opens again, waits, and looks for what is broken. */
  mode: 'work' | 'recover'
  what: CrashKind
  dataFolder: string
  /** Where the record of what was fsynced is kept; null writes as ever. */
  recordFolder: string | null
  /** What is encrypted, and where it is decrypted to. */
  sourcePath: string
  targetPath: string
  /** SIGKILL at this checkpoint. */
  stopAt: { step: string; when: 'before' | 'after' } | null
  /** How long each phase is stretched, so that random instants fall into all of them. */
  stretchMs: number
  bytesPerSecond: number | null
}

/** Where the kinds that need one have their store. Told in the environment: it holds a secret. */
export type CrashBucket = {
  endpoint: string
  region: string
  bucket: string
  /** Of this crash alone. */
  prefix: string
  accessKeyId: string
  secretAccessKey: string
}

const task = JSON.parse(process.argv[2] ?? '') as CrashTask
const bucket = JSON.parse(process.env['WEIGHTLOCK_CRASH_BUCKET'] ?? 'null') as CrashBucket | null
/** Synchronous, so that what was said is read even when the next thing is death. */
const say = (line: string) => void writeSync(1, `${line}\n`)
let armed = false
/** The step before which a job is to fail. */
let refused: string | null = null

async function open(): Promise<App> {
  return openApp({
    host: null,
    dataFolder: task.dataFolder,
    workers: {
      payload: new URL('../../../electron/payload-worker.ts', import.meta.url),
      catalog: new URL('../../../electron/catalog-worker.ts', import.meta.url),
    },
    assetsFolder: task.dataFolder,
    unhardened: [],
    checkpoint: async ({ step, when }) => {
      if (step === refused && when === 'before') throw new Error('refused once, so that it stands still')
      if (!armed) return
      say(`step ${step} ${when}`)
      if (task.stopAt?.step === step && task.stopAt.when === when) process.kill(process.pid, 'SIGKILL')
      if (when === 'after' && task.stretchMs > 0) await pause(task.stretchMs)
    },
    substitutes: {
      ...(task.recordFolder === null ? {} : { files: powerLossFiles(task.recordFolder) }),
      ...(task.bytesPerSecond === null ? {} : { bytesPerSecond: task.bytesPerSecond }),
      ...(bucket === null ? {} : { smallSteps: { partBytes: 5 * 2 ** 20, arrivedLeaves: 1 } }),
    },
  })
}

async function work(app: App): Promise<void> {
  const call = valueOrThrow(app.terminal())
  const settle = async (jobIds: string[]) => {
    const { jobs } = await call('jobs:wait', { jobIds })
    for (const job of jobs) if (job.state !== 'done') throw new Error(`${job.kind} ended as ${job.state}`)
  }
  const encrypt = (storeId: StoreId | null = null) =>
    call('encrypt:start', {
      items: [
        { sources: [{ path: task.sourcePath }], name: 'model.bin', separate: false, leaveOutHidden: false },
      ],
      storeId,
      algorithm: null,
      original: 'keep',
      opaqueNames: false,
    })
  if (bucket !== null) await addBucket(call, bucket)
  if (task.what === 'encrypt' || task.what === 'upload') {
    armed = true
    return settle((await encrypt()).jobIds)
  }
  if (task.what === 'restore') {
    await prepareRestore(call, settle, task)
    armed = true
    return settle([await startRestore(call, task.dataFolder)])
  }
  if (task.what === 'give-up') {
    await settle((await encrypt()).jobIds)
    refused = 'switched'
    const jobId = await loseRotated(call, task.dataFolder, () => (refused = null))
    armed = true
    return settle([await giveUp(call, jobId)])
  }
  if (task.what === 'move') return settle(await move(call, settle, encrypt))
  await settle((await encrypt()).jobIds)
  const { artifactId, keyId } = await call('artifacts:find', { query: 'model.bin' })
  armed = true
  if (task.what === 'decrypt' || task.what === 'download') {
    const target = { path: task.targetPath }
    const { jobId } = await call('decrypt:start', { artifactId, version: null, target, unpack: false })
    return settle([jobId])
  }
  if (task.what === 'retire') {
    const request = { artifactIds: [artifactId], confirmName: 'model.bin', inDays: null }
    const { jobIds } = await call('retirement:start', { ...request, deleteCiphertext: false })
    return settle(jobIds)
  }
  if (task.what !== 'destroy') {
    const method = task.what.startsWith('rewrap') ? 'rewrap' : 're-encrypt'
    const asked = { keyIds: [keyId], method, reason: 'policy', note: '' }
    return settle((await call('keys:rotate', asked)).jobIds)
  }
  const { jobId } = await call('keys:destroy', { keyId, confirmName: 'model.bin' })
  return settle([jobId])
}

/** Out of the first store into the bucket. @returns the jobs of it */
async function move(
  call: ReturnType<typeof valueOrThrow>,
  settle: (jobIds: string[]) => Promise<void>,
  encrypt: (storeId: StoreId) => Promise<{ jobIds: JobId[] }>,
): Promise<string[]> {
  const { stores } = await call('stores:list', {})
  const [from, to] = ['local-folder', 's3'].map(
    (kind) => stores.find((store) => store.kind === kind)?.storeId,
  )
  if (from === undefined || to === undefined) throw new Error('a store is missing')
  await settle((await encrypt(from)).jobIds)
  const { artifactId } = await call('artifacts:find', { query: 'model.bin' })
  armed = true
  const items = [{ artifactId, fromStoreId: from }]
  return (await call('artifacts:copy', { items, storeId: to, version: null, move: true })).jobIds
}

/** Becomes the default store; what its server can do is known before anything is stopped. */
async function addBucket(call: ReturnType<typeof valueOrThrow>, where: CrashBucket): Promise<void> {
  const { secretAccessKey, ...settings } = where
  const { storeId } = await call('stores:add', {
    name: 'bucket',
    kind: 's3',
    settings: { preset: 'other', pathStyle: true, ...settings },
    paths: {},
    secrets: { secretAccessKey },
  })
  await call('stores:make-default', { storeId })
  await call('stores:test', { storeId })
}

const app = await open()
if (task.mode === 'work') {
  await work(app)
  say('done')
} else {
  armed = true
  say(JSON.stringify(await findBroken(app, { ...task, bucket }, () => void (armed = false))))
}
await app.stop()
