/** What the program writes while it re-encrypts, watched from outside: no plaintext, to no file and to no socket. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasKeyring } from '../../scripts/test/keyring.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../scripts/test/s3-server.ts'
import { openTerminal, type RunOptions, type Terminal } from '../../scripts/test/terminal.ts'
import { canWatchWrites, watchWrites, type WatchedWrites } from '../../scripts/test/watched-writes.ts'

const MiB = 2 ** 20
/** Of its bytes any 63 in a row hold this whole. */
const marker = Buffer.concat([Buffer.of(0xfe), randomBytes(31)])
const sizeBytes = 6 * MiB
const canRun = hasKeyring() && canWatchWrites()
const hasServer = await hasS3Server()

describe.skipIf(!canRun)('watched as it writes', () => {
  let terminal: Terminal
  let server: S3Server | null = null
  let traces = 0
  beforeAll(async () => {
    terminal = await openTerminal()
    writeFileSync(join(terminal.folder, 'model.bin'), Buffer.alloc(sizeBytes, marker))
    await done(['encrypt', 'model.bin'])
  })
  afterAll(async () => {
    await server?.stop()
    await terminal.stop()
  })

  async function done(args: string[], options: RunOptions = {}): Promise<void> {
    const { code, error } = await terminal.run(args, options)
    expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' })
  }
  async function watched(args: string[]): Promise<WatchedWrites> {
    const { under, read } = watchWrites(join(terminal.folder, `trace-${(traces += 1)}`))
    await done(args, { under })
    const all = read()
    expect(all.unseen).toEqual([])
    return all
  }
  const readable = ({ writes }: WatchedWrites) => writes.filter(({ holds }) => holds(marker))
  const bytesTo = ({ writes }: WatchedWrites, isMeant: (to: string, isFile: boolean) => boolean) =>
    writes.reduce((sum, { to, isFile, sizeBytes: more }) => sum + (isMeant(to, isFile) ? more : 0), 0)

  it('a decryption is seen to write plaintext, to its target alone', async () => {
    const target = join(terminal.folder, 'out')
    const all = await watched(['decrypt', 'model.bin', '--to', `${target}/`])
    const told = readable(all)
    expect(told.length).toBeGreaterThan(0)
    expect(told.filter(({ to }) => !to.startsWith(`${target}/`))).toEqual([])
    expect(bytesTo(all, (to) => to.startsWith(`${target}/`))).toBeGreaterThanOrEqual(sizeBytes)
  })

  it('a re-encryption in a folder writes ciphertext, and nothing that can be read', async () => {
    const all = await watched(['keys', 'rotate', 'model.bin', '--re-encrypt', '--reason', 'other'])
    expect(bytesTo(all, (to) => to.startsWith(terminal.storeFolder))).toBeGreaterThan(sizeBytes)
    expect(readable(all).map(({ to }) => to)).toEqual([])
  })

  it.runIf(hasServer)('nor does one in a bucket, which keeps nothing on the disk', async () => {
    server = await startS3Server()
    const { endpoint, region, root } = server
    const bucket = await server.makeBucket()
    const where = ['--bucket', bucket, '--region', region, '--endpoint', endpoint, '--path-style']
    const who = ['--access-key-id', root.accessKeyId, '--secret-access-key-fd', '3']
    await done(['stores', 'add', 'team', '--kind', 's3', '--preset', 'other', ...where, ...who], {
      descriptor: root.secretAccessKey,
    })
    const path = join(terminal.folder, 'sent.bin')
    writeFileSync(path, readFileSync(join(terminal.folder, 'model.bin')))
    const rotation = ['keys', 'rotate', 'sent.bin', '--re-encrypt', '--reason', 'other']
    for (const args of [['encrypt', path, '--store', 'team'], rotation]) {
      const all = await watched(args)
      expect(bytesTo(all, (to) => to.startsWith('socket:') || to.startsWith('TCP'))).toBeGreaterThan(
        sizeBytes,
      )
      expect(bytesTo(all, (_, isFile) => isFile)).toBeLessThan(MiB)
      expect(readable(all).map(({ to }) => to)).toEqual([])
    }
  })
})
