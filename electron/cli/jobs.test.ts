import { expect, it } from 'vitest'
import { jobView } from './testing/builders.ts'
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
