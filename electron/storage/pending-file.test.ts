import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../shared/ids.ts'
import { durableFiles, errnoOf, fileModes } from './durable-files.ts'
import { abandonPendingFile, beginPendingFile } from './pending-file.ts'
import { cutPower } from './testing/power-cut.ts'
import { powerLossFiles } from './testing/power-loss-files.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const bytes = Buffer.from('ciphertext')
const begin = (target: string, jobId = newId(JobId), files = durableFiles) =>
  beginPendingFile(files, target, { jobId, mode: fileModes.private, reserve: true })

describe('a file that appears whole or not at all', () => {
  it('is reserved, then there, readable by its owner alone', async () => {
    const folder = temporaryFolder()
    const pending = await begin(join(folder, 'model.pkl'))
    expect(readdirSync(folder)).toHaveLength(2)
    await pending.file.write(bytes.subarray(4), 4)
    await pending.file.write(bytes.subarray(0, 4), 0)
    expect(statSync(pending.targetPath).size).toBe(0)
    await pending.commit()
    expect(readdirSync(folder)).toEqual(['model.pkl'])
    expect(readFileSync(pending.targetPath)).toEqual(bytes)
    if (process.platform !== 'win32') expect(statSync(pending.targetPath).mode & 0o777).toBe(0o600)
  })

  it('overwrites nothing: a held name refuses, and what held it stays', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'held'), '')
    const error: unknown = await begin(join(folder, 'held')).catch((reason: unknown) => reason)
    expect(errnoOf(error)).toBe('EEXIST')
    expect(readdirSync(folder)).toEqual(['held'])
  })

  it('leaves no reservation where its folder could not be synced, and whose it was stays', async () => {
    const folder = temporaryFolder()
    const files = {
      ...durableFiles,
      syncFolder: () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' })),
    }
    const error: unknown = await begin(join(folder, 'model.pkl'), newId(JobId), files).catch(
      (reason: unknown) => reason,
    )
    expect(errnoOf(error)).toBe('EIO')
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not replace what somebody wrote into the reservation', async () => {
    const folder = temporaryFolder()
    const pending = await begin(join(folder, 'model.pkl'))
    await pending.file.write(bytes, 0)
    writeFileSync(pending.targetPath, 'theirs')
    const error: unknown = await pending.commit().catch((reason: unknown) => reason)
    expect(errnoOf(error)).toBe('EEXIST')
    await pending.abandon()
    expect(readFileSync(pending.targetPath, 'utf8')).toBe('theirs')
    expect(readdirSync(folder)).toEqual(['model.pkl'])
  })

  it.each(['before the reservation is looked at', 'right before the rename'])(
    'follows no link that somebody puts in the place of the reservation %s',
    async (moment) => {
      const [folder, outside] = [temporaryFolder(), temporaryFolder()]
      const target = join(folder, 'model.pkl')
      const theirs = join(outside, 'theirs')
      writeFileSync(theirs, 'theirs')
      const swap = () => {
        rmSync(target)
        symlinkSync(theirs, target)
      }
      const isLate = moment === 'right before the rename'
      const pending = await beginPendingFile(durableFiles, target, {
        jobId: newId(JobId),
        mode: fileModes.private,
        reserve: true,
        beforeRename: async () => (isLate ? swap() : undefined),
      })
      await pending.file.write(bytes, 0)
      if (!isLate) swap()
      const error: unknown = await pending.commit().catch((reason: unknown) => reason)
      await pending.abandon()
      expect(readFileSync(theirs, 'utf8')).toBe('theirs')
      expect(readdirSync(outside)).toEqual(['theirs'])
      expect(readdirSync(folder)).toEqual(['model.pkl'])
      if (isLate) {
        // A rename takes the place of the link itself.
        expect(lstatSync(target).isFile()).toBe(true)
        expect(readFileSync(target)).toEqual(bytes)
      } else {
        expect(errnoOf(error)).toBe('EEXIST')
        expect(lstatSync(target).isSymbolicLink()).toBe(true)
      }
    },
  )

  it('leaves nothing when abandoned, twice', async () => {
    const folder = temporaryFolder()
    const pending = await begin(join(folder, 'model.pkl'))
    await pending.file.write(bytes, 0)
    await pending.abandon()
    await pending.abandon()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is taken back after a crash by its own job, and by no other', async () => {
    const folder = temporaryFolder()
    const target = join(folder, 'model.pkl')
    const jobId = newId(JobId)
    const pending = await begin(target, jobId)
    await pending.file.close()
    expect(await abandonPendingFile(durableFiles, target, { jobId: newId(JobId), reserve: true })).toBe(false)
    expect(readdirSync(folder)).toHaveLength(2)
    expect(await abandonPendingFile(durableFiles, target, { jobId, reserve: true })).toBe(true)
    expect(readdirSync(folder)).toEqual([])
  })

  it('starts over on what an earlier run of the same job left', async () => {
    const folder = temporaryFolder()
    const jobId = newId(JobId)
    const first = await begin(join(folder, 'model.pkl'), jobId)
    await first.file.write(new Uint8Array(100), 0)
    await first.file.close()
    const second = await begin(join(folder, 'model.pkl'), jobId)
    await second.file.write(bytes, 0)
    await second.commit()
    expect(readFileSync(second.targetPath)).toEqual(bytes)
    expect(readdirSync(folder)).toEqual(['model.pkl'])
  })
})

describe('a power cut', () => {
  for (const lose of ['unsynced', 'bytes'] as const) {
    it(`after the commit loses nothing (${lose})`, async () => {
      const [folder, record] = [temporaryFolder(), temporaryFolder()]
      const pending = await begin(join(folder, 'model.pkl'), newId(JobId), powerLossFiles(record))
      await pending.file.write(bytes, 0)
      await pending.commit()
      cutPower(record, lose)
      expect(readdirSync(folder)).toEqual(['model.pkl'])
      expect(readFileSync(pending.targetPath)).toEqual(bytes)
    })

    it(`before the commit leaves a target that is absent or empty, never half (${lose})`, async () => {
      const [folder, record] = [temporaryFolder(), temporaryFolder()]
      const pending = await begin(join(folder, 'model.pkl'), newId(JobId), powerLossFiles(record))
      await pending.file.write(bytes, 0)
      await pending.file.close()
      cutPower(record, lose)
      expect(existsSync(pending.targetPath) ? statSync(pending.targetPath).size : 0).toBe(0)
      expect(statSync(pending.temporaryPath).size).toBe(lose === 'bytes' ? bytes.length : 0)
    })
  }

  it('loses a rename whose folder was not synced, and bytes that were not', async () => {
    const [folder, record] = [temporaryFolder(), temporaryFolder()]
    const files = powerLossFiles(record)
    writeFileSync(join(folder, 'old'), 'old')
    const file = await files.createExclusive(join(folder, 'new'), 0o600)
    await file.write(Buffer.from('durable'), 0)
    await file.sync()
    await files.syncFolder(folder)
    await file.write(Buffer.from('lost bytes'), 0)
    await file.close()
    await files.rename(join(folder, 'new'), join(folder, 'old'))
    cutPower(record)
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('durable')
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('old')
  })

  it('takes a folder that was renamed back to its old name with what was synced in it', async () => {
    const [folder, record] = [temporaryFolder(), temporaryFolder()]
    const files = powerLossFiles(record)
    await files.makeFolder(join(folder, 'tmp'), 0o700)
    await files.syncFolder(folder)
    const file = await files.createExclusive(join(folder, 'tmp', 'a'), 0o600)
    await file.write(bytes, 0)
    await file.sync()
    await file.close()
    await files.syncFolder(join(folder, 'tmp'))
    await files.rename(join(folder, 'tmp'), join(folder, 'out'))
    cutPower(record)
    expect(readdirSync(folder)).toEqual(['tmp'])
    expect(readFileSync(join(folder, 'tmp', 'a'))).toEqual(bytes)
    expect(readdirSync(folder)).not.toContain('out')
  })

  it('brings back what was deleted without a sync of the folder', async () => {
    const [folder, record] = [temporaryFolder(), temporaryFolder()]
    const files = powerLossFiles(record)
    writeFileSync(join(folder, 'a'), 'kept')
    await files.unlink(join(folder, 'a'))
    cutPower(record)
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('kept')
    await files.unlink(join(folder, 'a'))
    await files.syncFolder(folder)
    cutPower(record)
    expect(readdirSync(folder)).toEqual([])
  })
})
