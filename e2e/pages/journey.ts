/** What every journey has beside the app: files of its own that the in-app picker reaches, and stock `age`. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { test as base } from '../fixtures/app.ts'
import { hasAge } from './proof.ts'

export { dropFiles, expect } from '../fixtures/app.ts'

export type Files = {
  /** Below the home folder, where the picker begins; gone after the test. */
  folder: string
  /** Writes a file, its folders too. @returns its path */
  write: (name: string, content: string | Uint8Array) => Promise<string>
  /** A path of this name that nothing is at. */
  path: (name: string) => string
}

export const test = base.extend<{ files: Files }>({
  files: async ({ hostKind }, use) => {
    base.skip(!hasAge(), 'there is no age')
    const folder = await realpath(await mkdtemp(join(homedir(), `journey-${hostKind}-`)))
    const path = (name: string) => join(folder, name)
    await use({
      folder,
      path,
      write: async (name, content) => {
        await mkdir(dirname(path(name)), { recursive: true })
        await writeFile(path(name), content)
        return path(name)
      },
    })
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },
})

/** Bytes that compress to nothing and repeat at every run. @param seed other bytes for another seed */
export function someBytes(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(sizeBytes)
  let state = seed
  for (let at = 0; at < sizeBytes; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}
