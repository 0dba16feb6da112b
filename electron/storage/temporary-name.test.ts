import { expect, it } from 'vitest'
import { jobOfTemporary, temporaryName } from './temporary-name.ts'

it('names its job, and nothing else looks like one', () => {
  const jobId = 'abcdefghijklmnopqrstuvwxya'
  expect(jobOfTemporary(temporaryName(jobId))).toBe(jobId)
  expect(jobOfTemporary('.weightlock-x.tmp')).toBeNull()
  expect(jobOfTemporary(`a${temporaryName(jobId)}`)).toBeNull()
})
