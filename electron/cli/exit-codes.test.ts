import { describe, expect, it } from 'vitest'
import { exitCodeOf, gravestFailure } from './exit-codes.ts'

describe('exit codes', () => {
  it.each([
    [{ code: 'file/not-found', path: 'x' }, 1],
    [{ code: 'usage/invalid', detail: 'x' }, 2],
    [{ code: 'verify/altered', name: 'x' }, 4],
    [{ code: 'age/payload-altered', chunkIndex: 1 }, 4],
    [{ code: 'age/header-mac-mismatch' }, 4],
    [{ code: 'owner/locked' }, 75],
    [{ code: 'job/stopped' }, 130],
  ] as const)('%j ends with %i', (failure, code) => {
    expect(exitCodeOf(failure)).toBe(code)
  })

  it('of a batch is that of its gravest failure', () => {
    const missing = { code: 'file/not-found', path: 'x' } as const
    const altered = { code: 'verify/altered', name: 'x' } as const
    expect(gravestFailure([missing, altered])).toBe(altered)
    expect(gravestFailure([missing, altered, { code: 'job/stopped' }])).toEqual({ code: 'job/stopped' })
    expect(gravestFailure([])).toBeNull()
  })
})
