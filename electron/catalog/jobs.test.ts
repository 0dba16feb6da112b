import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JobId, newId } from '../../shared/ids.ts'
import {
  addStore,
  by,
  catalogInThread,
  type CatalogInThread,
  reserve,
  startJob,
} from './testing/catalog-in-thread.ts'

let catalog: CatalogInThread
beforeEach(() => {
  catalog = catalogInThread()
})
afterEach(() => catalog.dispose())

describe('a job', () => {
  it('keeps its specification as it was, and begins its journal with it', () => {
    const spec = { paths: ['/home/dana/ü "x"\n🧠'], deep: { n: 1.5, none: null, list: [true, false] } }
    const jobId = newId(JobId)
    const links = { artifactId: null, keyId: null }
    const by = { who: 'dana.k', via: 'terminal' } as const
    const texts = { title: 'model.pkl', target: 'to nas' }
    const job = catalog.insertJob({
      jobId,
      kind: 'encrypt',
      spec,
      totalBytes: 2 ** 45,
      by,
      ...texts,
      ...links,
    })
    expect(job).toMatchObject({ state: 'queued', spec, doneBytes: 0, totalBytes: 2 ** 45, endedAt: null, by })
    expect(catalog.getJob(jobId)).toEqual(job)
    expect(catalog.steps(jobId)).toEqual([{ n: 1, step: 'begin', at: catalog.clock.now, facts: spec }])
    catalog = catalog.reopen()
    expect(catalog.getJob(jobId)).toEqual(job)
  })

  it('journals steps in order', () => {
    const jobId = startJob(catalog)
    catalog.appendStep(jobId, 'header', { header: 'AAAA' })
    for (const part of [1, 2]) catalog.appendStep(jobId, 'part', { part })
    expect(
      catalog
        .steps(jobId)
        .map(({ n, step, facts }) => ({ n, step, facts }))
        .slice(1),
    ).toEqual([
      { n: 2, step: 'header', facts: { header: 'AAAA' } },
      { n: 3, step: 'part', facts: { part: 1 } },
      { n: 4, step: 'part', facts: { part: 2 } },
    ])
    expect(() => catalog.appendStep(newId(JobId), 'x', null)).toThrow('job/not-found')
  })

  it('is open until it is done or cancelled', () => {
    const jobs = {
      queued: startJob(catalog),
      paused: startJob(catalog),
      unresolved: startJob(catalog),
      failed: startJob(catalog),
      cancelled: startJob(catalog),
      done: startJob(catalog),
    }
    for (const [state, jobId] of Object.entries(jobs)) {
      catalog.clock.now += 1
      catalog.setJobState(jobId, state as keyof typeof jobs)
    }
    expect(catalog.openJobs().map(({ state }) => state)).toEqual(['queued', 'paused', 'unresolved', 'failed'])
    expect(catalog.counts().openJobs).toBe(4)
    expect(catalog.jobHistory(0, 10)).toMatchObject({
      total: 2,
      jobs: [{ state: 'done' }, { state: 'cancelled' }],
    })
    catalog.clock.now += 1
    catalog.setJobState(jobs.failed, 'cancelled')
    expect(catalog.openJobs()).toHaveLength(3)
    expect(catalog.jobHistory(0, 1)).toMatchObject({ total: 3, jobs: [{ state: 'cancelled' }] })
    expect(catalog.jobHistory(2, 10).jobs).toHaveLength(1)
  })

  it('carries its failure until it runs again', () => {
    const jobId = startJob(catalog)
    const failure = { code: 'file/disk-full', path: '/mnt', neededBytes: null } as const
    const failed = catalog.setJobState(jobId, 'failed', {
      failure,
      safe: 'The original is untouched.',
      doneBytes: 7,
    })
    expect(catalog.getJob(jobId)).toEqual(failed)
    expect(failed).toMatchObject({
      failure,
      safe: 'The original is untouched.',
      doneBytes: 7,
      endedAt: catalog.clock.now,
    })
    expect(catalog.setJobState(jobId, 'running')).toMatchObject({
      failure: null,
      safe: null,
      endedAt: null,
      doneBytes: 7,
    })
  })

  it('keeps since when it is paused, until it goes on', () => {
    const jobId = startJob(catalog)
    const { pausedAt } = catalog.setJobState(jobId, 'paused')
    expect(pausedAt).toBe(catalog.clock.now)
    catalog.clock.now += 60_000
    expect(catalog.setJobState(jobId, 'paused')).toMatchObject({ pausedAt, endedAt: null })
    expect(catalog.setJobState(jobId, 'queued').pausedAt).toBeNull()
  })

  it('keeps its end when it is told again', () => {
    const jobId = startJob(catalog)
    const { endedAt } = catalog.setJobState(jobId, 'done', { outcome: 'Verified', report: ['a', 'b'] })
    catalog.clock.now += 60_000
    expect(catalog.setJobState(jobId, 'done')).toMatchObject({
      endedAt,
      outcome: 'Verified',
      report: ['a', 'b'],
    })
  })

  it('that failed holds its reservation until it is cancelled', () => {
    const storeId = addStore(catalog)
    const { jobId } = reserve(catalog, storeId, 'model.pkl')
    catalog.setJobState(jobId, 'failed')
    expect(catalog.reservationOf(jobId)?.version).toBe(1)
    catalog.setJobState(jobId, 'cancelled')
    expect(catalog.reservationOf(jobId)).toBeNull()
  })
})

describe('values and settings', () => {
  it('come back as they were set', () => {
    expect(catalog.getValue('window')).toBeNull()
    catalog.setValue('window', { x: 1, y: -5, maximized: true })
    expect(catalog.getValue('window')).toEqual({ x: 1, y: -5, maximized: true })
    expect(catalog.getSettings()).toMatchObject({ cryptoPeriodDays: 90, appearance: 'system' })
    catalog.setSettings({ settings: { appearance: 'dark' }, by })
    const head = catalog.auditHead()
    catalog.setSettings({ settings: { cryptoPeriodDays: 30 }, by })
    expect(catalog.getSettings()).toMatchObject({ cryptoPeriodDays: 30, appearance: 'dark' })
    expect(catalog.auditRange(head.entries + 1, 5)).toMatchObject([
      { event: 'policy-changed', facts: { cryptoPeriodDays: 30 } },
    ])
  })

  it('of a copied data folder leave every open job to the original, with nothing run or taken back', () => {
    const jobs = [startJob(catalog), startJob(catalog, 'destroy-key')]
    catalog.setMachine({ machineId: 'machine-2', as: 'copied', by })
    expect(catalog.openJobs()).toEqual([])
    for (const jobId of jobs)
      expect(catalog.getJob(jobId)).toMatchObject({
        state: 'cancelled',
        outcome: 'Left to the original of this data folder',
      })
  })

  it('of a moved data folder hold a destruction until someone says yes again', () => {
    const jobs = [startJob(catalog), startJob(catalog, 'destroy-key')]
    catalog.setMachine({ machineId: 'machine-2', as: 'moved', by })
    expect(jobs.map((jobId) => catalog.getJob(jobId).state)).toEqual(['running', 'failed'])
    expect(catalog.openJobs()[1]?.failure).toEqual({ code: 'job/stopped' })
  })

  it('of an installation that was copied begin a new one, whose artifacts are a reader’s', () => {
    const before = catalog.installation()
    expect(catalog.setMachine({ machineId: 'machine-2', as: 'moved', by }).installationId).toBe(
      before.installationId,
    )
    const copied = catalog.setMachine({ machineId: 'machine-3', as: 'copied', by })
    expect(copied.installationId).not.toBe(before.installationId)
    expect(catalog.installation()).toEqual(copied)
    expect(copied).toMatchObject({ machineId: 'machine-3', createdAt: before.createdAt })
  })
})
