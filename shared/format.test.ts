import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatBytesOf,
  formatClock,
  formatCounted,
  formatDateTime,
  formatTime,
  formatDuration,
  formatExactBytes,
  formatIso,
  formatMilliseconds,
  formatParameters,
  formatPercent,
  formatRate,
  groupsOfFour,
} from './format.ts'

const en = 'en-GB'

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [949, '949 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [4_099, '4.1 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [148_200_000, '148.2 MB'],
    [999_949_999, '999.9 MB'],
    [999_950_000, '1.00 GB'],
    [999_994_999_999, '999.99 GB'],
    [13_480_000_000, '13.48 GB'],
    [1_280_000_000_000, '1.28 TB'],
  ])('%i bytes', (sizeBytes, text) => {
    expect(formatBytes(sizeBytes, en)).toBe(text)
  })

  it('never shows 1,000 of a unit that has a larger one', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (sizeBytes) => {
        const [number, unit] = formatBytes(sizeBytes, 'en').split(' ')
        expect(Number(number?.replaceAll(',', ''))).toBeLessThan(unit === 'PB' ? 10_000 : 1_000)
      }),
    )
  })

  it('uses the locale for digits', () => {
    expect(formatBytes(13_480_000_000, 'de-DE')).toBe('13,48 GB')
    expect(formatExactBytes(13_480_102, 'de-DE')).toBe('13.480.102 bytes')
    expect(formatExactBytes(1, en)).toBe('1 byte')
  })

  it('shows progress in the unit of the total', () => {
    expect(formatBytesOf(8_410_000_000, 12_930_000_000, en)).toBe('8.41 of 12.93 GB')
    expect(formatBytesOf(0, 12, en)).toBe('0 of 12 B')
  })
})

describe('rates and times', () => {
  it.each([
    [0, '—'],
    [512, '512 B/s'],
    [71_400, '71 kB/s'],
    [412_000_000, '412 MB/s'],
    [1_321_000_000, '1.32 GB/s'],
  ])('%i bytes a second', (rate, text) => {
    expect(formatRate(rate, en)).toBe(text)
  })

  it.each([
    [0, '0:00'],
    [0.2, '0:01'],
    [11, '0:11'],
    [59.5, '1:00'],
    [227, '3:47'],
    [3_725, '1:02:05'],
    [183_600, '2 d 3 h'],
  ])('%d seconds', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  it('shows short and long waits', () => {
    expect(formatMilliseconds(12.4, en)).toBe('12 ms')
    expect(formatMilliseconds(3_400, en)).toBe('3.4 s')
  })

  it('shows dates in the locale, and exact ones in ISO 8601', () => {
    const at = Date.UTC(2026, 10, 22, 16, 42, 8, 117)
    expect(formatIso(at)).toBe('2026-11-22T16:42:08.117Z')
    expect(formatDateTime(new Date(2026, 10, 22, 17, 42).getTime(), en)).toBe('22 Nov 2026, 17:42')
    expect(formatTime(new Date(2026, 10, 22, 7, 5).getTime(), en)).toBe('07:05')
    expect(formatTime(new Date(2026, 10, 22, 19, 5).getTime(), 'en-US')).toMatch(/^7:05\sPM$/)
    expect(formatClock(new Date(2026, 10, 22, 7, 5, 9).getTime(), 'en-US')).toMatch(/^7:05:09\sAM$/)
  })
})

describe('counts', () => {
  it('says 100 % only when all is done', () => {
    expect(formatPercent(999_999, 1_000_000)).toBe('99 %')
    expect(formatPercent(1_000_000, 1_000_000)).toBe('100 %')
    expect(formatPercent(0, 0)).toBe('100 %')
  })

  it('counts one and many', () => {
    expect(formatCounted(1, 'artifact', en)).toBe('1 artifact')
    expect(formatCounted(1_284, 'artifact', en)).toBe('1,284 artifacts')
    expect(formatCounted(2, 'copy', en)).toBe('2 copies')
  })

  it('shows parameters of a model', () => {
    expect(formatParameters(6_738_415_616, en)).toBe('6.74 B')
    expect(formatParameters(124_439_808, en)).toBe('124.4 M')
    expect(formatParameters(32_000, en)).toBe('32,000')
  })

  it('groups a fingerprint by four', () => {
    expect(groupsOfFour('9f2c41ab07')).toBe('9f2c 41ab 07')
    expect(groupsOfFour('')).toBe('')
  })
})
