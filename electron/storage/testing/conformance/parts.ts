/** Writes in parts, by this process and by the next. */
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../../shared/ids.ts'
import type { PartBody } from '../../backend.ts'
import { crc32Text } from '../../checksum.ts'
import { crc64Text, createCrc64 } from '../../crc64.ts'
import {
  absent,
  allWrites,
  codeOf,
  namesOf,
  readAll,
  testBytes,
  writeInTwoParts,
  type MakeStore,
} from './objects.ts'

export function describeParts(name: string, make: MakeStore): void {
  describe(`${name}: parts`, () => {
    it('goes on with a write that another process began, by its id alone', async () => {
      const { backend, reopen } = await make()
      if (!(await backend.capabilities()).resumesWrites) return
      const { write, bytes } = await writeInTwoParts(backend)
      const bytesOf = (part: number) =>
        bytes.subarray((part - 1) * write.partBytes, Math.min(part * write.partBytes, bytes.length))
      const id = await backend.beginWrite('a.age', write)
      await backend.writePart(id, 2, bytesOf(2))
      const after = reopen()
      expect((await after.listParts(id)).map(({ part }) => part)).toEqual([2])
      await after.writePart(id, 1, bytesOf(1))
      expect(await after.completeWrite(id)).toMatchObject({ name: 'a.age', sizeBytes: bytes.length })
      expect(Buffer.compare(await readAll(backend, 'a.age'), bytes)).toBe(0)
      expect(await codeOf(reopen().listParts(id))).toBe('store/upload-not-found')
      expect(await codeOf(reopen().writePart(id, 1, bytesOf(1)))).toBe('store/upload-not-found')
      await reopen().abortWrite(id)
      expect(await namesOf(after)).toEqual(['a.age'])
    })

    it('takes a part that is streamed, and one that is written again', async () => {
      const { backend } = await make()
      const { write, bytes } = await writeInTwoParts(backend)
      const first = bytes.subarray(0, write.partBytes)
      const inPieces = (whole: Uint8Array, checksum: number | null = crc32(whole)): PartBody => ({
        sizeBytes: whole.length,
        crc32: checksum,
        chunks: async function* () {
          for (let at = 0; at < whole.length; at += 65_537) yield whole.slice(at, at + 65_537)
        },
      })
      const id = await backend.beginWrite('a.age', write)
      await backend.writePart(id, 1, testBytes(write.partBytes, 99))
      await backend.writePart(id, 1, inPieces(first))
      await backend.writePart(id, 2, inPieces(bytes.subarray(write.partBytes), null))
      expect((await backend.listParts(id)).map(({ part }) => part)).toEqual([1, 2])
      await backend.completeWrite(id)
      expect(Buffer.compare(await readAll(backend, 'a.age'), bytes)).toBe(0)
    })

    it('refuses a part of another size, and does not hold on to the caller’s memory', async () => {
      const { backend } = await make()
      const write = { sizeBytes: 10, partBytes: 10, metadata: {}, condition: absent, jobId: newId(JobId) }
      const id = await backend.beginWrite('a.age', write)
      const wrong = async (part: number, body: PartBody) => backend.writePart(id, part, body)
      await expect(wrong(1, testBytes(9))).rejects.toThrow(RangeError)
      await expect(wrong(2, testBytes(10))).rejects.toThrow(RangeError)
      const tooFew: PartBody = {
        sizeBytes: 10,
        crc32: null,
        chunks: async function* () {
          yield testBytes(9)
        },
      }
      await expect(wrong(1, tooFew)).rejects.toThrow(RangeError)
      const bytes = testBytes(10)
      await backend.writePart(id, 1, bytes)
      bytes.fill(0)
      await backend.completeWrite(id)
      expect(await readAll(backend, 'a.age')).toEqual(Buffer.from(testBytes(10)))
    })

    it('keeps an empty object, its metadata, and what it attests of the whole', async () => {
      const { backend } = await make()
      const { checksums, metadata: keepsMetadata } = await backend.capabilities()
      const metadata = { format: '1', key: 'abcdefghijklmnopqrstuvwxyz' }
      const { write, bytes } = await writeInTwoParts(backend)
      for (const whole of [new Uint8Array(0), testBytes(100), bytes]) {
        const name = `of-${whole.length}.age`
        const id = await backend.beginWrite(name, { ...write, sizeBytes: whole.length, metadata })
        for (let at = 0; at < whole.length; at += write.partBytes)
          await backend.writePart(id, at / write.partBytes + 1, whole.subarray(at, at + write.partBytes))
        const info = await backend.completeWrite(id)
        expect(info.sizeBytes).toBe(whole.length)
        expect(info.metadata).toEqual(keepsMetadata ? metadata : {})
        if (checksums === 'full' && info.checksum?.algorithm === 'crc32')
          expect(info.checksum).toMatchObject({ kind: 'full', value: crc32Text(crc32(whole)) })
        if (checksums === 'full' && info.checksum?.algorithm === 'crc64nvme') {
          const sum = createCrc64()
          sum.update(whole)
          expect(info.checksum).toMatchObject({ kind: 'full', value: crc64Text(sum.value()) })
        }
        if (checksums === 'full') expect(info.checksum?.algorithm).toMatch(/^crc(32|64nvme)$/)
        if (checksums === 'none') expect(info.checksum).toBeNull()
        expect(Buffer.compare(await readAll(backend, name), whole)).toBe(0)
      }
    })

    it('says at once what is too large', async () => {
      const { backend } = await make()
      const { maxObjectBytes, maxPartBytes } = await backend.capabilities()
      if (maxObjectBytes === Number.MAX_SAFE_INTEGER) return
      const { write } = await writeInTwoParts(backend)
      const begin = backend.beginWrite('a.age', {
        ...write,
        sizeBytes: maxObjectBytes + 1,
        partBytes: maxPartBytes,
      })
      expect(await codeOf(begin)).toBe('store/too-large')
      expect(await allWrites(backend)).toEqual([])
    })
  })
}
