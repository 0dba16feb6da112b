import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { moveToTrash } from './desktop.ts'
import { moveToFreedesktopTrash } from './freedesktop-trash.ts'

let folder: string
const now = new Date(2026, 10, 23, 14, 5, 9)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trash-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const trash = (...parts: string[]) => join(folder, 'data/Trash', ...parts)

describe('moveToFreedesktopTrash', () => {
  it('moves a file and writes down where it was and when', async () => {
    const path = join(folder, 'a model %.pkl')
    await writeFile(path, 'weights')
    await moveToFreedesktopTrash(path, join(folder, 'data'), now)
    expect(existsSync(path)).toBe(false)
    expect(await readFile(trash('files', 'a model %.pkl'), 'utf8')).toBe('weights')
    expect(await readFile(trash('info', 'a model %.pkl.trashinfo'), 'utf8')).toBe(
      `[Trash Info]\nPath=${folder}/a%20model%20%25.pkl\nDeletionDate=2026-11-23T14:05:09\n`,
    )
  })

  it('keeps what was trashed before under the same name', async () => {
    for (const content of ['first', 'second']) {
      await writeFile(join(folder, 'm.pkl'), content)
      await moveToFreedesktopTrash(join(folder, 'm.pkl'), join(folder, 'data'), now)
    }
    expect((await readdir(trash('files'))).toSorted()).toEqual(['m.pkl', 'm.pkl.2'])
    expect(await readFile(trash('files', 'm.pkl.2'), 'utf8')).toBe('second')
  })

  it('moves a folder whole', async () => {
    await mkdir(join(folder, 'run/inner'), { recursive: true })
    await writeFile(join(folder, 'run/inner/w.bin'), 'x')
    await moveToFreedesktopTrash(join(folder, 'run'), join(folder, 'data'), now)
    expect(await readFile(trash('files', 'run/inner/w.bin'), 'utf8')).toBe('x')
  })

  it('leaves no trace when there is nothing to move', async () => {
    await expect(moveToFreedesktopTrash(join(folder, 'gone'), join(folder, 'data'), now)).rejects.toThrow(
      'ENOENT',
    )
    expect(await readdir(trash('info'))).toEqual([])
  })
})

describe('moveToTrash', () => {
  it('fails as a value that says so when nothing can be moved', async () => {
    await expect(moveToTrash(join(folder, 'gone'))).rejects.toMatchObject({
      failure: { code: 'host/unsupported', action: 'trash' },
    })
  })
})
