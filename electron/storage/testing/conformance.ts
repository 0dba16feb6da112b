/** What every storage backend owes its callers (`backend.ts`), as one suite that each of them runs. */
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { Condition, ObjectInfo, StorageBackend } from '../backend.ts'

export type StoreUnderTest = {
  backend: StorageBackend
  /** The same store, as another process would open it. */
  reopen: () => StorageBackend
}

const absent: Condition = { kind: 'absent' }

/** Deterministic bytes that differ at every place. */
export const testBytes = (sizeBytes: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length: sizeBytes }, (_, index) => (index * 31 + (index >> 8) * 7 + seed) & 255)

/** Writes an object in one go. */
export async function putObject(
  backend: StorageBackend,
  name: string,
  bytes: Uint8Array,
  condition: Condition = absent,
): Promise<ObjectInfo> {
  const partBytes = Math.max(bytes.length, (await backend.capabilities()).minPartBytes)
  const write = { sizeBytes: bytes.length, partBytes, metadata: {}, condition, jobId: newId(JobId) }
  const id = await backend.beginWrite(name, write)
  if (bytes.length > 0) await backend.writePart(id, 1, bytes)
  return backend.completeWrite(id)
}

export async function codeOf(running: Promise<unknown>): Promise<string> {
  try {
    await running
    return 'no failure'
  } catch (error) {
    return failureOf(error)?.code ?? String(error)
  }
}

/** @param make a fresh, empty store for each test */
export function describeStorageBackend(name: string, make: () => Promise<StoreUnderTest>): void {
  const readAll = async (backend: StorageBackend, object: string) =>
    backend.read(object, { offset: 0, lengthBytes: (await backend.head(object))?.sizeBytes ?? 0 })
  const namesOf = async (backend: StorageBackend, prefix = '') => {
    const names: string[] = []
    let page: string | null = null
    do {
      const { objects, next }: Awaited<ReturnType<StorageBackend['list']>> = await backend.list(prefix, page)
      names.push(...objects.map((object) => object.name))
      page = next
    } while (page !== null)
    return names
  }

  describe(`${name}: writing`, () => {
    it('shows an object whole once complete, and not before; parts come in any order', async () => {
      const { backend } = await make()
      const { minPartBytes } = await backend.capabilities()
      const partBytes = Math.max(minPartBytes, 1000)
      const bytes = testBytes(partBytes * 2 + 7)
      const jobId = newId(JobId)
      const write = { sizeBytes: bytes.length, partBytes, metadata: {}, condition: absent, jobId }
      const id = await backend.beginWrite('fraud/model.pkl.age', write)
      for (const part of [3, 1, 2]) {
        await backend.writePart(id, part, bytes.subarray((part - 1) * partBytes, part * partBytes))
        expect(await backend.head('fraud/model.pkl.age')).toBeNull()
        expect(await namesOf(backend)).toEqual([])
      }
      expect(await backend.listParts(id)).toEqual([
        { part: 1, sizeBytes: partBytes },
        { part: 2, sizeBytes: partBytes },
        { part: 3, sizeBytes: 7 },
      ])
      const info = await backend.completeWrite(id)
      expect(info).toMatchObject({ name: 'fraud/model.pkl.age', sizeBytes: bytes.length })
      expect(await backend.head('fraud/model.pkl.age')).toEqual(info)
      expect(Buffer.compare(await readAll(backend, 'fraud/model.pkl.age'), bytes)).toBe(0)
      expect(await backend.listWrites()).toEqual([])
    })

    it('overwrites nothing where absence is the condition', async () => {
      const { backend } = await make()
      await putObject(backend, 'a.age', testBytes(10))
      expect(await codeOf(putObject(backend, 'a.age', testBytes(20)))).toBe('store/object-exists')
      expect(await readAll(backend, 'a.age')).toEqual(Buffer.from(testBytes(10)))
    })

    it('lets one of two writers of a name win', async () => {
      const { backend } = await make()
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
      expect(await backend.listWrites()).toEqual([])
      expect(await namesOf(backend)).toEqual([])
      const again = await backend.beginWrite('deep/er/a.age', write)
      await backend.writePart(again, 1, bytes)
      await backend.completeWrite(again)
      await backend.abortWrite(again)
      expect(await readAll(backend, 'deep/er/a.age')).toEqual(Buffer.from(bytes))
    })

    it('finds and takes back what a process that is gone left of its job', async () => {
      const { backend, reopen } = await make()
      const jobId = newId(JobId)
      const write = { sizeBytes: 10, partBytes: 10, metadata: {}, condition: absent, jobId }
      const gone = await backend.beginWrite('f/a.age', write)
      const after = reopen()
      expect((await after.listWrites()).map((left) => left.jobId)).toEqual([jobId])
      expect(await after.listWrites({ of: { name: 'f/a.age', jobId: newId(JobId) } })).toEqual([])
      const [left] = await after.listWrites({ of: { name: 'f/a.age', jobId } })
      expect(left).toMatchObject({ name: 'f/a.age', jobId })
      if (left !== undefined) await after.abortWrite(left.id)
      expect(await after.listWrites()).toEqual([])
      expect(await namesOf(after)).toEqual([])
      expect((await putObject(after, 'f/a.age', testBytes(3))).sizeBytes).toBe(3)
      await backend.abortWrite(gone)
      expect(await namesOf(after)).toEqual(['f/a.age'])
    })
  })

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
