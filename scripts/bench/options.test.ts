import { expect, it } from 'vitest'
import { benchOptions, parseSize } from './options.ts'
import { median, percentile, ratio, spread } from './figures.ts'

it('reads sizes with and without unit', () => {
  expect([parseSize('2GiB'), parseSize('3MiB'), parseSize('17')]).toEqual([2 ** 31, 3 * 2 ** 20, 17])
  expect(() => parseSize('2 GB')).toThrow('--size')
})

it('takes five runs of 2 GiB unless told otherwise', () => {
  expect(benchOptions([])).toMatchObject({ sizeBytes: 2 ** 31, runs: 5, only: [] })
  expect(benchOptions(['--size', '4GiB', '--runs', '9', '--only', 'nowhere'])).toMatchObject({
    sizeBytes: 2 ** 32,
    runs: 9,
    only: ['nowhere'],
  })
  expect(() => benchOptions(['--runs', '0'])).toThrow('--runs')
})

it('gives the median, and how many times as fast', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(ratio(2, 1)).toBe('2.00×')
})

it('gives the percentile, the least and the most', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
  expect([percentile(hundred, 50), percentile(hundred, 99), percentile([7], 99)]).toEqual([51, 100, 7])
  expect(spread([2000, 500, 1250])).toBe('0.50–2.00')
})
