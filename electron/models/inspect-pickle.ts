import type { ModelInspection, ModelKind } from '../../shared/model-inspection.ts'
import { memoryReader } from './byte-reader.ts'
import { readRange } from './cursor.ts'
import { inflateBounded } from './inflate.ts'
import { answer, type Subject } from './parts.ts'
import { warningOf } from './pickle/findings.ts'
import {
  createScan,
  findingsOfScan,
  frameworkOfScan,
  scanPickles,
  withinBounds,
  type Scan,
} from './pickle/scan.ts'
import type { Walk } from './pickle/walk.ts'

const pickleName = /\.(pkl|pickle|pck|pcl|p|joblib|jl|sav|pt|pth|ckpt|bin|dill|cloudpickle)(\.(gz|z|gzip))?$/i
const joblibName = /\.(joblib|jl)(\.(gz|z|gzip))?$/i
/** Whether a file's name says that it is a pickle. */
export const isPickleName = (fileName: string): boolean => pickleName.test(fileName)

const guessOpcodeBytes = 1_048_576
const packedLimitBytes = 67_108_864
const unpackedLimitBytes = 134_217_728

/** The magic number with which PyTorch before 1.6 starts: a pickled integer. @see torch/serialization.py */
const legacyTorch = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]

const startsLegacyTorch = (head: Uint8Array) => legacyTorch.every((byte, at) => head[at] === byte)

/** From protocol 2 on a pickle starts with its protocol. */
export const startsWithProtocol = (head: Uint8Array): boolean => head[0] === 0x80 && (head[1] ?? 255) <= 5

function pickleAnswer(scan: Scan, walk: Walk, kind: ModelKind, isJoblib: boolean): ModelInspection {
  const findings = findingsOfScan(scan)
  const found = frameworkOfScan(scan)
  const framework = kind === 'torch-legacy' ? 'PyTorch' : found
  const maker = isJoblib || scan.joblibArrays > 0 ? 'joblib' : framework
  const label = maker === null ? 'pickle' : `pickle · ${maker}`
  const malformed = walk.end === 'malformed' ? walk.reason : null
  return answer(
    kind,
    label,
    { kind: 'pickle', ...findings },
    { framework, malformed, warning: warningOf(findings) },
  )
}

/**
 * Whether a file without a mark of its own is a pickle of protocol 0 or 1. Text can look like one by chance, so it
 * must come to its end and either fill the file or import something; a name that says pickle may break off.
 */
function isConvincing(walk: Walk, scan: Scan, subject: Subject): boolean {
  const { imports } = scan.discoveries
  const isNamed = isPickleName(subject.fileName)
  if (walk.end === 'stopped')
    return isNamed || imports.size > 0 || walk.endOffset === subject.reader.sizeBytes
  const calls = [...imports.values()].some(({ isCalled }) => isCalled)
  return isNamed && (calls || (walk.end === 'limit' && walk.opcodeCount > 1000))
}

/** A pickle, by its first bytes or, where it has no mark, by walking it. Null where it is none. */
export async function inspectPickle(subject: Subject): Promise<ModelInspection | null> {
  const { reader, head, budget, fileName } = subject
  const isMarked = startsWithProtocol(head)
  const scan = createScan(budget, isMarked || isPickleName(fileName) ? undefined : guessOpcodeBytes)
  await withinBounds(scan, async () => {
    await scanPickles(scan, reader, null)
  })
  const { first } = scan
  if (!first || (!isMarked && !isConvincing(first, scan, subject))) return null
  const kind = startsLegacyTorch(head) ? 'torch-legacy' : 'pickle'
  return pickleAnswer(scan, first, kind, joblibName.test(fileName))
}

const isZlib = (head: Uint8Array) => head[0] === 0x78 && ((0x78 << 8) | (head[1] ?? 0)) % 31 === 0

/** A pickle that joblib packed with zlib, or anyone with gzip. Null where what is packed is no pickle. */
export async function inspectPackedPickle(
  subject: Subject,
  compression: 'zlib' | 'gzip',
): Promise<ModelInspection | null> {
  const { reader, budget, head, fileName } = subject
  if (compression === 'zlib' && !isZlib(head)) return null
  const start = await inflateBounded(head, compression, 16)
  if (!startsWithProtocol(start.bytes)) return null
  const scan = createScan(budget)
  scan.notes.add(`It is packed with ${compression}.`)
  await withinBounds(scan, async () => {
    const packed = await readRange(reader, budget, 0, Math.min(reader.sizeBytes, packedLimitBytes))
    const { bytes, isWhole } = await inflateBounded(packed, compression, unpackedLimitBytes)
    if (!isWhole) scan.incomplete = true
    budget.spend(bytes.length)
    await scanPickles(scan, memoryReader(bytes), null)
  })
  return scan.first && pickleAnswer(scan, scan.first, 'pickle', joblibName.test(fileName))
}
