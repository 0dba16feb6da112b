/** Numbers as people read them, for the window and the terminal alike. `locale` as for `Intl`; none is the system's. */

/** `from`: the first size that does not round to 1,000 of the unit before. */
const units = [
  { name: 'kB', size: 1e3, digits: 1, from: 1e3 },
  { name: 'MB', size: 1e6, digits: 1, from: 999_950 },
  { name: 'GB', size: 1e9, digits: 2, from: 999_950_000 },
  { name: 'TB', size: 1e12, digits: 2, from: 999_995_000_000 },
  { name: 'PB', size: 1e15, digits: 2, from: 999_995_000_000_000 },
] as const
type Unit = (typeof units)[number]

type Locale = string | undefined

const numberFormats = new Map<string, Intl.NumberFormat>()
/** Making a format takes a thousand times longer than using it. */
function decimals(digits: number, locale: Locale): Intl.NumberFormat {
  const key = `${locale ?? ''}/${digits}`
  const known = numberFormats.get(key)
  if (known) return known
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const made = new Intl.NumberFormat(locale, options)
  numberFormats.set(key, made)
  return made
}

/** Null for plain bytes. */
const unitOf = (sizeBytes: number): Unit | null => units.findLast(({ from }) => sizeBytes >= from) ?? null

const inUnit = (sizeBytes: number, unit: Unit | null, locale: Locale): string =>
  decimals(unit?.digits ?? 0, locale).format(sizeBytes / (unit?.size ?? 1))

/** `13.48 GB`, `148.2 MB`, `4.1 kB`, `512 B`. MB = 10⁶ bytes.
 * @param sizeBytes ≥ 0 */
export function formatBytes(sizeBytes: number, locale?: string): string {
  const unit = unitOf(sizeBytes)
  return `${inUnit(sizeBytes, unit, locale)} ${unit?.name ?? 'B'}`
}

/** `8.41 of 12.93 GB`: both in the unit of the total. */
export function formatBytesOf(doneBytes: number, totalBytes: number, locale?: string): string {
  const unit = unitOf(totalBytes)
  return `${inUnit(doneBytes, unit, locale)} of ${inUnit(totalBytes, unit, locale)} ${unit?.name ?? 'B'}`
}

/** `13,480,102,433 bytes`. */
export const formatExactBytes = (sizeBytes: number, locale?: string): string =>
  formatCounted(sizeBytes, 'byte', locale)

/** `412 MB/s`, `1.32 GB/s`, `71 kB/s`; a dash when nothing moves. */
export function formatRate(bytesPerSecond: number, locale?: string): string {
  if (bytesPerSecond < 1) return '—'
  if (bytesPerSecond >= 999.5e6) return `${decimals(2, locale).format(bytesPerSecond / 1e9)} GB/s`
  if (bytesPerSecond >= 999.5e3) return `${decimals(0, locale).format(bytesPerSecond / 1e6)} MB/s`
  if (bytesPerSecond >= 999.5) return `${decimals(0, locale).format(bytesPerSecond / 1e3)} kB/s`
  return `${decimals(0, locale).format(bytesPerSecond)} B/s`
}

/** `0:11`, `3:47`, `1:02:05`, `2 d 3 h`.
 * @param seconds ≥ 0; what is running is rounded up, so that it never says 0:00 early */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** `12 ms`, `3.4 s`. */
export const formatMilliseconds = (milliseconds: number, locale?: string): string =>
  milliseconds < 1000
    ? `${decimals(0, locale).format(milliseconds)} ms`
    : `${decimals(1, locale).format(milliseconds / 1000)} s`

/** `62 %`: rounded down, so that 100 % means all of it. Nothing of nothing is all of it. */
export function formatPercent(doneBytes: number, totalBytes: number): string {
  if (totalBytes <= 0) return '100 %'
  return `${Math.floor(Math.min(1, doneBytes / totalBytes) * 100)} %`
}

/** `48,213`. */
export const formatCount = (count: number, locale?: string): string => decimals(0, locale).format(count)

const pluralOf = (one: string): string => one.replace(/([^aeiou])y$/, '$1ie') + 's'

/** `1 artifact`, `1,284 artifacts`, `2 copies`: the one place where words get a plural.
 * @param one a regular English noun, with what stands before it: `other copy` */
export const formatCounted = (count: number, one: string, locale?: string): string =>
  `${formatCount(count, locale)} ${count === 1 ? one : pluralOf(one)}`

/** `6.74 B`, `124.4 M`: parameters of a model. */
export function formatParameters(count: number, locale?: string): string {
  if (count >= 999.95e6) return `${decimals(2, locale).format(count / 1e9)} B`
  if (count >= 999.95e3) return `${decimals(1, locale).format(count / 1e6)} M`
  return formatCount(count, locale)
}

/** `$4.50`, `4,50 €`; what is not nothing and rounds to it, `less than $0.01`.
 * @param currency of ISO 4217 */
export function formatMoney(amount: number, currency: string, locale?: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const least = 10 ** -(format.resolvedOptions().maximumFractionDigits ?? 2)
  return amount > 0 && amount < least ? `less than ${format.format(least)}` : format.format(amount)
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()
function dates(options: Intl.DateTimeFormatOptions, locale: Locale): Intl.DateTimeFormat {
  const key = `${locale ?? ''}/${JSON.stringify(options)}`
  const known = dateFormats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, options)
  dateFormats.set(key, made)
  return made
}

const clocks = new Map<string, 'numeric' | '2-digit'>()
/** `09:05` where a day has 24 hours, `9:05 AM` where it has twice twelve. */
const clockOf = (locale: Locale): { hour: 'numeric' | '2-digit'; minute: '2-digit' } => {
  const known = clocks.get(locale ?? '')
  const hour =
    known ?? (dates({ hour: 'numeric' }, locale).resolvedOptions().hour12 === true ? 'numeric' : '2-digit')
  clocks.set(locale ?? '', hour)
  return { hour, minute: '2-digit' }
}

/** `22 Nov 2026` in local time.
 * @param atMs epoch milliseconds */
export const formatDate = (atMs: number, locale?: string): string =>
  dates({ day: 'numeric', month: 'short', year: 'numeric' }, locale).format(atMs)

/** `22 Nov` in local time. */
export const formatDay = (atMs: number, locale?: string): string =>
  dates({ day: 'numeric', month: 'short' }, locale).format(atMs)

/** `17:42` in local time. */
export const formatTime = (atMs: number, locale?: string): string =>
  dates(clockOf(locale), locale).format(atMs)

/** `17:42:09` in local time. */
export const formatClock = (atMs: number, locale?: string): string =>
  dates({ ...clockOf(locale), second: '2-digit' }, locale).format(atMs)

/** `22 Nov 2026, 17:42` in local time. */
export const formatDateTime = (atMs: number, locale?: string): string =>
  dates({ day: 'numeric', month: 'short', year: 'numeric', ...clockOf(locale) }, locale).format(atMs)

/** `2026-11-22T16:42:08.117Z`: for exports, and beside a rounded time. */
export const formatIso = (atMs: number): string => new Date(atMs).toISOString()

/** `9f2c 41ab 07de …`: fingerprints and ids, in groups of four. */
export const groupsOfFour = (text: string): string => text.match(/.{1,4}/gsu)?.join(' ') ?? ''
