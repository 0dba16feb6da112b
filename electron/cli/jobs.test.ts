import { expect, it } from 'vitest'
import { artifactRow, jobView } from './testing/builders.ts'
import { run } from './testing/run.ts'

const paused = jobView(1, {
  state: 'paused',
  failure: { code: 'store/credentials-expired', store: 'models-prod' },
  safe: 'What was uploaded is kept.',
})

it('says why a job stands still, and what to do', async () => {
  const { code, out } = await run(['jobs', 'list'], {
    'jobs:snapshot': () => ({ jobs: [paused, jobView(2, { state: 'paused' })] }),
  })
  expect(code).toBe(0)
  const reasons = out.split('\n').filter((line) => line.includes('expired'))
  expect(reasons).toHaveLength(1)
  expect(reasons[0]).toMatch(new RegExp(`^${paused.jobId}: The credentials have expired\\. Sign in again`))
})

it('asks for paused jobs where none are named', async () => {
  const { owner } = await run(['jobs', 'resume'], { 'jobs:resume': () => ({ jobs: [] }) })
  expect(owner.requestsOf('jobs:resume')).toEqual([{ jobIds: null }])
})

it('ends with the reason where a job that was resumed is paused again', async () => {
  const { code, error } = await run(['jobs', 'resume', paused.jobId], {
    'jobs:resume': () => ({ jobs: [{ ...paused, state: 'queued', failure: null }] }),
    'jobs:wait': () => ({ jobs: [paused], artifacts: [] }),
  })
  expect(code).toBe(130)
  expect(error).toContain('The credentials have expired')
  expect(error).toContain(`is paused, not lost: \`weightlock jobs resume ${paused.jobId}\` goes on with it`)
})

const gone = {
  artifactId: artifactRow(1).artifactId,
  name: 'model.bin',
  objects: [{ version: 1, storeId: artifactRow(1).storeId, store: 'nas-02', objectName: 'model.bin.age' }],
}

it('says what a rotation has lost, and gives it up only by name', async () => {
  const owner = { 'jobs:gone': () => gone, 'jobs:give-up': () => ({}) }
  const lost = jobView(3, { kind: 'rewrap', state: 'done', report: ['gone from its store, and given up'] })
  const answers = { ...owner, 'jobs:wait': () => ({ jobs: [lost], artifacts: [] }) }
  const looked = await run(['jobs', 'give-up', lost.jobId, '--dry-run'], answers)
  expect(looked.out).toContain('model.bin.age · v1: gone from nas-02')
  expect(looked.owner.requestsOf('jobs:give-up')).toEqual([])
  expect((await run(['jobs', 'give-up', lost.jobId], answers)).code).toBe(2)
  const given = await run(['jobs', 'give-up', lost.jobId, '--confirm-name', 'model.bin'], answers)
  expect([given.code, given.out]).toEqual([0, expect.stringContaining('given up')])
  const { store: _store, ...place } = gone.objects[0] ?? { store: '' }
  expect(given.owner.requestsOf('jobs:give-up')).toEqual([
    { jobId: lost.jobId, confirmName: 'model.bin', objects: [place] },
  ])
})
