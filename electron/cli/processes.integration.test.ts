import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, ftruncateSync, openSync, readdirSync, statSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobView } from '../../shared/job.ts'
import { hasKeyring } from '../../scripts/test/keyring.ts'
import { type Running, type Terminal, openTerminal } from '../../scripts/test/terminal.ts'

/** More than every buffer between a store and a reader holds. */
const large = randomBytes(48 * 1024 * 1024)

describe.skipIf(!hasKeyring())('several processes on one data folder', () => {
  let terminal: Terminal
  beforeAll(async () => {
    terminal = await openTerminal()
    writeFileSync(join(terminal.folder, 'large.bin'), large)
    const { code, error } = await terminal.run(['encrypt', 'large.bin'])
    if (code !== 0) throw new Error(error)
  })
  afterAll(() => terminal.stop())

  const outputOf = ({ child }: Running): Readable => {
    if (!child.stdout) throw new Error('no output')
    return child.stdout
  }
  /** A command that cannot end, because nobody reads on. */
  const stuck = async (): Promise<Running> => {
    const running = terminal.start(['decrypt', 'large.bin', '--to', '-'], { unread: true })
    await once(outputOf(running), 'readable')
    return running
  }
  const readOn = async (running: Running): Promise<Buffer> => {
    const chunks: Buffer[] = []
    for await (const chunk of outputOf(running)) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
  const artifacts = async (): Promise<ArtifactRow[]> =>
    (await terminal.run(['list', '--json'])).json<{ value: { artifacts: ArtifactRow[] } }>().value.artifacts
  const jobs = async (): Promise<JobView[]> =>
    (await terminal.run(['jobs', 'list', '--json'])).json<{ value: { jobs: JobView[] } }>().value.jobs

  it('started at once, all do their work, and the audit log stays whole', async () => {
    const names = ['a', 'b', 'c'].map((name) => `${name}.bin`)
    for (const name of names) writeFileSync(join(terminal.folder, name), randomBytes(500_000))
    const ended = await Promise.all(names.map((name) => terminal.run(['encrypt', name, '--json'])))
    expect(ended.map(({ code, error }) => [code, error])).toEqual(names.map(() => [0, expect.any(String)]))
    expect((await artifacts()).map(({ name }) => name)).toEqual(expect.arrayContaining(names))
    const verified = await terminal.run(['audit', 'verify', '--json'])
    expect(verified.json()).toMatchObject({ ok: true, value: { intact: true } })
  })

  it('share the one that owns it: its output ends, and it serves until its clients have ended', async () => {
    const owner = await stuck()
    expect(await artifacts()).not.toEqual([])
    const client = await stuck()
    expect((await readOn(owner)).equals(large)).toBe(true)
    await owner.says('serving 1 other command')
    expect((await readOn(client)).equals(large)).toBe(true)
    expect([(await client.ended).code, (await owner.ended).code]).toEqual([0, 0])
  })

  it('end with 75 where the owner does not answer', async () => {
    const owner = await stuck()
    owner.child.kill('SIGSTOP')
    const refused = await terminal.run(['list', '--json'])
    owner.child.kill('SIGCONT')
    expect(refused.code).toBe(75)
    expect(refused.json()).toEqual({ ok: false, failure: { code: 'owner/locked' } })
    expect((await readOn(owner)).equals(large)).toBe(true)
    expect((await owner.ended).code).toBe(0)
  })

  it('are told when the owner is gone, and the next command takes over', async () => {
    const owner = await stuck()
    const client = await stuck()
    owner.child.kill('SIGKILL')
    await readOn(client)
    expect((await client.ended).code).toBe(130)
    expect(await artifacts()).not.toEqual([])
  })

  it('stop serving on Ctrl-C, when their own work is done', async () => {
    const owner = await stuck()
    const client = await stuck()
    await readOn(owner)
    await owner.says('serving 1 other command')
    owner.child.kill('SIGINT')
    expect((await owner.ended).code).toBe(0)
    await readOn(client)
    expect((await client.ended).code).toBe(130)
  })

  it('pause on Ctrl-C, and jobs resume goes on until the end', async () => {
    const source = join(terminal.folder, 'huge.bin')
    const fd = openSync(source, 'w')
    ftruncateSync(fd, 1024 * 1024 * 1024)
    closeSync(fd)
    const begun = new Promise<void>((resolve) => {
      const watcher = watch(terminal.storeFolder, (_, name) => {
        if (!name?.endsWith('.tmp')) return
        watcher.close()
        resolve()
      })
    })
    const encrypting = terminal.start(['encrypt', 'huge.bin'])
    await begun
    encrypting.child.kill('SIGINT')
    const stopped = await encrypting.ended
    expect(stopped.code).toBe(130)
    expect(stopped.error).toContain('Pausing…')
    expect((await artifacts()).some(({ name }) => name === 'huge.bin')).toBe(false)
    expect((await jobs()).find(({ title }) => title === 'huge.bin')?.state).toBe('paused')

    const resumed = await terminal.run(['jobs', 'resume', '--json'])
    expect(resumed.code).toBe(0)
    expect(resumed.json()).toMatchObject({
      ok: true,
      value: { artifacts: [{ name: 'huge.bin' }], failures: [] },
    })
    expect((await artifacts()).some(({ name }) => name === 'huge.bin')).toBe(true)
    expect(statSync(join(terminal.storeFolder, 'huge.bin.age')).size).toBeGreaterThan(1024 * 1024 * 1024)
    expect(readdirSync(terminal.storeFolder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('say nothing when the reader of their output goes away', async () => {
    const decrypting = await stuck()
    outputOf(decrypting).destroy()
    const ended = await decrypting.ended
    expect([ended.code, ended.error]).toEqual([1, ''])
    const listing = terminal.start(['list'], { unread: true })
    outputOf(listing).destroy()
    const listed = await listing.ended
    expect([listed.code, listed.error]).toEqual([0, ''])
  })
})
