/** What stands beside an object (tags, storage class, encryption by the store, headers that say what it is) stays where a
 * write is to be like it. */
import { describe, expect, it } from 'vitest'
import { JobId, newId } from '../../../../shared/ids.ts'
import type { Condition, StorageBackend } from '../../backend.ts'
import { absent, putObject, readAll, testBytes, type MakeStore } from './objects.ts'

export function describeSettings(name: string, make: MakeStore): void {
  describe(`${name}: settings`, () => {
    it.each([
      ['in one piece', 1],
      ['in two parts, the second of them copied where the store copies', 2],
    ])('of an object stay as other bytes take its place, %s', async (_, parts) => {
      const { backend, settings } = await make()
      const { metadata: keepsMetadata, minPartBytes } = await backend.capabilities()
      const partBytes = Math.max(minPartBytes, 1000)
      const bytes = testBytes(parts === 1 ? 100 : partBytes + 100)
      await (settings === undefined ? putObject(backend, 'é.age', bytes) : settings.put('é.age', bytes))
      const before = await settings?.of('é.age')
      const metadata = { key: 'new' }

      const write = async (object: string, condition: Condition, like?: string) => {
        const id = await backend.beginWrite(object, {
          sizeBytes: bytes.length,
          partBytes,
          metadata,
          condition,
          copiesParts: parts > 1,
          jobId: newId(JobId),
          ...(like === undefined ? {} : { like }),
        })
        await backend.writePart(id, 1, testBytes(Math.min(partBytes, bytes.length), 9))
        if (parts > 1) await sendSecond(backend, id, bytes.subarray(partBytes))
        return backend.completeWrite(id)
      }
      const sendSecond = async (to: StorageBackend, id: string, second: Uint8Array) => {
        const range = { offset: partBytes, lengthBytes: second.length }
        const canCopy = to.copyPart !== undefined && (await to.capabilities()).copyParts
        await (canCopy ? to.copyPart?.(id, 2, 'é.age', range) : to.writePart(id, 2, second))
      }

      await write('another.age', absent, 'é.age')
      expect(await settings?.of('another.age')).toEqual(before)
      const { revision = '' } = (await backend.head('é.age')) ?? {}
      const replaced = await write('é.age', { kind: 'revision', revision }, 'é.age')
      expect(replaced.metadata).toEqual(keepsMetadata ? metadata : {})
      expect((await backend.head('é.age'))?.metadata).toEqual(replaced.metadata)
      expect(await settings?.of('é.age')).toEqual(before)
      const expected = Buffer.concat([
        testBytes(Math.min(partBytes, bytes.length), 9),
        bytes.subarray(partBytes),
      ])
      for (const object of ['é.age', 'another.age'])
        expect(Buffer.compare(await readAll(backend, object), expected)).toBe(0)
      if (settings === undefined) return
      await write('plain.age', absent)
      expect(await settings.of('plain.age')).not.toEqual(before)
    })
  })
}
