/** What is replaced, copied and deleted inside the store. */
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../../shared/ids.ts'
import { codeOf, namesOf, putObject, readAll, testBytes, type MakeStore } from './objects.ts'

export function describeChanging(name: string, make: MakeStore): void {
  describe(`${name}: changing`, () => {
    it('replaces a head in place, the revision compared', async () => {
      const { backend } = await make()
      if (!(await backend.capabilities()).replaceHead) return
      const before = await putObject(backend, 'a.age', testBytes(100))
      const replaced = await backend.replaceHead?.('a.age', testBytes(30, 9), { revision: before.revision })
      expect(replaced).toMatchObject({ name: 'a.age', sizeBytes: 100 })
      expect(replaced?.revision).not.toBe(before.revision)
      const expected = Buffer.concat([testBytes(30, 9), testBytes(100).subarray(30)])
      expect(Buffer.compare(await readAll(backend, 'a.age'), expected)).toBe(0)
      const late = backend.replaceHead?.('a.age', testBytes(30), { revision: before.revision })
      expect(await codeOf(Promise.resolve(late))).toBe('store/precondition-failed')
    })

    it('copies inside the store and overwrites nothing', async () => {
      const { backend } = await make()
      const { revision } = await putObject(backend, 'a.age', testBytes(100))
      const jobId = newId(JobId)
      const copied = await backend.copy('a.age', 'to/b.age', { jobId, revision })
      expect(copied).toMatchObject({ name: 'to/b.age', sizeBytes: 100 })
      expect(Buffer.compare(await readAll(backend, 'to/b.age'), testBytes(100))).toBe(0)
      expect(await codeOf(backend.copy('a.age', 'to/b.age', { jobId }))).toBe('store/object-exists')
      expect(await codeOf(backend.copy('a.age', 'c.age', { jobId, revision: 'other' }))).toBe(
        'store/precondition-failed',
      )
      expect(await codeOf(backend.copy('none.age', 'c.age', { jobId }))).toBe('store/object-not-found')
      expect(await namesOf(backend)).toEqual(['a.age', 'to/b.age'])
    })

    it('copies ranges of an object as parts of another', async () => {
      const { backend } = await make()
      const { copyParts, minPartBytes } = await backend.capabilities()
      if (!copyParts || backend.copyPart === undefined) return
      const partBytes = Math.max(minPartBytes, 1000)
      const bytes = testBytes(partBytes * 2 + 100)
      const { revision } = await putObject(backend, 'source é.age', bytes)
      const condition = { kind: 'revision' as const, revision }
      const write = { sizeBytes: bytes.length, partBytes, metadata: {}, condition, jobId: newId(JobId) }
      const id = await backend.beginWrite('source é.age', write)
      await backend.writePart(id, 1, testBytes(partBytes, 9))
      const copy = (part: number, options: { revision?: string }) =>
        backend.copyPart?.(
          id,
          part,
          'source é.age',
          {
            offset: (part - 1) * partBytes,
            lengthBytes: Math.min(partBytes, bytes.length - (part - 1) * partBytes),
          },
          options,
        ) ?? Promise.reject(new Error('no copyPart'))
      expect(await codeOf(copy(2, { revision: 'other' }))).toBe('store/precondition-failed')
      await copy(3, { revision })
      await copy(2, { revision })
      expect((await backend.listParts(id)).map(({ sizeBytes }) => sizeBytes)).toEqual([
        partBytes,
        partBytes,
        100,
      ])
      const replaced = await backend.completeWrite(id)
      expect(replaced.revision).not.toBe(revision)
      const expected = Buffer.concat([testBytes(partBytes, 9), bytes.subarray(partBytes)])
      expect(Buffer.compare(await readAll(backend, 'source é.age'), expected)).toBe(0)
    })

    it('keeps object versions, reads each of them, and deletes them one by one for good', async () => {
      const { backend } = await make()
      if (!(await backend.capabilities()).objectVersions) return
      const { versions, deleteVersion } = backend
      if (versions === undefined || deleteVersion === undefined) throw new Error('it has no versions')
      await putObject(backend, 'a.age', testBytes(10))
      await putObject(backend, 'a.age', testBytes(20, 2), { kind: 'any' })
      await putObject(backend, 'a.age.other', testBytes(5))
      await backend.delete('a.age')
      const [mark, second, first] = await versions('a.age')
      if (!mark || !second || !first) throw new Error('there are not three')
      expect(await versions('a.age')).toHaveLength(3)
      expect(mark).toMatchObject({ isDeleteMarker: true, isLatest: true, revision: null })
      expect(second).toMatchObject({ isDeleteMarker: false, isLatest: false, sizeBytes: 20 })
      expect(first).toMatchObject({ isDeleteMarker: false, sizeBytes: 10 })
      const whole = { offset: 0, lengthBytes: 10 }
      const { versionId, revision } = first
      const old = await backend.read('a.age', whole, {
        versionId,
        ...(revision === null ? {} : { revision }),
      })
      expect(Buffer.compare(old, testBytes(10))).toBe(0)
      expect(await codeOf(backend.read('a.age', whole))).toBe('store/object-not-found')
      await deleteVersion('a.age', mark.versionId)
      expect(await backend.head('a.age')).toMatchObject({ sizeBytes: 20, versionId: second.versionId })
      await deleteVersion('a.age', second.versionId)
      await deleteVersion('a.age', first.versionId)
      await deleteVersion('a.age', first.versionId)
      expect(await versions('a.age')).toEqual([])
      expect(await backend.head('a.age')).toBeNull()
      expect(await namesOf(backend)).toEqual(['a.age.other'])
      expect(await codeOf(backend.read('a.age', whole, { versionId }))).toBe('store/object-not-found')
    })

    it('deletes the revision that was meant; what is absent is deleted', async () => {
      const { backend } = await make()
      const { revision } = await putObject(backend, 'a.age', testBytes(100))
      expect(await codeOf(backend.delete('a.age', { revision: 'other' }))).toBe('store/precondition-failed')
      await backend.delete('a.age', { revision })
      await backend.delete('a.age')
      expect(await backend.head('a.age')).toBeNull()
    })
  })
}
