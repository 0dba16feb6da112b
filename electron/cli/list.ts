import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { Request } from '../../shared/contract/contract.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import { formatCount, formatCounted } from '../../shared/format.ts'
import { artifactSum, artifactTable } from './artifact-lines.ts'
import { ask, everyRow } from './calls.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Command, Context, Input } from './command.ts'
import { findStoreIfNamed } from './find.ts'

const keyOf = (row: StoreEntry): string =>
  row.type === 'artifact'
    ? `a ${row.storeId} ${row.artifactId}`
    : row.type === 'foreign'
      ? `f ${row.storeId} ${row.objectName}`
      : `d ${row.folder}/${row.name}`

function nothing({ operands: [query = ''], text, isSet }: Input): string {
  const store = text('store')
  const where = store === undefined ? '' : ` in ${safeText(store)}`
  if (isSet('archived') && query === '') return `Nothing is archived${where || ' here'}.`
  return query === ''
    ? `Nothing is stored${where || ' here'} yet.`
    : `Nothing${where} matches “${safeText(query)}”.`
}

/** For people: what the list leaves out is counted beneath it. */
async function countArchived(
  context: Context,
  what: Omit<Request<'artifacts:list'>, 'foreign' | 'archived' | 'offset' | 'limit'>,
): Promise<number> {
  if (context.json) return 0
  const page = { foreign: false, archived: 'only', offset: 0, limit: 1 } as const
  return (await ask(context, 'artifacts:list', { ...what, ...page })).artifacts
}

export const list: Command = {
  words: 'list',
  operands: '[QUERY]',
  operandCount: { min: 0, max: 1 },
  summary: 'list what is stored, or what a search finds',
  options: {
    store: { value: 'S', help: 'only this store, by name or id' },
    archived: { help: 'what weightlock archive put out of the list, instead of the rest' },
  },
  run: async (input, context) => {
    const isArchived = input.isSet('archived')
    const what = {
      storeId: await findStoreIfNamed(context, input.text('store')),
      folder: '',
      deep: true,
      query: input.operands[0] ?? '',
      sort: { by: 'name', descending: false },
    } as const
    const entries = await everyRow(
      (page) =>
        ask(context, 'artifacts:list', {
          ...what,
          foreign: !isArchived,
          ...(isArchived ? { archived: 'only' as const } : {}),
          ...page,
        }),
      keyOf,
    )
    const artifacts = entries
      .filter((entry) => entry.type === 'artifact')
      .map(({ type: _type, ...artifact }): ArtifactRow => artifact)
    const others = entries.filter((entry) => entry.type === 'foreign')
    const sums = [artifactSum(artifacts, context.locale)]
    const outOfSight = isArchived ? 0 : await countArchived(context, what)
    if (others.length > 0) sums.push(formatCounted(others.length, 'other object', context.locale))
    const rows = artifactTable(artifacts, others, context.locale, context.outputIsTerminal)
    if (outOfSight > 0)
      sums.push(`${formatCount(outOfSight, context.locale)} archived (--archived lists them)`)
    const isEmpty = rows.length === 0
    return {
      value: { artifacts, others },
      lines:
        isEmpty && outOfSight === 0
          ? [nothing(input)]
          : [...rows, ...(isEmpty ? [] : ['']), sums.join(' · ')],
    }
  },
}
