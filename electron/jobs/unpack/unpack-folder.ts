/** A tar stream into a fresh folder, entry by entry, each checked before anything of it is written. */
import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import { extract, type Entry, type Extract, type Header } from 'tar-stream'
import { fail, failureOf } from '../../../shared/failure.ts'
import { fileModes, folderModes, type DurableFiles } from '../../storage/durable-files.ts'
import { asFileFailure } from '../../storage/file-failures.ts'
import { archiveRules } from './entry-rules.ts'
import { targetTraits } from './target-traits.ts'

export type Unpacking = {
  /** Takes the next bytes of the stream, which are the caller's again when it settles. */
  write: (bytes: Uint8Array) => Promise<void>
  /** After the last byte. Everything is on the disk when it settles, in `folder`; the caller renames it.
   * @throws WeightlockError `archive/…`, `file/…` */
  finish: () => Promise<void>
  /** Takes back the folder. */
  discard: () => Promise<void>
}

/** @param folder absolute, does not exist yet, beside the final one
 * @param limitBytes what the files together may hold */
export async function unpackFolder(
  files: DurableFiles,
  folder: string,
  limitBytes: number,
): Promise<Unpacking> {
  await asFileFailure(folder, () => files.makeFolder(folder, folderModes.private))
  const traits = await asFileFailure(folder, () => targetTraits(files, folder))
  const rules = archiveRules(traits, limitBytes)
  const stream = extract({ filenameEncoding: 'latin1' })
  const folders = new Set<string>([folder])

  const makeFolders = async (parts: string[]): Promise<string> => {
    let path = folder
    for (const part of parts) {
      path = join(path, part)
      if (folders.has(path)) continue
      await files.makeFolder(path, folderModes.private)
      folders.add(path)
    }
    return path
  }
  const unpackEntry = async (header: Header, entry: Entry): Promise<void> => {
    const name =
      header.pax?.['path'] === undefined ? Buffer.from(header.name, 'latin1') : Buffer.from(header.name)
    const parts = rules
      .check({ name, type: header.type, mode: header.mode, sizeBytes: header.size })
      .map((part) => (isUtf8(part) ? part.toString('utf8') : refuseName(name)))
    if (header.type === 'directory') {
      await makeFolders(parts)
      return entry.resume()
    }
    const parent = await makeFolders(parts.slice(0, -1))
    const path = join(parent, parts.at(-1) ?? '')
    await asFileFailure(path, async () => {
      const file = await files.createExclusive(path, header.mode & 0o100 ? 0o700 : fileModes.private)
      try {
        let offset = 0
        for await (const bytes of entry) {
          await file.write(bytes, offset)
          offset += bytes.length
        }
        await file.sync()
      } finally {
        await file.close()
      }
    })
  }

  let problem: unknown = null
  let atWork: Promise<void> = Promise.resolve()
  const over = new Promise<void>((resolve) => {
    stream.on('finish', resolve)
    stream.on('close', resolve)
  })
  stream.on('error', (error: unknown) => {
    problem ??= error
  })
  const takeEntry = async (header: Header, entry: Entry, next: () => void): Promise<void> => {
    try {
      await unpackEntry(header, entry)
      next()
    } catch (error) {
      problem ??= error
      stream.destroy()
    }
  }
  stream.on('entry', (header, entry, next) => {
    atWork = takeEntry(header, entry, next)
  })
  const raise = (): void => {
    if (problem === null) return
    const failure = failureOf(problem)
    if (failure !== null) fail(failure, problem)
    const reason = problem instanceof Error ? problem.message : 'it cannot be read'
    fail({ code: 'archive/malformed', reason }, problem)
  }
  return {
    write: async (bytes) => {
      raise()
      const copy = Buffer.from(bytes)
      if (!stream.write(copy)) await drained(stream)
      raise()
    },
    finish: async () => {
      stream.end()
      await over
      await atWork
      raise()
      for (const path of [...folders].toReversed()) await files.syncFolder(path)
    },
    discard: async () => {
      stream.destroy()
      await over
      await atWork
      await files.removeTree(folder)
    },
  }
}

/** Settles when the stream takes more, or is over. */
const drained = (stream: Extract): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    stream.on('close', done)
  })

const refuseName = (name: Buffer): never =>
  fail({
    code: 'archive/hostile-entry',
    entry: name.toString('utf8'),
    reason: 'its name is not valid Unicode; the plain tar keeps it as it is',
  })
