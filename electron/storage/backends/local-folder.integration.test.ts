/** What only a real file system shows: a full disk, a read-only one, one that is unmounted, very many objects. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { requirePeer } from '../../../scripts/test/require-peer.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { durableFiles } from '../durable-files.ts'
import { posixNames } from '../../../shared/name-rules.ts'
import { codeOf, describeStorageBackend, putObject, testBytes } from '../testing/conformance.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { localFolder } from './local-folder.ts'

const storeIn = (folder: string) =>
  localFolder({
    store: 'disk',
    folder,
    files: durableFiles,
    rules: posixNames,
    mayCreate: false,
    memory: null,
  })

const unmount = (folder: string): boolean => spawnSync('umount', [folder]).status === 0

/** A small disk of its own. @param options of mount, `size=1m` */
function mountDisk(options: string): string {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  if (mounted.status !== 0) throw new Error('the disk was not mounted')
  onTestFinished(() => void unmount(folder))
  return folder
}

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = '/mnt'
  return (
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0 && unmount(folder)
  )
}

const mounts = requirePeer('mount', canMount(), 'mounting a small disk takes root and is not allowed here')
const refused = Promise.resolve()
const beginning = (sizeBytes: number) => ({
  sizeBytes,
  partBytes: 65_536,
  metadata: {},
  condition: { kind: 'absent' } as const,
  jobId: newId(JobId),
})

describe.runIf(mounts)('a disk of its own', () => {
  it('that is full refuses at once, or part by part, and is left as it was', async () => {
    const folder = mountDisk('size=1m')
    const backend = storeIn(folder)
    await putObject(backend, 'kept.age', testBytes(100_000))
    expect(await codeOf(backend.beginWrite('big.age', beginning(2_000_000)))).toBe('store/full')
    const id = await backend.beginWrite('a.age', beginning(900_000))
    writeFileSync(join(folder, 'meanwhile.bin'), new Uint8Array(800_000))
    let code = 'no failure'
    for (let part = 1; part <= 13 && code === 'no failure'; part++)
      code = await codeOf(backend.writePart(id, part, testBytes(65_536)))
    expect(code).toBe('store/full')
    await backend.abortWrite(id)
    expect(readdirSync(folder).toSorted()).toEqual(['kept.age', 'meanwhile.bin'])
    expect(await backend.read('kept.age', { offset: 0, lengthBytes: 100_000 })).toEqual(
      Buffer.from(testBytes(100_000)),
    )
  })

  it('that is read-only can be read, and refuses the rest clearly', async () => {
    const folder = mountDisk('size=1m')
    await putObject(storeIn(folder), 'a.age', testBytes(100))
    expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0)
    const backend = storeIn(folder)
    expect(await backend.read('a.age', { offset: 0, lengthBytes: 3 })).toEqual(Buffer.from(testBytes(3)))
    const { revision } = (await backend.head('a.age')) ?? { revision: '' }
    expect(await codeOf(putObject(backend, 'b.age', testBytes(3)))).toBe('store/read-only')
    expect(await codeOf(putObject(backend, 'new/b.age', testBytes(3)))).toBe('store/read-only')
    expect(await codeOf(backend.replaceHead?.('a.age', testBytes(3), { revision }) ?? refused)).toBe(
      'store/read-only',
    )
    expect(await codeOf(backend.delete('a.age'))).toBe('store/read-only')
    expect(readdirSync(folder)).toEqual(['a.age'])
  })

  it('that is unmounted is out of reach, though an empty folder stands in its place', async () => {
    const folder = mountDisk('size=1m')
    const backend = storeIn(folder)
    await putObject(backend, 'a.age', testBytes(100))
    expect(unmount(folder)).toBe(true)
    expect(readdirSync(folder)).toEqual([])
    expect(await codeOf(backend.head('a.age'))).toBe('store/unreachable')
    expect(await codeOf(backend.list('', null))).toBe('store/unreachable')
    expect(await codeOf(putObject(backend, 'b.age', testBytes(3)))).toBe('store/unreachable')
    expect(readdirSync(folder)).toEqual([])
  })
})

if (mounts) {
  describeStorageBackend('local folder on a disk of its own', async () => {
    const folder = mountDisk('size=8m')
    return { backend: storeIn(folder), reopen: () => storeIn(folder) }
  })
}

describe('a store of 100,000 objects', () => {
  it('is listed in pages, each object once and in order, the thread never held', async () => {
    const folder = temporaryFolder()
    const names: string[] = []
    for (let i = 0; i < 100_000; i++) {
      const name = i % 10 === 0 ? `set-${i % 70}/model-${(i * 7919) % 100_000}.age` : `model-${i}.age`
      names.push(name)
    }
    for (let set = 0; set < 70; set += 10) mkdirSync(join(folder, `set-${set}`))
    for (const name of names) writeFileSync(join(folder, name), '')
    const backend = storeIn(folder)
    const listed: string[] = []
    let page: string | null = null
    let longestMs = 0
    let last = performance.now()
    const beat = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last)
      last = performance.now()
    }, 1)
    const startedAt = performance.now()
    do {
      const answer: Awaited<ReturnType<typeof backend.list>> = await backend.list('', page)
      expect(answer.objects.length).toBeLessThanOrEqual(1000)
      listed.push(...answer.objects.map((object) => object.name))
      page = answer.next
    } while (page !== null)
    clearInterval(beat)
    expect(listed).toEqual(names.toSorted())
    // Generous: the machine runs other tests beside this one.
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect(longestMs).toBeLessThan(250)
    // A page whose walk was forgotten begins in the middle.
    const { objects } = await storeIn(folder).list('', listed[54_321] ?? '')
    expect(objects.map((object) => object.name)).toEqual(listed.slice(54_322, 55_322))
  })
})
