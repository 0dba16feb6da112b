/** From what the user calls a store, an artifact or a key to its id. */
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyRow, KeyState } from '../../shared/domain/key.ts'
import type { StoreInfo } from '../../shared/domain/store.ts'
import { type Failure, fail, failureOf } from '../../shared/failure.ts'
import { ArtifactId, KeyId } from '../../shared/ids.ts'
import { formatDateTime } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { whichTable } from './artifact-lines.ts'
import { ask, everyRow } from './calls.ts'
import type { Context } from './command.ts'
import { table } from './table.ts'

/** By id or name.
 * @throws store/not-found */
export async function findStore(context: Context, query: string): Promise<StoreInfo> {
  const { stores } = await ask(context, 'stores:list', {})
  const byId = stores.find(({ storeId }) => storeId === query)
  return byId ?? stores.find(({ name }) => name === query) ?? fail({ code: 'store/not-found', query })
}

/** Null means every store. */
export const findStoreIfNamed = async (context: Context, query: string | undefined) =>
  query === undefined ? null : (await findStore(context, query)).storeId

/** Names are many, and only the first are told apart. */
const toldApart = 20

/** Which artifacts one name means, for people: their ids beside what tells them apart. */
export async function sayWhich(context: Context, failure: Failure | null): Promise<void> {
  if (failure?.code !== 'artifact/ambiguous' || context.json) return
  const rows: ArtifactRow[] = []
  for (const id of failure.artifactIds.slice(0, toldApart)) {
    const found = await context.bridge.invoke('artifacts:find', { query: ArtifactId.parse(id) })
    if (found.ok) rows.push(found.value)
  }
  for (const line of whichTable(rows, context.locale)) context.note(line)
}

/** What was perhaps meant by a name that means nothing. */
async function sayNear(context: Context, query: string): Promise<void> {
  if (context.json || query === '') return
  const found = await context.bridge.invoke('artifacts:list', {
    storeId: null,
    folder: '',
    deep: true,
    query,
    sort: { by: 'name', descending: false },
    foreign: false,
    offset: 0,
    limit: 5,
  })
  const names = (found.ok ? found.value.rows : []).flatMap((row) =>
    row.type === 'artifact' ? [row.name] : [],
  )
  if (names.length > 0) context.note(`Did you mean ${[...new Set(names)].map(safeText).join(', ')}?`)
}

/** By id, or by a name that means one artifact. People are told which there are.
 * @throws artifact/not-found, artifact/ambiguous */
export async function findArtifact(context: Context, query: string): Promise<ArtifactRow> {
  try {
    return await ask(context, 'artifacts:find', { query })
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code === 'artifact/ambiguous') await sayWhich(context, failure)
    if (failure?.code === 'artifact/not-found') await sayNear(context, query)
    throw error
  }
}

const everyKey = (context: Context, query: string): Promise<KeyRow[]> =>
  everyRow(
    (page) =>
      ask(context, 'keys:list', {
        query,
        filter: 'all',
        sort: { by: 'name', descending: false },
        ...page,
      }),
    ({ keyId }) => keyId,
  )

/** All keys, or those that a search finds, by name. */
export const listKeys = (context: Context, query = ''): Promise<KeyRow[]> => everyKey(context, query)

type Meaning = {
  /** Of several keys of one artifact its name means the newest in the first of these states that one of them has. */
  prefer?: readonly KeyState[]
  /** Of several keys of one artifact its name does not mean those. */
  ignore?: readonly KeyState[]
}

/** Shorter ones are more likely to be a name. */
const prefixLetters = 8

/** By id, by alias, by the name of its artifact, or by the first letters of an id (8 or more). What means several is
 * refused, and people are told which there are.
 * @param meaning which keys of one artifact its name means; without it, the artifact has to have one key
 * @throws key/not-found, usage/invalid for what means several */
export async function findKey(context: Context, query: string, meaning: Meaning = {}): Promise<KeyId> {
  const asId = KeyId.safeParse(query)
  if (asId.success) return asId.data
  const keys = await everyKey(context, '')
  const isPrefix = ({ keyId }: KeyRow) => query.length >= prefixLetters && keyId.startsWith(query)
  const byAlias = keys.filter(({ alias }) => alias === query)
  const byName = keys.filter(({ artifactName }) => artifactName === query)
  const found = [byAlias, meantOf(byName, meaning), keys.filter(isPrefix)].find(({ length }) => length > 0)
  const [first, second] = found ?? []
  if (first === undefined) return fail({ code: 'key/not-found', keyId: query })
  return second === undefined ? first.keyId : refuseSeveral(context, query, found ?? [])
}

/** Of several artifacts with one name none is meant. */
function meantOf(ofName: readonly KeyRow[], { prefer = [], ignore = [] }: Meaning): readonly KeyRow[] {
  if (new Set(ofName.map(({ artifactId }) => artifactId)).size !== 1) return ofName
  for (const state of prefer) {
    const [newest] = ofName
      .filter((key) => key.state === state)
      .toSorted((one, other) => other.number - one.number)
    if (newest !== undefined) return [newest]
  }
  const left = ofName.filter(({ state }) => !ignore.includes(state))
  return left.length > 0 ? left : ofName
}

function refuseSeveral(context: Context, query: string, keys: readonly KeyRow[]): never {
  if (!context.json) for (const line of whichKeys(keys, context.locale)) context.note(line)
  const which = `${JSON.stringify(query)} means ${keys.length} keys, name one by its id`
  if (!context.json) return fail({ code: 'usage/invalid', detail: which })
  const named = keys.slice(0, toldApart).map(({ keyId, alias, state }) => `${keyId} (${alias}, ${state})`)
  return fail({ code: 'usage/invalid', detail: `${which}: ${named.join(', ')}` })
}

/** What tells them apart. */
const whichKeys = (keys: readonly KeyRow[], locale: string | undefined): string[] =>
  table(
    [{ title: 'Key' }, { title: 'Alias' }, { title: 'State' }, { title: 'Made' }],
    keys
      .slice(0, toldApart)
      .map((key) => [key.keyId, key.alias, key.state, formatDateTime(key.createdAt, locale)]),
  )
