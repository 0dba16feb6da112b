import { describe, expect, it } from 'vitest'
import { ArtifactId, JobId, KeyId, newId } from '../../shared/ids.ts'
import type { StoredJob } from '../catalog/job-operations.ts'
import { savedReport } from './saved-report.ts'

const at = Date.UTC(2026, 10, 24, 12)
const job = (over: Partial<StoredJob>): StoredJob =>
  ({
    jobId: newId(JobId),
    kind: 'destroy-key',
    state: 'done',
    title: 'model.pkl · key 1',
    target: '',
    spec: {},
    artifactId: newId(ArtifactId),
    keyId: newId(KeyId),
    doneBytes: 0,
    totalBytes: 0,
    startedAt: at,
    endedAt: at + 1000,
    pausedAt: null,
    failure: null,
    safe: null,
    outcome: 'Destroyed, read back',
    report: ['Keychain: deleted, then read: empty'],
    ...over,
  }) as StoredJob

describe('a report that is kept', () => {
  it('says how each job ended, and of a failure what happened, what is safe and what to do', () => {
    const failed = job({
      state: 'failed',
      outcome: null,
      report: [],
      failure: { code: 'keychain/locked' },
      safe: 'Its key is where it was.',
    })
    const text = savedReport([job({}), failed], { notes: ['Reason: policy'], programVersion: '1.2.3', at })
    expect(text.slice(0, 4)).toEqual([
      'Weightlock 1.2.3: report of 2 jobs',
      'Written 2026-11-24T12:00:00.000Z',
      '1 done, 1 failed',
      'Reason: policy',
    ])
    expect(text).toContain('  done: Destroyed, read back')
    expect(text).toContain('  Keychain: deleted, then read: empty')
    expect(text).toContain('  What is safe: Its key is where it was.')
    expect(text.filter((line) => /^ {2}What (happened|to do): .+/.test(line))).toHaveLength(2)
  })

  it('escapes what came from outside', () => {
    const [, , , , title] = savedReport([job({ title: 'a\u202eb\nc' })], {
      notes: [],
      programVersion: '1',
      at,
    })
    expect(title).not.toMatch(/[\u202e\n]/)
  })
})
