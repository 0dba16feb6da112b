import { rename } from 'node:fs/promises'
import { once } from 'node:events'
import { dirname, join, parse } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Catalog, ChangedPart } from './catalog.ts'
import { operationNames } from './operation-names.ts'
import { unpacked, type CatalogWorkerData, type FromWorker, type ToWorker } from './worker-messages.ts'

export type OpenCatalog = {
  /** The built `catalog-worker`, beside the entry. */
  workerUrl: URL
  /** `catalog.sqlite` in the data folder; its folder must exist. */
  path: string
  /** Kept with a catalog that is made now. */
  machineId: string
}

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** Opens the catalog, or makes it, in a worker thread of its own. A catalog that cannot be used is left as it is, byte
 * for byte; `moveCatalogAside` makes room for a new one.
 * @throws catalog/damaged (`quick_check` or a missing table), catalog/newer, file/read-only, file/permission-denied,
 * file/disk-full, file/io */
export async function openCatalog({ workerUrl, path, machineId }: OpenCatalog): Promise<Catalog> {
  const workerData: CatalogWorkerData = { path, machineId }
  const worker = new Worker(workerUrl, { workerData, name: 'catalog' })
  const gone = once(worker, 'exit')
  const pending = new Map<number, Pending>()
  const listeners = new Set<(what: ChangedPart[]) => void>()
  const opening = Promise.withResolvers<void>()
  let dead: Error | null = null
  let isClosing = false
  let lastId = 0

  const die = (error: Error) => {
    dead ??= error
    opening.reject(dead)
    for (const { reject } of pending.values()) reject(dead)
    pending.clear()
  }
  worker.on('error', (error) => die(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', () => die(new Error('the catalog is closed')))
  worker.on('message', (message: FromWorker) => {
    if ('opened' in message) {
      if (message.opened) opening.resolve()
      else opening.reject(unpacked(message.thrown))
      return
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (!message.ok) return waiting?.reject(unpacked(message.thrown))
    waiting?.resolve(message.value)
    if (message.changed.length > 0) for (const listener of listeners) listener(message.changed)
  })
  const post = (message: ToWorker) => worker.postMessage(message)
  const call = (name: string, request: unknown[]): Promise<unknown> => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (dead) reject(dead)
    else {
      lastId += 1
      pending.set(lastId, { resolve, reject })
      post({ id: lastId, name, request })
    }
    return promise
  }

  try {
    await opening.promise
  } catch (error) {
    await gone
    throw error
  }
  const methods = Object.fromEntries(
    operationNames.map((name) => [name, (...request: unknown[]) => call(name, request)]),
  )
  const own: Pick<Catalog, 'onChanged' | 'close'> = {
    onChanged: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      if (!dead && !isClosing) post('close')
      isClosing = true
      await gone
    },
  }
  // The names are complete by `operation-names.ts`; their types are the operations' own.
  return { ...methods, ...own } as unknown as Catalog
}

/** Renames a catalog that cannot be used, with what belongs to it, so that a new one can be made and filled by a
 * rebuild. Nothing of it is lost or changed.
 * @param at for the name, epoch milliseconds
 * @returns where it is now */
export async function moveCatalogAside(path: string, at: number): Promise<string> {
  const { name, ext } = parse(path)
  const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, '-')
  const aside = join(dirname(path), `${name}.set-aside-${stamp}${ext}`)
  await rename(path, aside)
  for (const suffix of ['-wal', '-shm'])
    await rename(path + suffix, aside + suffix).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    })
  return aside
}
