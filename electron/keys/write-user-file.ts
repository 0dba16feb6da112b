import { dirname } from 'node:path'
import { fail } from '../../shared/failure.ts'
import { JobId, newId } from '../../shared/ids.ts'
import { errnoOf, fileModes, type DurableFiles } from '../storage/durable-files.ts'
import { asFileFailure } from '../storage/file-failures.ts'
import { beginPendingFile } from '../storage/pending-file.ts'

/** Writes a small file that only its owner may read, whole and durable or not at all. Never overwrites.
 * @param jobId whose file it is: its own next run takes back what a crash left of it
 * @param beforeCommit called when the bytes are durable and before the file appears
 * @throws WeightlockError `file/exists`, `file/not-found` for its folder, `file/disk-full`, … */
export async function writeUserFile(
  files: DurableFiles,
  path: string,
  contents: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  beforeCommit: () => Promise<void> = async () => undefined,
  jobId: JobId = newId(JobId),
): Promise<void> {
  await asFileFailure(path, async () => {
    const pending = await beginPendingFile(files, path, {
      jobId,
      mode: fileModes.private,
      reserve: true,
      beforeRename: beforeCommit,
    }).catch((error: unknown) =>
      errnoOf(error) === 'ENOENT'
        ? fail({ code: 'file/not-found', path: dirname(path) }, error)
        : Promise.reject(error),
    )
    try {
      let offset = 0
      for await (const bytes of contents) {
        await pending.file.write(bytes, offset)
        offset += bytes.length
      }
      await pending.commit()
    } catch (error) {
      await pending.abandon()
      throw error
    }
  })
}
