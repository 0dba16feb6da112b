import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../shared/ids.ts'
import type { StorageBackend } from '../backend.ts'
import type { DurableFiles } from '../durable-files.ts'
import { durableFiles } from '../durable-files.ts'
import { posixNames } from '../../../shared/name-rules.ts'
import { codeOf, describeStorageBackend, putObject, testBytes } from '../testing/conformance.ts'
import { cutPower } from '../testing/power-cut.ts'
import { powerLossFiles } from '../testing/power-loss-files.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { localFolder } from './local-folder.ts'

const storeIn = (folder: string, files: DurableFiles = durableFiles, mayCreate = false): StorageBackend =>
  localFolder({ store: 'nas', folder, files, rules: posixNames, mayCreate, memory: null })

describeStorageBackend('local folder', async () => {
  const folder = temporaryFolder()
  return { backend: storeIn(folder), reopen: () => storeIn(folder) }
})

const beginning = (sizeBytes: number, jobId = newId(JobId)) => ({
  sizeBytes,
  partBytes: Math.max(1, sizeBytes),
  metadata: {},
  condition: { kind: 'absent' } as const,
  jobId,
})

describe('a local store', () => {
  it('lets workers write straight into the temporary, readable for colleagues as umask says', async () => {
    const folder = temporaryFolder()
    const backend = storeIn(folder)
    const id = await backend.beginWrite('a.age', beginning(10))
    writeFileSync(backend.writeTarget?.(id) ?? '', testBytes(10))
    await backend.completeWrite(id)
    expect(readFileSync(backend.readPath?.('a.age') ?? '')).toEqual(Buffer.from(testBytes(10)))
    expect(statSync(join(folder, 'a.age')).mode & 0o777).toBe(0o666 & ~process.umask())
  })

  it('refuses to complete what is not all there', async () => {
    const backend = storeIn(temporaryFolder())
    const id = await backend.beginWrite('a.age', beginning(10))
    await expect(backend.completeWrite(id)).rejects.toThrow('before all of its bytes')
    await backend.abortWrite(id)
  })

  it('leaves the temporaries of other jobs and of colleagues alone, and does not list them', async () => {
    const folder = temporaryFolder()
    const theirs = `.weightlock-${newId(JobId)}.tmp`
    writeFileSync(join(folder, theirs), 'theirs')
    const backend = storeIn(folder)
    await backend.abortWrite(await backend.beginWrite('a.age', beginning(10)))
    expect(readdirSync(folder)).toEqual([theirs])
    expect((await backend.list('', null)).objects).toEqual([])
    expect(await codeOf(backend.head(theirs))).toBe('artifact/name-invalid')
  })

  it('shows foreign files, hidden ones and names that are not UTF-8 too', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'notes.txt'), 'x')
    writeFileSync(join(folder, '.hidden'), '')
    writeFileSync(Buffer.from(`${folder}/bad\xff.bin`, 'latin1'), 'x')
    const { objects } = await storeIn(folder).list('', null)
    expect(objects.map((object) => object.name)).toEqual(['.hidden', 'bad\ufffd.bin', 'notes.txt'])
  })

  it('follows no link out of its folder: not to read, list, write, replace or delete', async () => {
    const [folder, outside] = [temporaryFolder(), temporaryFolder()]
    writeFileSync(join(outside, 'secret'), 'secret')
    symlinkSync(outside, join(folder, 'link'))
    symlinkSync(join(outside, 'secret'), join(folder, 'file.age'))
    const backend = storeIn(folder)
    expect((await backend.list('', null)).objects).toEqual([])
    expect(await codeOf(backend.head('link/secret'))).toBe('artifact/name-invalid')
    expect(await codeOf(backend.read('link/secret', { offset: 0, lengthBytes: 1 }))).toBe(
      'artifact/name-invalid',
    )
    expect(await codeOf(putObject(backend, 'link/new.age', testBytes(3)))).toBe('artifact/name-invalid')
    expect(await codeOf(backend.delete('link/secret'))).toBe('artifact/name-invalid')
    expect(await codeOf(backend.head('file.age'))).toBe('file/is-special')
    expect(await codeOf(backend.delete('file.age'))).toBe('file/is-special')
    expect(await codeOf(putObject(backend, 'file.age', testBytes(3)))).toBe('store/object-exists')
    expect(readdirSync(outside)).toEqual(['secret'])
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret')
  })

  it('does not wait for the other end of a pipe', async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const backend = storeIn(folder)
    expect(await codeOf(backend.read('pipe', { offset: 0, lengthBytes: 1 }))).toBe('file/is-special')
    expect((await backend.list('', null)).objects).toEqual([])
  })

  it('is made by its first write, and out of reach, never made again, once it is gone', async () => {
    const folder = join(temporaryFolder(), 'Weightlock')
    const backend = storeIn(folder, durableFiles, true)
    expect(await backend.head('a.age')).toBeNull()
    expect((await backend.list('', null)).objects).toEqual([])
    expect(await backend.listWrites()).toEqual([])
    expect(existsSync(folder)).toBe(false)
    await putObject(backend, 'a/b.age', testBytes(3))
    renameSync(folder, `${folder}-unmounted`)
    expect(await codeOf(backend.head('a/b.age'))).toBe('store/unreachable')
    expect(await codeOf(backend.list('', null))).toBe('store/unreachable')
    expect(await codeOf(backend.read('a/b.age', { offset: 0, lengthBytes: 1 }))).toBe('store/unreachable')
    expect(await codeOf(putObject(backend, 'c.age', testBytes(3)))).toBe('store/unreachable')
    expect(await codeOf(backend.delete('a/b.age'))).toBe('store/unreachable')
    expect(await codeOf(backend.listWrites())).toBe('store/unreachable')
    expect(existsSync(folder)).toBe(false)
    renameSync(`${folder}-unmounted`, folder)
    expect(await backend.head('a/b.age')).not.toBeNull()
  })

  it('is known again by where its disk is mounted, or by what it holds', async () => {
    const folder = temporaryFolder()
    const remembered: string[] = []
    const backend = (recalled: string | null, objects: { name: string; sizeBytes: number }[]) =>
      localFolder({
        store: 'nas',
        folder,
        files: durableFiles,
        rules: posixNames,
        mayCreate: false,
        memory: {
          recall: async () => recalled,
          remember: async (identity) => void remembered.push(identity),
          someObjects: async () => objects,
        },
      })
    const ours = [{ name: 'a/b.age', sizeBytes: 3 }]
    // Never seen before: remembered where it holds nothing, or what it should.
    expect((await backend(null, []).list('', null)).objects).toEqual([])
    const [mount] = remembered
    if (mount === undefined) throw new Error('it was not remembered')
    expect(`${folder}/`.startsWith(mount === '/' ? '/' : `${mount}/`)).toBe(true)
    expect((await backend(null, ours).list('', null)).objects).toEqual([])
    expect(remembered).toEqual([mount])
    // On another disk than it was.
    const elsewhere = '/mnt/where-it-was'
    for (const objects of [[], ours]) {
      const unmounted = backend(elsewhere, objects)
      expect(await codeOf(unmounted.list('', null))).toBe('store/unreachable')
      expect(await codeOf(unmounted.head('a/b.age'))).toBe('store/unreachable')
      expect(await codeOf(unmounted.listWrites())).toBe('store/unreachable')
      expect(await codeOf(putObject(unmounted, 'c.age', testBytes(3)))).toBe('store/unreachable')
    }
    expect(readdirSync(folder)).toEqual([])
    expect(remembered).toEqual([mount])
    await putObject(backend(mount, ours), 'a/b.age', testBytes(3))
    expect((await backend(elsewhere, ours).list('', null)).objects).toHaveLength(1)
    expect(remembered).toEqual([mount, mount])
    expect(await codeOf(backend(elsewhere, [{ name: 'a/b.age', sizeBytes: 4 }]).list('', null))).toBe(
      'store/unreachable',
    )
  })

  it('fails clearly when it goes away under an open write, and takes the rest back when it returns', async () => {
    const folder = join(temporaryFolder(), 'store')
    mkdirSync(folder)
    const backend = storeIn(folder)
    const id = await backend.beginWrite('a.age', beginning(3))
    await backend.writePart(id, 1, testBytes(3))
    renameSync(folder, `${folder}-gone`)
    expect(await codeOf(backend.completeWrite(id))).toBe('store/unreachable')
    expect(await codeOf(backend.abortWrite(id))).toBe('store/unreachable')
    renameSync(`${folder}-gone`, folder)
    await backend.abortWrite(id)
    expect(readdirSync(folder)).toEqual([])
  })

  it('leaves no folder behind that an aborted write made', async () => {
    const folder = temporaryFolder()
    const backend = storeIn(folder)
    await putObject(backend, 'kept/a.age', testBytes(3))
    await backend.abortWrite(await backend.beginWrite('kept/new/er/b.age', beginning(10)))
    expect(readdirSync(join(folder, 'kept'))).toEqual(['a.age'])
  })

  it('maps what the file system refuses, and keeps what was there', async () => {
    const folder = temporaryFolder()
    await putObject(storeIn(folder), 'a.age', testBytes(3))
    const refusing = (errno: string): DurableFiles => {
      const refuse = () => Promise.reject(Object.assign(new Error(errno), { code: errno }))
      return { ...durableFiles, createExclusive: refuse, unlink: refuse, openExisting: refuse }
    }
    const readOnly = storeIn(folder, refusing('EROFS'))
    const { revision } = (await readOnly.head('a.age')) ?? { revision: '' }
    expect(await codeOf(putObject(readOnly, 'b.age', testBytes(3)))).toBe('store/read-only')
    expect(await codeOf(readOnly.delete('a.age'))).toBe('store/read-only')
    expect(await codeOf(Promise.resolve(readOnly.replaceHead?.('a.age', testBytes(1), { revision })))).toBe(
      'store/read-only',
    )
    expect(await codeOf(putObject(storeIn(folder, refusing('ENOSPC')), 'b.age', testBytes(3)))).toBe(
      'store/full',
    )
    expect(readdirSync(folder)).toEqual(['a.age'])
  })

  it('refuses at once what the disk cannot hold', async () => {
    const folder = temporaryFolder()
    const backend = storeIn(folder)
    expect(await codeOf(backend.beginWrite('a.age', beginning(2 ** 52)))).toBe('store/full')
    expect(readdirSync(folder)).toEqual([])
  })

  it('notices a file that is replaced or written into', async () => {
    const folder = temporaryFolder()
    const backend = storeIn(folder)
    const { revision } = await putObject(backend, 'a.age', testBytes(10))
    rmSync(join(folder, 'a.age'))
    writeFileSync(join(folder, 'a.age'), testBytes(10))
    expect(await codeOf(backend.read('a.age', { offset: 0, lengthBytes: 1 }, { revision }))).toBe(
      'store/precondition-failed',
    )
  })
})

describe('a local store after a power cut', () => {
  for (const lose of ['unsynced', 'bytes'] as const) {
    it(`has what was completed, and of the rest only what its job can take back (${lose})`, async () => {
      const [folder, record] = [temporaryFolder(), temporaryFolder()]
      const before = storeIn(folder, powerLossFiles(record))
      await putObject(before, 'deep/er/done.age', testBytes(100))
      const jobId = newId(JobId)
      const id = await before.beginWrite('deep/open.age', beginning(50, jobId))
      await before.writePart(id, 1, testBytes(50))
      cutPower(record, lose)
      const after = storeIn(folder)
      expect(await after.read('deep/er/done.age', { offset: 0, lengthBytes: 100 })).toEqual(
        Buffer.from(testBytes(100)),
      )
      for (const left of await after.listWrites({ of: { name: 'deep/open.age', jobId } }))
        await after.abortWrite(left.id)
      expect((await after.list('', null)).objects.map((object) => object.name)).toEqual(['deep/er/done.age'])
      expect(await after.listWrites()).toEqual([])
      await before.abortWrite(id)
    })
  }
})
