import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { checkUnchanged, scanFolder } from './scan-folder.ts'
import { sourceFiles } from './source-files.ts'
import { tarLayout } from './tar-layout.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-scan-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const root = () => join(folder, 'model')
const scan = (leaveOutHidden = false) => scanFolder(sourceFiles, Buffer.from(root()), { leaveOutHidden })
const failureOfScan = async () =>
  failureOf(
    await scan().then(
      () => null,
      (error: unknown) => error,
    ),
  )

/** Reads the whole layout as a worker would, range by range. */
async function tarBytes(): Promise<Buffer> {
  const { entries } = await scan()
  const layout = tarLayout(Buffer.from('model'), entries)
  const whole = Buffer.alloc(layout.sizeBytes)
  for (const segment of layout.segments) {
    if (segment.kind === 'bytes') segment.bytes.copy(whole, segment.offset)
    else {
      const file = await sourceFiles.open(segment.entry.path)
      await file.read(whole.subarray(segment.offset, segment.offset + segment.lengthBytes), 0)
      await file.close()
    }
  }
  return whole
}

describe('scanning a folder', () => {
  beforeEach(() => {
    mkdirSync(join(root(), 'sub/empty'), { recursive: true })
    writeFileSync(join(root(), 'config.json'), '{}')
    writeFileSync(join(root(), 'sub/weights.bin'), Buffer.alloc(1000, 7))
  })

  it('lists files and folders in a fixed order and counts their bytes', async () => {
    const { entries, files, sizeBytes } = await scan()
    expect(entries.map(({ name }) => name.toString())).toEqual([
      'config.json',
      'sub',
      'sub/empty',
      'sub/weights.bin',
    ])
    expect({ files, sizeBytes }).toEqual({ files: 2, sizeBytes: 1002 })
  })

  it('stores what a file link leads to and names those that leave the folder', async () => {
    mkdirSync(join(folder, 'blobs'))
    writeFileSync(join(folder, 'blobs/abc'), 'linked')
    symlinkSync('../blobs/abc', join(root(), 'model.safetensors'))
    symlinkSync('config.json', join(root(), 'again.json'))
    const { links, sizeBytes } = await scan()
    expect(links).toEqual({ count: 2, outside: ['model.safetensors'], leftOut: [] })
    expect(sizeBytes).toBe(1002 + 6 + 2)
  })

  it('leaves out folder links inside the folder and refuses those that leave it', async () => {
    symlinkSync('sub', join(root(), 'latest'))
    expect((await scan()).links.leftOut).toEqual(['latest'])
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync('../elsewhere', join(root(), 'out'))
    expect(await failureOfScan()).toMatchObject({ code: 'file/link-leaves-folder' })
  })

  it('refuses dangling links', async () => {
    symlinkSync('nothing', join(root(), 'dangling'))
    expect(await failureOfScan()).toMatchObject({
      code: 'file/link-dangling',
      path: join(root(), 'dangling'),
    })
  })

  it('refuses a loop of links', async () => {
    symlinkSync('b', join(root(), 'a'))
    symlinkSync('a', join(root(), 'b'))
    expect(await failureOfScan()).toMatchObject({ code: 'file/link-loop' })
  })

  it('refuses a socket', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(root(), 'socket'), resolve))
    expect(await failureOfScan()).toMatchObject({ code: 'file/is-special', kind: 'socket' })
    await new Promise((resolve) => server.close(resolve))
  })

  it('leaves hidden and cache files out when asked to, and names them', async () => {
    writeFileSync(join(root(), '.gitattributes'), 'x')
    mkdirSync(join(root(), '__pycache__'))
    writeFileSync(join(root(), '__pycache__/m.pyc'), 'x')
    const { entries, hidden } = await scan(true)
    expect(hidden).toEqual(['.gitattributes', '__pycache__'])
    expect(entries.map(({ name }) => name.toString())).not.toContain('.gitattributes')
    expect((await scan()).files).toBe(4)
  })

  it('finds a file that changed since', async () => {
    const before = await scan()
    await checkUnchanged(sourceFiles, before)
    writeFileSync(join(root(), 'config.json'), '{"a":1}')
    await expect(checkUnchanged(sourceFiles, before)).rejects.toMatchObject({
      failure: { code: 'file/changed-while-reading' },
    })
  })

  it('makes a tar that tar reads: long names, names that are not UTF-8, empty folders', async () => {
    const long = `${'l'.repeat(200)}.bin`
    writeFileSync(join(root(), 'sub', long), 'long')
    writeFileSync(Buffer.concat([Buffer.from(`${root()}/`), Buffer.of(0xff, 0xfe, 0x41)]), 'bytes')
    writeFileSync(join(root(), 'with space ünï\n😀'), 'odd')
    const out = join(folder, 'out')
    mkdirSync(out)
    execFileSync('tar', ['x', '-C', out], { input: await tarBytes() })
    expect(execFileSync('diff', ['-r', root(), join(out, 'model')]).toString()).toBe('')
  })
})

describe('the size field', () => {
  it('writes files over 8 GiB so that tar lists their size', () => {
    const stat = {
      kind: 'file',
      sizeBytes: 9 * 2 ** 30,
      mtimeMs: 0,
      mode: 0o644,
      identity: { device: '', inode: '', sizeBytes: 0, mtimeNs: '', ctimeNs: '' },
    } as const
    const [header] = tarLayout(Buffer.from('m'), [
      { name: Buffer.from('big'), kind: 'file', path: Buffer.from('/big'), stat },
    ]).segments
    if (header?.kind !== 'bytes') throw new Error('the layout begins with headers')
    const listed = execFileSync('sh', ['-c', 'tar tvf - 2>/dev/null; true'], {
      input: header.bytes,
    }).toString()
    expect(listed).toContain(String(9 * 2 ** 30))
  })
})
