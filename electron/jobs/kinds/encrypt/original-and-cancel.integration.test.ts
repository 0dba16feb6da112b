/** The original goes only when all of it is stored; a job that is being cancelled is not run again meanwhile. */
import { randomBytes } from 'node:crypto'
import { existsSync, symlinkSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openHouse, settled, startEncrypt, type House } from '../../../../scripts/test/faults/house.ts'
import { expectSound } from '../../../../scripts/test/faults/soundness.ts'

let house: House
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
