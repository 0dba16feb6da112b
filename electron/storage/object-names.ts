/**
 * What an artifact's object is called in a store (data.md, "Names and ids"). Pure: who holds a name is asked
 * through a predicate. Names are slash-separated and relative; lengths are bytes of UTF-8.
 */
import { createHash } from 'node:crypto'
import type { ArtifactId } from '../../shared/ids.ts'
import { fail } from '../../shared/failure.ts'

/** What the place that holds the names can hold. */
export type NameRules = {
  /** Windows and shares served by it: reserved names, forbidden characters, no trailing dot or space. */
  windows: boolean
  maxPartBytes: number
}

export const posixNames: NameRules = { windows: false, maxPartBytes: 255 }
export const windowsNames: NameRules = { windows: true, maxPartBytes: 255 }
/** The rules of the system that this runs on. */
export const nameRulesOf = (platform: string): NameRules => (platform === 'win32' ? windowsNames : posixNames)

export type ObjectNameRequest = {
  /** With its folder, `fraud/model.pkl`. */
  artifactName: string
  isFolder: boolean
  version: number
  /** Set where the store must not read names: the object is called by this id. */
  opaqueId?: ArtifactId
  rules: NameRules
}

const hashLength = 8
const longestExtensionBytes = 32
const reservedOnWindows = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const forbiddenOnWindows = /[<>:"\\|?*\u0000-\u001f]/g

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

/** Why a name cannot be an artifact's or object's name, or null. Names never leave the store's folder. */
export function nameProblem(name: string, rules: NameRules): string | null {
  if (name === '') return 'it is empty'
  if (name.includes('\0')) return 'it contains a NUL character'
  if (!name.isWellFormed()) return 'it is not valid Unicode'
  if (name.startsWith('/')) return 'it is absolute'
  for (const part of name.split('/')) {
    if (part === '') return 'it has an empty part'
    if (part === '.' || part === '..') return `it has the part ${part}`
    if (byteLength(part) > rules.maxPartBytes) return `a part is longer than ${rules.maxPartBytes} bytes`
    if (rules.windows && windowsSafe(part) !== part) return 'Windows cannot hold it'
  }
  return null
}

/** @throws artifact/name-invalid */
export function checkName(name: string, rules: NameRules): void {
  const reason = nameProblem(name, rules)
  if (reason !== null) fail({ code: 'artifact/name-invalid', name, reason })
}

/**
 * The object's name: `name.ext.age`, `name.v2.ext.age`, `name.tar.age`, `name.v2.tar.age`, or `<id>.v2.age`
 * where names are opaque. Too long for the place: shortened, with 8 characters of a hash. A name that is held
 * already gets `-2`, `-3`, … before its version.
 * @param isTaken whether somebody holds that name; foreign objects count
 * @throws artifact/name-invalid where the artifact's name would leave the folder
 */
export async function pickObjectName(
  request: ObjectNameRequest,
  isTaken: (name: string) => boolean | Promise<boolean>,
): Promise<string> {
  checkName(request.artifactName, { windows: false, maxPartBytes: 4096 })
  for (let attempt = 1; ; attempt++) {
    const name = objectName(request, attempt)
    if (!(await isTaken(name))) return name
  }
}

function objectName(request: ObjectNameRequest, attempt: number): string {
  const marks = (attempt > 1 ? `-${attempt}` : '') + (request.version > 1 ? `.v${request.version}` : '')
  if (request.opaqueId !== undefined) return `${request.opaqueId}${marks}.age`
  const parts = request.artifactName.split('/')
  const last = parts.pop() ?? ''
  const [stem, extension] = request.isFolder ? [last, '.tar'] : splitExtension(last)
  const fit = (part: string, tail: string) => {
    const held = request.rules.windows ? windowsSafe(part + tail).slice(0, -tail.length || undefined) : part
    return shortened(held, tail, request.rules.maxPartBytes)
  }
  return [...parts.map((part) => fit(part, '')), fit(stem, `${marks}${extension}.age`)].join('/')
}

/** `model.pkl` → `model`, `.pkl`; a leading dot, or an ending too long to be an extension, begins none. */
function splitExtension(fileName: string): [string, string] {
  const dot = fileName.lastIndexOf('.')
  if (dot <= 0 || byteLength(fileName) - byteLength(fileName.slice(0, dot)) > longestExtensionBytes)
    return [fileName, '']
  return [fileName.slice(0, dot), fileName.slice(dot)]
}

/** `stem + tail`, its stem cut at a whole character and marked with a hash of the whole where it is too long. */
function shortened(stem: string, tail: string, maxBytes: number): string {
  if (byteLength(stem + tail) <= maxBytes) return stem + tail
  const mark = `~${createHash('sha256').update(stem).digest('hex').slice(0, hashLength)}`
  const room = maxBytes - byteLength(mark + tail)
  let kept = ''
  let keptBytes = 0
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(stem)) {
    keptBytes += byteLength(segment)
    if (keptBytes > room) break
    kept += segment
  }
  return kept + mark + tail
}

/** A part as Windows can hold it: what it forbids becomes `_`. */
function windowsSafe(part: string): string {
  const replaced = part.replace(forbiddenOnWindows, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length))
  const [beforeDot = ''] = replaced.split('.')
  return reservedOnWindows.test(beforeDot.trimEnd()) ? `_${replaced}` : replaced
}

const temporaryPattern = /^\.weightlock-([a-z2-7]{26})\.tmp$/

/** The temporary that a job writes beside its target. */
export const temporaryName = (jobId: string): string => `.weightlock-${jobId}.tmp`

/** The job whose temporary this is, or null for a file of anybody else. */
export const jobOfTemporary = (fileName: string): string | null =>
  temporaryPattern.exec(fileName)?.[1] ?? null
