/** A file that changes while it is read: noticed by its size, by what the system tells, and where that is not enough
 * and the original is to go, by reading it again. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { decrypt, encrypt, openHouse, type Ended, type House } from '../../scripts/test/faults/house.ts'
import { meddlingWorker, type Meddling } from '../../scripts/test/faults/meddling-payload-worker.ts'
import { failureIn, expectSound } from '../../scripts/test/faults/soundness.ts'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { sourceFiles, type EntryStat } from './source/source-files.ts'

/** A few blocks of 512 KiB, in one leaf. */
const sizeBytes = 3_000_000
const marked = 'changed while it was read'

type Scene = { house: House; source: string; before: Buffer; ended: Ended }

/** Encrypts a file that changes at a known read. With `lie`, stat tells of nothing, here and in the workers. */
async function scene(
  change: Meddling['change'],
  {
    lie = false,
    original = 'keep',
    afterReads = 2,
    inFolder = false,
  }: { lie?: boolean; original?: 'keep' | 'trash'; afterReads?: number; inFolder?: boolean } = {},
): Promise<Scene> {
  const folder = temporaryFolder()
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'trash'))
  onTestFinished(() => void vi.unstubAllEnvs())
  const source = join(folder, 'model.bin')
  const before = randomBytes(sizeBytes)
  writeFileSync(source, before)
  const house = await openHouse({
    payloadWorker: meddlingWorker({
      path: source,
      afterReads,
      marker: join(folder, 'marker'),
      change,
      lie: lie ? { sizeBytes } : null,
    }),
  })
  onTestFinished(() => house.stop())
  if (lie) {
    const lying = (stat: EntryStat): EntryStat =>
      stat.kind === 'file'
        ? { ...stat, sizeBytes, identity: { ...stat.identity, sizeBytes, mtimeNs: '0', ctimeNs: '0' } }
        : stat
    house.sources.stat = async (path) => lying(await sourceFiles.stat(path))
    house.sources.lstat = async (path) => lying(await sourceFiles.lstat(path))
  }
  const ended = await encrypt(house, inFolder ? folder : source, { original })
  expect(existsSync(join(folder, 'marker'))).toBe(true)
  return { house, source, before, ended }
}

/** What the store holds opens, and is what one reading saw. */
async function expectStored({ house, ended }: Scene): Promise<Buffer> {
  const artifactId = ended.job?.artifactId
  if (ended.job?.state !== 'done' || !artifactId) throw new Error(`not stored: ${ended.failure?.code}`)
  const { jobId } = await house.call('artifacts:verify', {
    artifactIds: [artifactId],
    storeId: null,
    level: 'full',
  })
  const { jobs } = await house.call('jobs:wait', { jobIds: [jobId] })
  expect(jobs[0]?.outcome).toMatch(/^The only version matches/)
  const { job } = await decrypt(house, { artifactId }, house.at('back.bin'))
  expect(job?.state).toBe('done')
  return readFileSync(house.at('back.bin'))
}

const shrinks = { kind: 'truncate', toBytes: 1_000_000 } as const
const grows = { kind: 'append', bytes: 10 } as const
const isOverwritten = { kind: 'overwrite', offset: 100, text: marked } as const

describe('a file that changes while it is read', () => {
  const changes: [string, Meddling['change']][] = [
    ['shrinks', shrinks],
    ['grows', grows],
    ['is written into', isOverwritten],
  ]
  it.each(changes)('%s: refused, nothing is stored, and a retry stores it', async (_, change) => {
    const { house, source, ended } = await scene(change)
    expect(failureIn(ended)).toMatchObject({ code: 'file/changed-while-reading', path: source })
    expect(existsSync(join(house.storeFolder, 'model.bin.age'))).toBe(false)
    const now = readFileSync(source)
    const jobId = ended.job?.jobId
    if (jobId === undefined) throw new Error('no job')
    await house.call('jobs:resume', { jobIds: [jobId] })
    const { jobs } = await house.call('jobs:wait', { jobIds: [jobId] })
    const again = { job: jobs[0] ?? null, failure: jobs[0]?.failure ?? null }
    expect((await expectStored({ house, source, before: now, ended: again })).equals(now)).toBe(true)
    expect(readFileSync(source).equals(now)).toBe(true)
    await expectSound(house)
  })

  it.each([
    ['shrinks', shrinks],
    ['grows', grows],
  ] as const)('%s, though stat says that nothing changed: the reading itself notices', async (_, change) => {
    const { house, source, ended } = await scene(change, { lie: true })
    expect(failureIn(ended)).toMatchObject({ code: 'file/changed-while-reading', path: source })
    expect(existsSync(join(house.storeFolder, 'model.bin.age'))).toBe(false)
    await expectSound(house)
  })

  it('in a folder, though stat says that nothing changed', async () => {
    const { house, ended } = await scene(shrinks, { lie: true, inFolder: true })
    expect(failureIn(ended)).toMatchObject({ code: 'file/changed-while-reading' })
    expect(readdirSync(house.storeFolder)).toEqual([])
    await expectSound(house)
  })

  it.each([
    ['replaced by another', (folder: string) => ({ kind: 'replace', by: join(folder, 'other') }) as const],
    ['removed', () => ({ kind: 'remove' }) as const],
  ])('and is %s', async (_, changeIn) => {
    const other = temporaryFolder()
    writeFileSync(join(other, 'other'), randomBytes(sizeBytes))
    const { house, ended } = await scene(changeIn(other))
    expect(ended.job?.state).toBe('failed')
    expect(ended.failure?.code).toMatch(/^file\/(changed-while-reading|not-found)$/)
    await expectSound(house)
  })
})

describe('a file that changes though stat says that nothing did', () => {
  it('is stored as one reading saw it, and the original stays where it is', async () => {
    const made = await scene(isOverwritten, { lie: true })
    expect((await expectStored(made)).equals(made.before)).toBe(true)
    expect(readFileSync(made.source, 'latin1')).toContain(marked)
    await expectSound(made.house)
  })

  it.each([
    ['behind the first pass', isOverwritten, 2],
    ['before the second pass has read it', { ...isOverwritten, offset: sizeBytes - 100 }, 8],
  ])('%s: the original is not moved to the trash', async (_, change, afterReads) => {
    const made = await scene(change, { lie: true, original: 'trash', afterReads })
    expect((await expectStored(made)).equals(made.before)).toBe(true)
    expect(made.ended.job?.outcome).toBe('Stored and verified; original kept')
    expect(made.ended.job?.report).toEqual(['The original was kept: The file changed while it was read'])
    expect(readFileSync(made.source, 'latin1')).toContain(marked)
    expect(statSync(made.source).size).toBe(sizeBytes)
    await expectSound(made.house)
  })

  it('before it is read is stored as it is then, and only then does the original go', async () => {
    const change = { ...isOverwritten, offset: sizeBytes - 100 }
    const made = await scene(change, { lie: true, original: 'trash' })
    expect((await expectStored(made)).subarray(-100).toString('latin1')).toContain(marked)
    expect(made.ended.job?.outcome).toContain('original moved to the trash')
    expect(existsSync(made.source)).toBe(false)
    await expectSound(made.house)
  })
})
