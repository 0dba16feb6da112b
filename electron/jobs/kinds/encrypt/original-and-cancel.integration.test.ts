/** The original goes only when all of it is stored; a job that is being cancelled is not run again meanwhile. */
import { randomBytes } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openHouse, settled, startEncrypt, type House } from '../../../../scripts/test/faults/house.ts'
import { expectSound } from '../../../../scripts/test/faults/soundness.ts'

let house: House
let made = 0
beforeAll(async () => {
  house = await openHouse()
  vi.stubEnv('XDG_DATA_HOME', house.at('trash'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await house.stop()
})
afterEach(() => {
  house.onStep = () => undefined
})

async function encryptAndTrash(path: string, leaveOutHidden: boolean) {
  const { jobIds } = await house.call('encrypt:start', {
    items: [{ sources: [{ path }], name: path.split('/').at(-1) ?? '', separate: false, leaveOutHidden }],
    storeId: null,
    algorithm: null,
    original: 'trash',
    opaqueNames: false,
  })
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error('no job')
  return (await settled(house, jobId)).job
}

describe('an original that is to go', () => {
  it('stays where hidden files were left out', async () => {
    house.input('hidden/model.bin', 'x')
    const secret = house.input('hidden/.env', 'not stored')
    const job = await encryptAndTrash(house.at('hidden'), true)
    expect(job?.outcome).toBe('Stored and verified; original kept')
    expect(job?.report).toContain('Left out: .env')
    expect(existsSync(secret)).toBe(true)
    await expectSound(house)
  })

  it('stays where a link to a folder was left out', async () => {
    house.input('linked/inner/model.bin', 'x')
    symlinkSync(house.at('linked/inner'), house.at('linked/again'))
    const job = await encryptAndTrash(house.at('linked'), false)
    expect(job?.outcome).toBe('Stored and verified; original kept')
    expect(job?.report).toContain('Left out: again')
    expect(existsSync(house.at('linked/again/model.bin'))).toBe(true)
  })

  it('goes where hidden files are stored too', async () => {
    house.input('whole/model.bin', 'x')
    house.input('whole/.env', 'stored')
    const job = await encryptAndTrash(house.at('whole'), false)
    expect(job?.outcome).toBe('Stored and verified; original moved to the trash')
    expect(existsSync(house.at('whole'))).toBe(false)
  })

  it.each([
    ['a file', (folder: string) => writeFileSync(join(folder, 'inner/late.bin'), 'late')],
    ['a hidden file', (folder: string) => writeFileSync(join(folder, '.late'), 'late')],
    ['a folder', (folder: string) => mkdirSync(join(folder, 'late'))],
    ['a link to a folder', (folder: string) => symlinkSync(join(folder, 'inner'), join(folder, 'late'))],
    [
      'another file in the place of a link',
      (folder: string) => {
        rmSync(join(folder, 'linked.bin'))
        writeFileSync(join(folder, 'linked.bin'), 'late')
      },
    ],
    [
      'a file in the place of a folder',
      (folder: string) => {
        rmSync(join(folder, 'empty'), { recursive: true })
        writeFileSync(join(folder, 'empty'), 'late')
      },
    ],
    ['a pipe', (folder: string) => void execFileSync('mkfifo', [join(folder, 'late')])],
  ])('stays where %s came after it was read, stored or not', async (_, comes) => {
    const name = `late-${(made += 1)}`
    house.input(`${name}/model.bin`, 'x')
    house.input(`${name}/inner/weights.bin`, 'y')
    house.input(`${name}-outside/blob`, 'z')
    mkdirSync(house.at(name, 'empty'))
    symlinkSync(house.at(`${name}-outside/blob`), house.at(name, 'linked.bin'))
    house.onStep = (step, when) => {
      if (step === 'verified' && when === 'after') comes(house.at(name))
    }
    const job = await encryptAndTrash(house.at(name), false)
    expect(job).toMatchObject({ state: 'done', outcome: 'Stored and verified; original kept' })
    expect(job?.report[0]).toMatch(/^The original was kept: /)
    expect(existsSync(house.at(name, 'model.bin'))).toBe(true)
  })
})

describe('a failed job', () => {
  it('that is being cancelled cannot be run again, and leaves nothing', async () => {
    house.onStep = (step, when) => {
      if (step === 'payload' && when === 'before') throw new Error('stopped here')
    }
    const started = await startEncrypt(house, house.input('twice.bin', randomBytes(1000)))
    if (!('jobId' in started)) throw new Error('refused')
    const { jobId } = started
    expect((await settled(house, jobId)).job?.state).toBe('failed')
    house.onStep = () => undefined
    const [cancelled, resumed] = await Promise.all([
      house.invoke('jobs:cancel', { jobIds: [jobId] }),
      house.invoke('jobs:resume', { jobIds: [jobId] }),
    ])
    expect(cancelled.ok).toBe(true)
    expect(resumed).toMatchObject({ ok: false, failure: { code: 'job/not-resumable' } })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(existsSync(`${house.storeFolder}/twice.bin.age`)).toBe(false)
    await expectSound(house)
  })

  it('that was queued again is cancelled all the same', async () => {
    house.onStep = (step, when) => {
      if (step === 'payload' && when === 'before') throw new Error('stopped here')
    }
    const started = await startEncrypt(house, house.input('again.bin', randomBytes(1000)))
    if (!('jobId' in started)) throw new Error('refused')
    const { jobId } = started
    await settled(house, jobId)
    await Promise.all([
      house.call('jobs:resume', { jobIds: [jobId] }),
      house.call('jobs:cancel', { jobIds: [jobId] }),
    ])
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    await expectSound(house)
  })
})
