import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { durableFiles } from '../../storage/durable-files.ts'
import { unpackFolder } from './unpack-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-unpack-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function unpack(bytes: Buffer, pieceBytes: number, limitBytes = 10_000_000): Promise<string> {
  const out = join(folder, 'out')
  const unpacking = await unpackFolder(durableFiles, out, limitBytes)
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      await unpacking.write(bytes.subarray(at, at + pieceBytes))
    await unpacking.finish()
    return out
  } catch (error) {
    await unpacking.discard()
    throw error
  }
}
const tarOf = (...args: string[]) => execFileSync('tar', ['c', '-C', folder, ...args], { maxBuffer: 64e6 })

describe('unpacking a folder', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'model/sub/empty'), { recursive: true })
    writeFileSync(join(folder, 'model/sub/weights.bin'), Buffer.alloc(300_000, 5))
    writeFileSync(join(folder, 'model', 'l'.repeat(180)), 'long name')
    writeFileSync(join(folder, 'model/run_12:00 ü😀'), 'odd name')
  })

  it.each([1000, 65_536, 9_999_999])('gives the same tree in pieces of %i bytes', async (pieceBytes) => {
    const out = await unpack(tarOf('model'), pieceBytes)
    expect(execFileSync('diff', ['-r', join(folder, 'model'), out]).toString()).toBe('')
    expect(statSync(join(out, 'sub/weights.bin')).mode & 0o777).toBe(0o600)
    expect(statSync(out).mode & 0o777).toBe(0o700)
  })

  it('reads pax archives as well', async () => {
    const out = await unpack(tarOf('--format=pax', 'model'), 4096)
    expect(readFileSync(join(out, 'l'.repeat(180)), 'utf8')).toBe('long name')
  })

  it('leaves nothing of a hostile archive', async () => {
    execFileSync('ln', ['-s', '/etc/passwd', join(folder, 'model/link')])
    await expect(unpack(tarOf('model'), 4096)).rejects.toMatchObject({
      failure: { code: 'archive/hostile-entry' },
    })
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })

  it('refuses what is no archive, and one that is cut short', async () => {
    await expect(unpack(Buffer.alloc(4096, 65), 4096)).rejects.toMatchObject({
      failure: { code: 'archive/malformed' },
    })
    const cut = tarOf('model').subarray(0, 100_000)
    await expect(unpack(Buffer.from(cut), 4096)).rejects.toMatchObject({
      failure: { code: 'archive/malformed' },
    })
  })

  it('refuses more than the archive may hold', async () => {
    await expect(unpack(tarOf('model'), 4096, 1000)).rejects.toMatchObject({
      failure: { code: 'archive/too-large' },
    })
  })
})
