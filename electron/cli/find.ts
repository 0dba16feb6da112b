/** From what the user calls a store, an artifact or a key to its id. */
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyRow, KeyState } from '../../shared/domain/key.ts'
import type { StoreInfo } from '../../shared/domain/store.ts'
import { type Failure, fail, failureOf } from '../../shared/failure.ts'
import { ArtifactId, KeyId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { whichTable } from './artifact-lines.ts'
import { ask, everyRow } from './calls.ts'
import type { Context } from './command.ts'

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

/** By id, by the first letters of one (8 or more), by alias, or by the name of an artifact that has one key only.
 * @throws key/not-found, usage/invalid for what means several */
export async function findKey(context: Context, query: string): Promise<KeyId> {
  const asId = KeyId.safeParse(query)
  if (asId.success) return asId.data
  const keys = await everyKey(context, '')
  const found =
    keys.find(({ alias }) => alias === query) ??
    onlyOne(
      query,
      keys.filter(
        ({ keyId, artifactName }) => artifactName === query || (query.length >= 8 && keyId.startsWith(query)),
      ),
    )
  return found?.keyId ?? fail({ code: 'key/not-found', keyId: query })
}

/** As `findKey`; the name of an artifact with several keys means the newest in the first of these states that one of them
 * has: what the command can act on. */
export async function findKeyToUse(
  context: Context,
  query: string,
  states: readonly KeyState[],
): Promise<KeyId> {
  const ofArtifact = (await listKeys(context, query)).filter(({ artifactName }) => artifactName === query)
  // Of several artifacts with one name none is meant.
  if (new Set(ofArtifact.map(({ artifactId }) => artifactId)).size !== 1) return findKey(context, query)
  for (const state of states) {
    const newest = ofArtifact
      .filter((key) => key.state === state)
      .toSorted((one, other) => other.number - one.number)[0]
    if (newest) return newest.keyId
  }
  return findKey(context, query)
}

function onlyOne(query: string, keys: readonly KeyRow[]): KeyRow | undefined {
  if (keys.length > 1)
    fail({
      code: 'usage/invalid',
      detail: `${JSON.stringify(query)} has ${keys.length} keys, name one by its id: ${keys
        .map(({ keyId, alias, state }) => `${keyId} (${alias}, ${state})`)
        .join(', ')}`,
    })
  return keys[0]
}
