/** What the place where a folder is unpacked can hold, found by trying. */
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileModes, type DurableFiles } from '../../storage/durable-files.ts'
import type { TargetTraits } from './entry-rules.ts'

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** @param folder an empty folder of ours */
export async function targetTraits(files: DurableFiles, folder: string): Promise<TargetTraits> {
  const probe = async (made: string, other: string): Promise<boolean> => {
    const path = join(folder, made)
    await (await files.createExclusive(path, fileModes.private)).close()
    const same = await isThere(join(folder, other))
    await files.unlink(path)
    return same
  }
  return {
    foldsCase: await probe('weightlock-probe-a', 'WEIGHTLOCK-PROBE-A'),
    foldsNormalisation: await probe('weightlock-probe-\u00e9', 'weightlock-probe-e\u0301'),
    windowsNames: process.platform === 'win32',
  }
}
