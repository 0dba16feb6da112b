/** The real payload worker on a file system that a test meddles with: a file changes at a known moment of the reading,
 * and stat may say that nothing has. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

export type Meddling = {
  path: string
  /** Reads of this file that are let through before it happens. */
  afterReads: number
  /** Made exclusively by whichever thread does it, so that it happens once. */
  marker: string
  change:
    | { kind: 'truncate'; toBytes: number }
    | { kind: 'append'; bytes: number }
    | { kind: 'overwrite'; offset: number; text: string }
    | { kind: 'replace'; by: string }
    | { kind: 'remove' }
  /** Stat says for ever what it said of this size, at no time in particular. */
  lie: { sizeBytes: number } | null
}

/** The address of a worker that does this, once for all threads. */
export function meddlingWorker(plan: Meddling): URL {
  const here = import.meta.url
  const real = new URL('../../../electron/payload-worker.ts', here).href
  const lines = [
    `import { meddle } from ${JSON.stringify(here)}`,
    `meddle(${JSON.stringify(plan)})`,
    `await import(${JSON.stringify(real)})`,
  ]
  return new URL(`data:text/javascript,${encodeURIComponent(lines.join('\n'))}`)
}

/** Called in a thread of the program, by what `meddlingWorker` writes.
 * @public */
export function meddle(plan: Meddling): void {
  const { readvSync, fstatSync, openSync } = fs
  const watched = new Set<number>()
  let reads = 0
  const change = () => {
    try {
      fs.closeSync(openSync(plan.marker, 'wx'))
    } catch {
      return
    }
    const { change: what, path } = plan
    if (what.kind === 'truncate') fs.truncateSync(path, what.toBytes)
    else if (what.kind === 'append') fs.appendFileSync(path, Buffer.alloc(what.bytes, 'x'))
    else if (what.kind === 'replace') fs.renameSync(what.by, path)
    else if (what.kind === 'remove') fs.unlinkSync(path)
    else {
      const fd = openSync(path, 'r+')
      fs.writeSync(fd, what.text, what.offset)
      fs.closeSync(fd)
    }
  }
  Object.assign(fs, {
    openSync: (path: fs.PathLike, ...rest: [fs.OpenMode]) => {
      const fd = openSync(path, ...rest)
      if (String(path) === plan.path) watched.add(fd)
      else watched.delete(fd)
      return fd
    },
    readvSync: (fd: number, ...rest: [NodeJS.ArrayBufferView[], number]) => {
      if (watched.has(fd) && reads++ === plan.afterReads) change()
      return readvSync(fd, ...rest)
    },
    fstatSync: (fd: number, options: { bigint: true }) => {
      const found = fstatSync(fd, options)
      if (!watched.has(fd) || plan.lie === null) return found
      return Object.assign(found, { size: BigInt(plan.lie.sizeBytes), mtimeNs: 0n, ctimeNs: 0n })
    },
  })
  syncBuiltinESMExports()
}
