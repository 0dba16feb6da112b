import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awsLimits, compatibleLimits, layoutProblem, partCountOf, partSizeBytes } from './part-size.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const TiB = 2 ** 40
const largestBytes = 10_000 * 5 * GiB

describe('the part size', () => {
  it.each([
    [0, 16 * MiB, 1],
    [1, 16 * MiB, 1],
    [16 * MiB, 16 * MiB, 1],
    [16 * MiB + 1, 16 * MiB, 2],
    [10_000 * 16 * MiB, 16 * MiB, 10_000],
    [10_000 * 16 * MiB + 1, 17 * MiB, 9_412],
    [10_000 * 17 * MiB, 17 * MiB, 10_000],
    [TiB, 105 * MiB, 9_987],
    [5 * TiB, 525 * MiB, 9_987],
    [6 * TiB, 630 * MiB, 9_987],
    [48 * TiB, 5034 * MiB, 9_999],
    [largestBytes, 5 * GiB, 10_000],
  ])('of %i bytes is %i, in %i parts', (sizeBytes, partBytes, parts) => {
    expect(partSizeBytes(sizeBytes)).toBe(partBytes)
    expect(partCountOf(sizeBytes, partBytes)).toBe(parts)
    expect(layoutProblem(awsLimits, { sizeBytes, partBytes })).toBeNull()
  })

  it('suits every size from 1 byte to 48.8 TiB: whole MiB, no more than 10,000 parts, the smallest that does', () => {
    const size = fc.oneof(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.double({ min: 1, max: largestBytes, noNaN: true }).map(Math.floor),
      fc
        .tuple(fc.integer({ min: 1, max: 5120 }), fc.integer({ min: -2, max: 2 }))
        .map(([mebibytes, beside]) => Math.min(10_000 * mebibytes * MiB + beside, largestBytes)),
    )
    fc.assert(
      fc.property(size, (sizeBytes) => {
        const partBytes = partSizeBytes(sizeBytes)
        expect(partBytes % MiB).toBe(0)
        expect(layoutProblem(awsLimits, { sizeBytes, partBytes })).toBeNull()
        const parts = partCountOf(sizeBytes, partBytes)
        expect((parts - 1) * partBytes).toBeLessThan(sizeBytes)
        expect(parts * partBytes).toBeGreaterThanOrEqual(sizeBytes)
        const smallerIsTooSmall = partBytes === 16 * MiB || (partBytes - MiB) * 10_000 < sizeBytes
        expect(smallerIsTooSmall).toBe(true)
      }),
    )
  })
})

describe('what a store does not take', () => {
  it.each([
    ['object-too-large', awsLimits, largestBytes + 1, 5 * GiB],
    ['object-too-large', compatibleLimits, 5 * TiB + 1, 525 * MiB],
    ['part-too-large', awsLimits, 6 * GiB, 5 * GiB + 1],
    ['part-too-small', awsLimits, 10 * MiB, 5 * MiB - 1],
    ['too-many-parts', awsLimits, 10_000 * 16 * MiB + 1, 16 * MiB],
    [null, compatibleLimits, 5 * TiB, 525 * MiB],
    [null, awsLimits, 3, 5],
    [null, awsLimits, 4 * MiB, 4 * MiB],
  ] as const)('is %s', (problem, limits, sizeBytes, partBytes) => {
    expect(layoutProblem(limits, { sizeBytes, partBytes })).toBe(problem)
  })
})
