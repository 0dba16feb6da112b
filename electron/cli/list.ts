import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import { formatCounted } from '../../shared/format.ts'
import { artifactSum, artifactTable } from './artifact-lines.ts'
import { ask, everyRow } from './calls.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Command, Input } from './command.ts'
import { findStoreIfNamed } from './find.ts'

const keyOf = (row: StoreEntry): string =>
  row.type === 'artifact'
    ? `a ${row.storeId} ${row.artifactId}`
    : row.type === 'foreign'
      ? `f ${row.storeId} ${row.objectName}`
      : `d ${row.folder}/${row.name}`

function nothing({ operands: [query = ''], text }: Input): string {
  const store = text('store')
  const where = store === undefined ? '' : ` in ${safeText(store)}`
  return query === ''
    ? `Nothing is stored${where || ' here'} yet.`
    : `Nothing${where} matches “${safeText(query)}”.`
}

export const list: Command = {
  words: 'list',
  operands: '[QUERY]',
  operandCount: { min: 0, max: 1 },
  summary: 'list what is stored, or what a search finds',
  options: { store: { value: 'S', help: 'only this store, by name or id' } },
  run: async (input, context) => {
    const storeId = await findStoreIfNamed(context, input.text('store'))
    const entries = await everyRow(
      (page) =>
        ask(context, 'artifacts:list', {
          storeId,
          folder: '',
          deep: true,
          query: input.operands[0] ?? '',
          sort: { by: 'name', descending: false },
          foreign: true,
          ...page,
        }),
      keyOf,
    )
    const artifacts = entries
      .filter((entry) => entry.type === 'artifact')
      .map(({ type: _type, ...artifact }): ArtifactRow => artifact)
    const others = entries.filter((entry) => entry.type === 'foreign')
    const sums = [artifactSum(artifacts, context.locale)]
    if (others.length > 0) sums.push(formatCounted(others.length, 'other object', context.locale))
    const rows = artifactTable(artifacts, others, context.locale, context.outputIsTerminal)
    return {
      value: { artifacts, others },
      lines: rows.length > 0 ? [...rows, '', sums.join(' · ')] : [nothing(input)],
    }
  },
}
