/** What is read, looked up and listed. */
import { describe, expect, it } from 'vitest'
import { codeOf, namesOf, putObject, testBytes, type MakeStore } from './objects.ts'

export function describeReading(name: string, make: MakeStore): void {
  describe(`${name}: reading`, () => {
    it('gives exactly the range', async () => {
      const { backend } = await make()
      const bytes = testBytes(1000)
      await putObject(backend, 'a.age', bytes)
      for (const [offset, lengthBytes] of [
        [0, 1],
        [0, 1000],
        [999, 1],
        [500, 0],
        [10, 300],
      ] as const) {
        const range = await backend.read('a.age', { offset, lengthBytes })
        expect(Buffer.compare(range, bytes.subarray(offset, offset + lengthBytes))).toBe(0)
      }
      const into = new Uint8Array(400)
      const filled = await backend.read('a.age', { offset: 10, lengthBytes: 300 }, { into })
      expect(Buffer.compare(filled, bytes.subarray(10, 310))).toBe(0)
      expect(await codeOf(backend.read('a.age', { offset: 990, lengthBytes: 11 }))).toBe(
        'store/precondition-failed',
      )
    })

    it('refuses another revision than the one asked for', async () => {
      const { backend } = await make()
      const { revision } = await putObject(backend, 'a.age', testBytes(10))
      await backend.read('a.age', { offset: 0, lengthBytes: 10 }, { revision })
      await putObject(backend, 'a.age', testBytes(10, 2), { kind: 'any' })
      expect(await codeOf(backend.read('a.age', { offset: 0, lengthBytes: 10 }, { revision }))).toBe(
        'store/precondition-failed',
      )
    })

    it('tells absence from failure', async () => {
      const { backend } = await make()
      expect(await backend.head('none.age')).toBeNull()
      expect(await backend.head('no/such/folder.age')).toBeNull()
      expect(await codeOf(backend.read('none.age', { offset: 0, lengthBytes: 1 }))).toBe(
        'store/object-not-found',
      )
    })

    it.each(['', '../up.age', '/etc/passwd', 'a/../../b', 'a//b', './a', 'nul\0.age'])(
      'refuses the name %j',
      async (bad) => {
        const { backend } = await make()
        expect(await codeOf(backend.head(bad))).toBe('artifact/name-invalid')
        expect(await codeOf(putObject(backend, bad, testBytes(1)))).toBe('artifact/name-invalid')
      },
    )

    it('keeps names as they are: spaces, quotes, newlines, emoji, right-to-left override', async () => {
      const { backend } = await make()
      const names = [
        'a b.age',
        '"quoted" \'n\' $x.age',
        'two\nlines.age',
        '🧠/🧠.age',
        '\u202egnp.age',
        'Ä.age',
      ]
      for (const odd of names) await putObject(backend, odd, testBytes(3))
      expect((await namesOf(backend)).toSorted()).toEqual(names.toSorted())
    })

    it('does nothing for a caller that has stopped', async () => {
      const { backend } = await make()
      await putObject(backend, 'a.age', testBytes(10))
      const signal = AbortSignal.abort()
      await expect(backend.read('a.age', { offset: 0, lengthBytes: 1 }, { signal })).rejects.toThrow(/abort/i)
      await expect(backend.delete('a.age', { signal })).rejects.toThrow(/abort/i)
      expect(await backend.head('a.age')).not.toBeNull()
    })
  })

  describe(`${name}: listing`, () => {
    it('gives every object once, in code-unit order of whole names, by prefix', async () => {
      const { backend } = await make()
      const names = [
        'a.age',
        'a/b.age',
        'a-b.age',
        'a/b/c.age',
        'a0.age',
        'B.age',
        'é.age',
        'a/b-.age',
        'z/y/x.age',
      ]
      for (const one of names) await putObject(backend, one, testBytes(2))
      expect(await namesOf(backend)).toEqual(names.toSorted())
      expect(await namesOf(backend, 'a/')).toEqual(['a/b-.age', 'a/b.age', 'a/b/c.age'])
      expect(await namesOf(backend, 'a/b')).toEqual(['a/b-.age', 'a/b.age', 'a/b/c.age'])
      expect(await namesOf(backend, 'z/y/')).toEqual(['z/y/x.age'])
      expect(await namesOf(backend, 'nothing')).toEqual([])
    })
  })
}
