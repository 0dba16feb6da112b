import { base64 } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import type { RangeReader } from './range-reader.ts'

const beginLine = '-----BEGIN AGE ENCRYPTED FILE-----'
const endLine = '-----END AGE ENCRYPTED FILE-----'
const columns = 64
const bytesPerLine = 48
/** White space that is tolerated before and after, each. */
const whitespaceLimitBytes = 1024
const markBytes = 64

/** True where a file is meant to be an armored one, well-formed or not: by content, not by name.
 * @param start its first bytes, 1,100 or more where there are so many */
export function looksArmored(start: Uint8Array): boolean {
  const text = latin1(start.subarray(0, whitespaceLimitBytes + beginLine.length))
  return !text.startsWith('age-encryption.org/') && /-----\s?BEGIN AGE/i.test(text)
}

/** Where the lines of an armored file lie. All but the last have 64 columns, so that any range can be found. */
type ArmorLayout = { bodyOffset: number; lineEnd: '\n' | '\r\n'; fullLines: number; lastLine: string }

/** Gives random access to the age file within an armored one. Every line that is read is checked: strict PEM with
 * one kind of line end, white space before and after allowed.
 * @returns a reader whose size is exact
 * @throws WeightlockError `age/armor-malformed`, also from its `read`
 * @see age spec, "ASCII armor"; RFC 7468, figure 3 */
export async function openArmor(armored: RangeReader): Promise<RangeReader> {
  const layout = await findLayout(armored)
  const last = decodeLines(layout.lastLine)
  const sizeBytes = layout.fullLines * bytesPerLine + last.length
  return {
    sizeBytes,
    read: async (offset, lengthBytes) => {
      const end = Math.min(offset + lengthBytes, sizeBytes)
      if (offset >= end) return new Uint8Array(0)
      const firstLine = Math.floor(offset / bytesPerLine)
      const endLine = Math.min(Math.ceil(end / bytesPerLine), layout.fullLines)
      const full =
        endLine > firstLine ? await readLines(armored, layout, firstLine, endLine) : new Uint8Array(0)
      const bytes = end > layout.fullLines * bytesPerLine ? Buffer.concat([full, last]) : full
      const start = offset - firstLine * bytesPerLine
      return bytes.subarray(start, start + end - offset)
    },
  }
}

async function readLines(
  armored: RangeReader,
  layout: ArmorLayout,
  first: number,
  end: number,
): Promise<Uint8Array> {
  const stride = columns + layout.lineEnd.length
  const text = latin1(await armored.read(layout.bodyOffset + first * stride, (end - first) * stride))
  const lines = text.split(layout.lineEnd)
  if (lines.pop() !== '' || lines.length !== end - first || lines.some((line) => line.length !== columns))
    return malformed()
  const bytes = decodeLines(lines.join(''))
  return bytes.length === lines.length * bytesPerLine ? bytes : malformed()
}

async function findLayout(armored: RangeReader): Promise<ArmorLayout> {
  const { sizeBytes } = armored
  const head = latin1(await armored.read(0, whitespaceLimitBytes + markBytes))
  const begin = head.length - head.trimStart().length
  const afterBegin = begin + beginLine.length
  if (begin > whitespaceLimitBytes || !head.startsWith(beginLine, begin)) return malformed()
  const lineEnd = head.startsWith('\r\n', afterBegin) ? '\r\n' : '\n'
  if (!head.startsWith(lineEnd, afterBegin)) return malformed()
  const bodyOffset = afterBegin + lineEnd.length

  const tailBytes = Math.min(sizeBytes - bodyOffset, whitespaceLimitBytes + markBytes)
  const tail = latin1(await armored.read(sizeBytes - tailBytes, tailBytes)).trimEnd()
  if (!tail.endsWith(endLine)) return malformed()
  const bodyEnd = sizeBytes - tailBytes + tail.length - endLine.length
  const bodyBytes = bodyEnd - bodyOffset
  if (bodyBytes === 0) return { bodyOffset, lineEnd, fullLines: 0, lastLine: '' }

  const stride = columns + lineEnd.length
  const fullLines = Math.ceil(bodyBytes / stride) - 1
  const lastBytes = bodyBytes - fullLines * stride
  const last = latin1(await armored.read(bodyEnd - lastBytes, lastBytes))
  const lastLine = last.slice(0, -lineEnd.length)
  if (!last.endsWith(lineEnd) || lastLine === '') return malformed()
  return { bodyOffset, lineEnd, fullLines, lastLine }
}

function decodeLines(text: string): Uint8Array {
  try {
    return base64.decode(text)
  } catch {
    return malformed()
  }
}

const malformed = (): never => fail({ code: 'age/armor-malformed' })
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
