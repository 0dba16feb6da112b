/** What is inside a model, as the terminal shows it. Names come out of the file and are made safe by the table. */
import type { Inside, PickleFindings } from '../../shared/model-inspection.ts'
import { formatBytes, formatCount, formatCounted, formatParameters } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { facts, table } from './table.ts'

type Locale = string | undefined

const shownTensors = 20
const shownImports = 20
const shownMetadata = 20

const verdictWords = { known: 'known', unknown: 'on no list', 'runs-code': 'runs code' } as const

function pickleLines(findings: PickleFindings, locale: Locale): string[] {
  const verdicts = {
    none: 'nothing that runs code was found',
    unknown: 'names on no list',
    'runs-code': 'RUNS CODE',
  }
  const head = `Pickle: loading it ${findings.severity === 'runs-code' ? 'RUNS CODE' : `was read without running it; ${verdicts[findings.severity]}`}`
  const rows = findings.imports
    .slice(0, shownImports)
    .map((each) => [
      `  ${each.module}.${each.name}`,
      verdictWords[each.verdict],
      each.isCalled ? 'is called' : '',
    ])
  const more = findings.importCount - rows.length
  return [
    head,
    ...table([{ title: '  Import' }, { title: 'Verdict' }, { title: 'Use' }], rows),
    ...(more > 0 ? [`  and ${formatCount(more, locale)} more`] : []),
    ...(findings.hidden > 0
      ? [`  ${formatCounted(findings.hidden, 'import')} computed while loading, not readable`]
      : []),
    ...findings.notes.map((note) => `  ${safeText(note)}`),
  ]
}

const metadataLines = (entries: readonly { key: string; value: string }[]): string[] =>
  facts(entries.slice(0, shownMetadata).map(({ key, value }) => [`  ${safeText(key)}`, value] as const))

export function insideLines(inside: Inside, locale: Locale): string[] {
  switch (inside.kind) {
    case 'pickle':
      return pickleLines(inside, locale)
    case 'tensors': {
      const rows = inside.tensors
        .slice(0, shownTensors)
        .map((each) => [
          `  ${each.name}`,
          each.dtype,
          each.shape.join(' × '),
          each.sizeBytes === null ? '' : formatBytes(each.sizeBytes, locale),
        ])
      const more = inside.tensorCount - rows.length
      return [
        `${inside.format}: ${formatCounted(inside.tensorCount, 'tensor', locale)} · ${formatParameters(inside.parameterCount, locale)} parameters`,
        ...metadataLines(inside.metadata),
        ...table(
          [
            { title: '  Tensor' },
            { title: 'Type' },
            { title: 'Shape', align: 'right' },
            { title: 'Size', align: 'right' },
          ],
          rows,
        ),
        ...(more > 0 ? [`  and ${formatCount(more, locale)} more`] : []),
        ...(inside.pickle ? pickleLines(inside.pickle, locale) : []),
      ]
    }
    case 'onnx':
      return [
        `ONNX: ${formatCounted(inside.nodeCount, 'node', locale)} · ${formatCounted(inside.initializerCount, 'initializer', locale)}`,
        ...facts([
          ['  Graph', inside.graphName ?? '—'],
          ['  Producer', inside.producer ?? '—'],
          [
            '  Opsets',
            inside.opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', '),
          ],
        ]),
        ...(inside.hasExternalData ? ['  Its weights lie in other files, which must travel along.'] : []),
        ...metadataLines(inside.metadata),
      ]
    case 'facts':
      return metadataLines(inside.facts).map((line) => line.slice(2))
    case 'folder': {
      const folders = new Set(
        inside.entries.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))),
      )
      return [
        `Folder: ${formatCounted(inside.fileCount, 'file', locale)}`,
        ...table(
          [{ title: '  Name' }, { title: 'Size', align: 'right' }],
          inside.entries.map(({ path, sizeBytes }) =>
            folders.has(path) ? [`  ${path}/`, ''] : [`  ${path}`, formatBytes(sizeBytes, locale)],
          ),
        ),
        ...(inside.truncatedAt === null ? [] : ['  and more']),
      ]
    }
    case 'none':
      return []
  }
}
