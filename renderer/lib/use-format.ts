/** Numbers, sizes and times in the system's locale. */
import {
  formatBytes,
  formatBytesOf,
  formatClock,
  formatCount,
  formatCounted,
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatExactBytes,
  formatIso,
  formatMoney,
  formatParameters,
  formatPercent,
  formatRate,
  formatTime,
} from '../../shared/format.ts'
import { useStatus } from './use-status.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const startOfDay = (millis: number): number => new Date(millis).setHours(0, 0, 0, 0)

const isWellFormed = (locale: string): boolean => {
  try {
    return Intl.getCanonicalLocales(locale).length > 0
  } catch {
    return false
  }
}

/** Formatters of one locale.
 * @param hostLocale BCP 47, as the host gives it; an unknown one falls back to English */
export function makeFormat(hostLocale: string) {
  const asked = hostLocale.replace(/[.@].*$/, '').replace('_', '-')
  const locale = Intl.DateTimeFormat.supportedLocalesOf([asked].filter(isWellFormed))[0] ?? 'en-GB'
  const day = (millis: number, nowMillis = Date.now()): string =>
    new Date(millis).getFullYear() === new Date(nowMillis).getFullYear()
      ? formatDay(millis, locale)
      : formatDate(millis, locale)
  const dateTime = (millis: number): string => formatDateTime(millis, locale)
  return {
    locale,
    /** `13.48 GB`, `148.2 MB`, `4.1 kB`. */
    bytes: (sizeBytes: number) => formatBytes(sizeBytes, locale),
    /** `8.41 of 12.93 GB`. */
    bytesOf: (doneBytes: number, totalBytes: number) => formatBytesOf(doneBytes, totalBytes, locale),
    /** `13,476,839,424 bytes`, for what hovers. */
    exactBytes: (sizeBytes: number) => formatExactBytes(sizeBytes, locale),
    /** `312 MB/s`. */
    rate: (bytesPerSecond: number) => formatRate(bytesPerSecond, locale),
    /** `1,284`. */
    count: (n: number) => formatCount(n, locale),
    /** `1 artifact`, `1,284 artifacts`. */
    counted: (n: number, one: string) => formatCounted(n, one, locale),
    /** `$4.50`. */
    money: (amount: number, currency: string) => formatMoney(amount, currency, locale),
    /** `6.74 B`: parameters of a model. */
    parameters: (n: number) => formatParameters(n, locale),
    /** `62 %`; never 100 before the end. */
    percent: formatPercent,
    /** `0:16`, `3:47`, `1:02:03`. */
    duration: formatDuration,
    /** `4.8 ms`. */
    millis: (ms: number): string =>
      `${new Intl.NumberFormat(locale, { maximumFractionDigits: ms < 100 ? 1 : 0 }).format(ms)} ms`,
    /** `22 Nov 2026`. */
    date: (millis: number) => formatDate(millis, locale),
    /** `22 Nov`, with the year where it is another. */
    day,
    /** `17:42`. */
    time: (millis: number) => formatTime(millis, locale),
    /** `17:42:09`. */
    clock: (millis: number) => formatClock(millis, locale),
    /** `22 Nov 2026, 17:42`. */
    dateTime,
    /** To the millisecond and in UTC, for what hovers. */
    exactTime: formatIso,
    /** `just now`, `12 min ago`, `2 h ago`, `yesterday`, `12 Nov`. */
    ago: (millis: number, nowMillis = Date.now()): string => {
      const passed = nowMillis - millis
      if (passed < minuteMs && passed > -minuteMs) return 'just now'
      if (passed < 0) return day(millis, nowMillis)
      if (passed < hourMs) return `${Math.floor(passed / minuteMs)} min ago`
      if (startOfDay(millis) === startOfDay(nowMillis)) return `${Math.floor(passed / hourMs)} h ago`
      if (startOfDay(millis) >= startOfDay(startOfDay(nowMillis) - 1)) return 'yesterday'
      return day(millis, nowMillis)
    },
    /** `today 06:00`, `yesterday 17:42`, `22 Nov 2026, 17:42`. */
    moment: (millis: number, nowMillis = Date.now()): string => {
      const from = startOfDay(millis)
      if (from === startOfDay(nowMillis)) return `today ${formatTime(millis, locale)}`
      if (from === startOfDay(startOfDay(nowMillis) - 1)) return `yesterday ${formatTime(millis, locale)}`
      return dateTime(millis)
    },
  }
}

export type Format = ReturnType<typeof makeFormat>

const formats = new Map<string, Format>()

/** Formatters of the system's locale; the same object for everybody. */
export function useFormat(): Format {
  const { locale } = useStatus()
  const known = formats.get(locale)
  if (known) return known
  const made = makeFormat(locale)
  formats.set(locale, made)
  return made
}
