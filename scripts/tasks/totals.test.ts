import { afterEach, describe, expect, it, vi } from 'vitest'
import { addTotals, noTests, playwrightTotals, totalsLine, totalsOf, vitestTotals } from './totals.ts'

describe('vitestTotals', () => {
  it('counts tests, and a file that could not be loaded as one failure', () => {
    const totals = vitestTotals({
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'failed', fullName: 'b' },
            { status: 'skipped', fullName: 'c' },
          ],
        },
        { name: 'broken.test.ts', status: 'failed', assertionResults: [] },
      ],
    })
    expect(totals).toEqual({ passed: 1, failed: 2, skipped: 1, skippedNames: ['c'] })
  })
})

describe('playwrightTotals', () => {
  afterEach(() => void vi.unstubAllEnvs())

  it.each([
    ['as failed', '', { passed: 1, failed: 3 }],
    ['as passed where repeating was asked for', '1', { passed: 2, failed: 2 }],
  ])('counts nested suites, errors outside tests, and a flaky test %s', (_, again, counts) => {
    vi.stubEnv('WEIGHTLOCK_RUN_AGAIN', again)
    const totals = playwrightTotals({
      errors: [{}],
      suites: [
        {
          specs: [{ title: 'one', tests: [{ status: 'expected' }] }],
          suites: [
            {
              specs: [
                { title: 'two', tests: [{ status: 'flaky' }] },
                { title: 'three', tests: [{ status: 'skipped' }] },
                { title: 'four', tests: [{ status: 'unexpected' }] },
              ],
            },
          ],
        },
      ],
    })
    expect(totals).toEqual({ ...counts, skipped: 1, skippedNames: ['three'] })
  })
})

describe('totalsOf', () => {
  it('counts a run that left no report as one failure', () => {
    expect(totalsOf('/no/such/report.json', false, vitestTotals).failed).toBe(1)
  })
})

it('sums, and prints one line', () => {
  const one = { ...noTests(), passed: 2 }
  expect(totalsLine(addTotals(one, { ...noTests(), passed: 1, failed: 3 }))).toBe('3 passed, 3 failed')
})
