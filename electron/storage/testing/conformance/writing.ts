/** How objects appear, and how writes are taken back. */
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../../shared/ids.ts'
import { crc32Text } from '../../checksum.ts'
import {
  absent,
  allWrites,
  codeOf,
  namesOf,
  putObject,
  readAll,
  testBytes,
  writeInTwoParts,
  type MakeStore,
} from './objects.ts'

export function describeWriting(name: string, make: MakeStore): void {
  describe(`${name}: writing`, () => {
    it('shows an object whole once complete, and not before; parts come in any order', async () => {
      const { backend } = await make()
      const { minPartBytes, attestsParts } = await backend.capabilities()
      const partBytes = Math.max(minPartBytes, 1000)
      const bytes = testBytes(partBytes * 2 + 7)
      const jobId = newId(JobId)
      const write = { sizeBytes: bytes.length, partBytes, metadata: {}, condition: absent, jobId }
      const id = await backend.beginWrite('fraud/model.pkl.age', write)
      const bytesOf = (part: number) => bytes.subarray((part - 1) * partBytes, part * partBytes)
      for (const part of [3, 1, 2]) {
        await backend.writePart(id, part, bytesOf(part))
        expect(await backend.head('fraud/model.pkl.age')).toBeNull()
        expect(await namesOf(backend)).toEqual([])
      }
      const attested = (part: number) => (attestsParts ? crc32Text(crc32(bytesOf(part))) : null)
      expect(await backend.listParts(id)).toEqual([
        { part: 1, sizeBytes: partBytes, checksum: attested(1) },
        { part: 2, sizeBytes: partBytes, checksum: attested(2) },
        { part: 3, sizeBytes: 7, checksum: attested(3) },
      ])
      const info = await backend.completeWrite(id)
      expect(info).toMatchObject({ name: 'fraud/model.pkl.age', sizeBytes: bytes.length })
      expect(await backend.head('fraud/model.pkl.age')).toEqual(info)
      expect(Buffer.compare(await readAll(backend, 'fraud/model.pkl.age'), bytes)).toBe(0)
      expect(await allWrites(backend)).toEqual([])
    })

    it('overwrites nothing where absence is the condition', async () => {
      const { backend } = await make()
      await putObject(backend, 'a.age', testBytes(10))
      expect(await codeOf(putObject(backend, 'a.age', testBytes(20)))).toBe('store/object-exists')
      expect(await readAll(backend, 'a.age')).toEqual(Buffer.from(testBytes(10)))
    })

    it('lets one of two writers of a name win', async () => {
      const { backend } = await make()
      if (!(await backend.capabilities()).exclusiveCreate) return
      const outcomes = await Promise.all(
        [1, 2].map((seed) => codeOf(putObject(backend, 'a.age', testBytes(10, seed)))),
      )
      expect(outcomes.toSorted()).toEqual(['no failure', 'store/object-exists'])
    })

    it('replaces only the revision that was meant', async () => {
      const { backend } = await make()
      const first = await putObject(backend, 'a.age', testBytes(10))
      const second = await putObject(backend, 'a.age', testBytes(20), {
        kind: 'revision',
        revision: first.revision,
      })
      expect(second.revision).not.toBe(first.revision)
      const late = putObject(backend, 'a.age', testBytes(30), { kind: 'revision', revision: first.revision })
      expect(await codeOf(late)).toBe('store/precondition-failed')
      expect((await readAll(backend, 'a.age')).length).toBe(20)
      expect((await putObject(backend, 'a.age', testBytes(5), { kind: 'any' })).sizeBytes).toBe(5)
    })

    it('takes an aborted write back, twice, and never what was completed', async () => {
      const { backend } = await make()
      const bytes = testBytes(10)
      const write = { sizeBytes: 10, partBytes: 10, metadata: {}, condition: absent, jobId: newId(JobId) }
      const id = await backend.beginWrite('deep/er/a.age', write)
      await backend.abortWrite(id)
      await backend.abortWrite(id)
      expect(await allWrites(backend)).toEqual([])
      expect(await namesOf(backend)).toEqual([])
      const again = await backend.beginWrite('deep/er/a.age', write)
      await backend.writePart(again, 1, bytes)
      await backend.completeWrite(again)
      await backend.abortWrite(again)
      expect(await readAll(backend, 'deep/er/a.age')).toEqual(Buffer.from(bytes))
    })

    it('finds and takes back what a process that is gone left of its job', async () => {
      const { backend, reopen } = await make()
      const { namesJobs, listsWrites } = await backend.capabilities()
      const { write, jobId } = await writeInTwoParts(backend)
      const gone = await backend.beginWrite('f/a.age', write)
      const after = reopen()
      const told = namesJobs ? jobId : null
      if (listsWrites === 'all') expect((await after.listWrites()).map((left) => left.jobId)).toEqual([told])
      const ofAnother = await after.listWrites({ of: { name: 'f/a.age', jobId: newId(JobId) } })
      expect(ofAnother.map((left) => left.jobId)).toEqual(namesJobs ? [] : [null])
      if (!namesJobs) expect(await after.listWrites({ of: { name: 'f/a', jobId } })).toEqual([])
      const [left] = await after.listWrites({ of: { name: 'f/a.age', jobId } })
      expect(left).toMatchObject({ name: 'f/a.age', jobId: told })
      if (left !== undefined) await after.abortWrite(left.id)
      expect(await allWrites(after)).toEqual([])
      expect(await namesOf(after)).toEqual([])
      expect((await putObject(after, 'f/a.age', testBytes(3))).sizeBytes).toBe(3)
      await backend.abortWrite(gone)
      expect(await namesOf(after)).toEqual(['f/a.age'])
    })
  })
}
