import type { ModelInspection } from '../../shared/model-inspection.ts'
import { LimitReached } from './bounds.ts'
import { readRange } from './cursor.ts'
import { readNpyHeader, scanNpyObjects } from './numpy.ts'
import { answer, type Subject } from './parts.ts'
import { warningOf } from './pickle/findings.ts'
import { createScan, findingsOfScan, scanArchive, withinBounds } from './pickle/scan.ts'
import { decodeLatin1 } from './printable.ts'
import { createTensorTable } from './tensor-table.ts'
import { openZipEntry, readZipDirectory, type ZipDirectory, type ZipEntry } from './zip-directory.ts'

const arraysRead = 2000
const npyHeadBytes = 70_000
const kerasConfigBytes = 8_388_608

/** What a zip archive holds: a PyTorch file, NumPy arrays, a Keras model, or anything else.
 * @throws Malformed where its directory cannot be read */
export async function inspectZip(subject: Subject): Promise<ModelInspection> {
  const directory = await readZipDirectory(subject.reader, subject.budget)
  const files = directory.entries.filter(({ name }) => !name.endsWith('/'))
  const has = (pattern: RegExp) => files.some(({ name }) => pattern.test(name))
  if (files.length > 0 && files.every(({ name }) => name.endsWith('.npy'))) return inspectNpz(subject, files)
  if (has(/^config\.json$/) && has(/^model\.weights\.h5$/)) return inspectKeras(subject, files)
  if (has(/(^|\/)(data|constants)\.pkl$/)) return inspectTorch(subject, directory)
  if (has(/\.(pkl|pickle)$/i)) return inspectArchive(subject, directory)
  if (has(/^schema\.json$/) && /\.skops$/i.test(subject.fileName)) return answer('zip', 'zip · skops')
  return answer('zip', 'zip archive')
}

async function inspectTorch(subject: Subject, directory: ZipDirectory): Promise<ModelInspection> {
  const findings = await findingsOfArchive(subject, directory)
  const isScript = directory.entries.some(({ name }) => /(^|\/)code\//.test(name))
  const label = isScript ? 'pickle · TorchScript' : 'pickle · PyTorch'
  const warning = warningOf(findings)
  return answer('torch-zip', label, { kind: 'pickle', ...findings }, { framework: 'PyTorch', warning })
}

async function inspectArchive(subject: Subject, directory: ZipDirectory): Promise<ModelInspection> {
  const findings = await findingsOfArchive(subject, directory)
  return answer('zip', 'zip · pickle', { kind: 'pickle', ...findings }, { warning: warningOf(findings) })
}

async function findingsOfArchive({ reader, budget }: Subject, directory: ZipDirectory) {
  const scan = createScan(budget)
  await withinBounds(scan, () => scanArchive(scan, reader, directory, null))
  return findingsOfScan(scan)
}

async function inspectNpz(subject: Subject, files: readonly ZipEntry[]): Promise<ModelInspection> {
  const { reader, budget } = subject
  const table = createTensorTable()
  const scan = createScan(budget)
  await withinBounds(scan, async () => {
    for (const entry of files.slice(0, arraysRead)) {
      const start = await openZipEntry(reader, budget, entry, npyHeadBytes)
      if (!start) {
        scan.incomplete = true
        continue
      }
      const header = await readNpyHeader(start.reader, budget)
      table.add(entry.name.slice(0, -'.npy'.length), header.dtype, header.shape, header.sizeBytes)
      if (!header.hasObjects) continue
      const whole = await openZipEntry(reader, budget, entry)
      if (!whole) continue
      if (!whole.isWhole) scan.incomplete = true
      await scanNpyObjects(scan, whole.reader, header, entry.name)
    }
    if (files.length > arraysRead) throw new LimitReached()
  })
  const listed = table.finish('npz')
  const hasPickles = scan.streams.length > 0
  // An archive that was not read to its end may hold objects behind it.
  const findings = hasPickles || scan.incomplete ? findingsOfScan(scan) : null
  const truncatedAt = listed.tensorCount < files.length ? listed.tensors.length : listed.truncatedAt
  const inside = { ...listed, tensorCount: files.length, truncatedAt, pickle: findings }
  return answer('numpy-archive', 'NumPy archive', inside, {
    framework: 'NumPy',
    warning: warningOf(findings),
  })
}

/** Keras stores a Lambda layer's Python code in its configuration. */
async function inspectKeras(
  { reader, budget }: Subject,
  files: readonly ZipEntry[],
): Promise<ModelInspection> {
  const config = files.find(({ name }) => name === 'config.json')
  const content = config && (await openZipEntry(reader, budget, config, kerasConfigBytes))
  const lengthBytes = Math.min(content?.reader.sizeBytes ?? 0, kerasConfigBytes)
  const text = content ? decodeLatin1(await readRange(content.reader, budget, 0, lengthBytes)) : ''
  const hasLambda = /"class_name"\s*:\s*"Lambda"/.test(text)
  const isWhole = content?.isWhole === true && content.reader.sizeBytes <= kerasConfigBytes
  const warning =
    hasLambda || !isWhole
      ? {
          severity: hasLambda ? ('runs-code' as const) : ('unknown' as const),
          danger: hasLambda ? ('code' as const) : null,
          flagged: hasLambda ? ['keras.layers.Lambda'] : [],
          flaggedCount: hasLambda ? 1 : 0,
          hidden: 0,
          importCount: hasLambda ? 1 : 0,
          incomplete: !isWhole,
        }
      : null
  return answer('keras-zip', 'Keras archive', { kind: 'none' }, { framework: 'Keras', warning })
}
