import type { PickleFindings, PickleStream } from '../../../shared/model-inspection.ts'
import { LimitReached, Malformed, type Budget } from '../bounds.ts'
import { sliceReader, type ByteReader } from '../byte-reader.ts'
import { createCursor } from '../cursor.ts'
import { printable } from '../printable.ts'
import { openZipEntry, readZipDirectory, type ZipDirectory } from '../zip-directory.ts'
import { dangerOf } from './dangerous-imports.ts'
import { findingsOf } from './findings.ts'
import { frameworkOf } from './frameworks.ts'
import { createDiscoveries, type Discoveries } from './machine.ts'
import type { ArgumentSource, NestedCandidate } from './read-argument.ts'
import { walkPickle, type Walk } from './walk.ts'

/** A search through all pickles of one file, and of files within it. */
export interface Scan {
  readonly budget: Budget
  readonly work: { left: number }
  readonly discoveries: Discoveries
  readonly streams: PickleStream[]
  readonly notes: Set<string>
  incomplete: boolean
  joblibArrays: number
  /** The walk over the first pickle, as far as it came. */
  first: Walk | null
}

const opcodeBytesLimit = 67_108_864
const streamsLimit = 256
const nestingLimit = 2
const archivePicklesLimit = 256
const plainRereadBytes = 1_048_576

export const createScan = (budget: Budget, opcodeBytes = opcodeBytesLimit): Scan => ({
  budget,
  work: { left: opcodeBytes },
  discoveries: createDiscoveries(),
  streams: [],
  notes: new Set(),
  incomplete: false,
  joblibArrays: 0,
  first: null,
})

export const findingsOfScan = (scan: Scan): PickleFindings =>
  findingsOf(scan.discoveries, scan.streams, scan.incomplete, [...scan.notes])

export const frameworkOfScan = (scan: Scan): string | null => frameworkOf(scan.discoveries)

/** Takes over what another walk found; of a doubtful one only what is known to be dangerous. */
function merge(into: Discoveries, from: Discoveries, isDoubtful: boolean): void {
  for (const [key, record] of from.imports) {
    if (isDoubtful && !dangerOf(record.module, record.name)) continue
    const known = into.imports.get(key)
    if (known) known.isCalled ||= record.isCalled
    else into.imports.set(key, record)
  }
  if (isDoubtful) return
  into.hidden += from.hidden
  into.hasForgotten ||= from.hasForgotten
  into.sklearnVersion ??= from.sklearnVersion
}

const hasDanger = ({ imports }: Discoveries): boolean =>
  [...imports.values()].some(({ module, name }) => dangerOf(module, name) !== null)

function note(scan: Scan, walk: Walk, where: string | null): void {
  scan.streams.push({
    where: where === null ? null : printable(where),
    offsetBytes: walk.offset,
    protocol: walk.protocol,
    isComplete: walk.end === 'stopped',
  })
  scan.joblibArrays += walk.joblibArrays
  if (walk.end !== 'stopped') scan.incomplete = true
}

/**
 * Walks the pickle at the reader's start, every further one behind it, and those in its binary strings.
 * @returns the walk over the first
 */
export async function scanPickles(
  scan: Scan,
  reader: ByteReader,
  where: string | null,
  nesting = 0,
): Promise<Walk> {
  const candidates: NestedCandidate[] = []
  const cursor = createCursor(reader, scan.budget)
  const source: ArgumentSource = { cursor, candidates, work: scan.work }
  const first = await walkPickle(source, scan.discoveries, { joblib: true })
  note(scan, first, where)
  scan.first ??= first
  let last = first
  for (let count = 1; last.end === 'stopped' && !cursor.atEnd; count++) {
    if (count >= streamsLimit) {
      scan.incomplete = true
      break
    }
    const found = createDiscoveries()
    last = await walkPickle(source, found, { joblib: true })
    const isDoubtful = last.end === 'malformed'
    merge(scan.discoveries, found, isDoubtful)
    if (!isDoubtful || hasDanger(found)) note(scan, last, where)
  }
  if (first.joblibArrays > 0) await rereadAsPlain(scan, reader)
  for (const candidate of candidates) await scanNested(scan, reader, candidate, nesting)
  return first
}

/** What `pickle.load` would run of a file made for joblib: it takes the arrays' bytes for opcodes. */
async function rereadAsPlain(scan: Scan, reader: ByteReader): Promise<void> {
  const found = createDiscoveries()
  const work = { left: Math.min(plainRereadBytes, scan.work.left) }
  const source: ArgumentSource = { cursor: createCursor(reader, scan.budget), candidates: [], work }
  await walkPickle(source, found, { joblib: false })
  merge(scan.discoveries, found, true)
}

async function scanNested(scan: Scan, reader: ByteReader, candidate: NestedCandidate, nesting: number) {
  if (nesting >= nestingLimit) {
    scan.incomplete = true
    return
  }
  const inner = sliceReader(reader, candidate.offset, candidate.lengthBytes)
  const found: Scan = { ...createScan(scan.budget), work: scan.work }
  const where = `bytes at ${candidate.offset}`
  scan.budget.spend(2)
  const head = await inner.read(0, 2)
  const isWhole =
    head[0] === 0x50
      ? await scanNestedArchive(found, inner, where, nesting)
      : (await scanPickles(found, inner, where, nesting + 1)).end === 'stopped'
  if (!isWhole && !hasDanger(found.discoveries)) return
  scan.notes.add('A pickle within the pickle was looked at, too.')
  merge(scan.discoveries, found.discoveries, !isWhole)
  scan.streams.push(...found.streams)
  scan.incomplete ||= found.incomplete
}

async function scanNestedArchive(
  scan: Scan,
  reader: ByteReader,
  where: string,
  nesting: number,
): Promise<boolean> {
  try {
    const directory = await readZipDirectory(reader, scan.budget)
    await scanArchive(scan, reader, directory, where, nesting + 1)
    return true
  } catch (error) {
    if (error instanceof Malformed) return false
    throw error
  }
}

const pickleName = /\.(?:pkl|pickle)$/i

/** Walks the pickles among the entries of a zip archive, as PyTorch writes them. */
export async function scanArchive(
  scan: Scan,
  reader: ByteReader,
  directory: ZipDirectory,
  where: string | null,
  nesting = 0,
): Promise<void> {
  if (directory.isCut) scan.incomplete = true
  const pickles = directory.entries.filter(({ name }) => pickleName.test(name))
  if (pickles.length > archivePicklesLimit) scan.incomplete = true
  for (const entry of pickles.slice(0, archivePicklesLimit)) {
    const content = await openZipEntry(reader, scan.budget, entry)
    if (!content) {
      scan.incomplete = true
      scan.notes.add('A pickle in it is encrypted or packed in a way that cannot be looked into.')
      continue
    }
    if (!content.isWhole) scan.incomplete = true
    await scanPickles(scan, content.reader, where === null ? entry.name : `${where}: ${entry.name}`, nesting)
  }
}

/** Runs a part of a scan; where a bound ends it, what was found stands. */
export async function withinBounds(scan: Scan, part: () => Promise<void>): Promise<void> {
  try {
    await part()
  } catch (error) {
    if (!(error instanceof LimitReached)) throw error
    scan.incomplete = true
  }
}
