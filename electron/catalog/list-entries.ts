/**
 * One window of what a store holds: folders, then artifacts, then foreign objects. Sorting and filtering run over the
 * thin `artifact_list`; only the rows of the window are joined with the rest. What the window's frame says (folders,
 * counts, sums) is remembered until something changes, so that scrolling asks for rows alone.
 */
import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { StoreEntry } from '../../shared/domain.ts'
import type { StoreId } from '../../shared/ids.ts'
import { artifactRowsByNo, everyStore } from './artifact-rows.ts'
import type { Context, Parameters } from './context.ts'
import { containing, isIndexed, matchExpression, termsOf } from './search-terms.ts'
import { storeNo } from './stores.ts'

type Request = ParsedRequest<'artifacts:list'>
type Folder = Extract<StoreEntry, { type: 'folder' }>
type Foreign = Extract<StoreEntry, { type: 'foreign' }>

/** What a listing means, as SQL over `artifact_list l` and over `foreign_objects f`. */
type Meant = {
  scope: number
  /** At the level shown. */
  here: string
  /** There and below. */
  below: string
  foreignHere: string
  foreignBelow: string
  parameters: Parameters
  foreignParameters: Parameters
}

type Frame = {
  folders: Folder[]
  artifactsHere: number
  foreignHere: number
  artifacts: number
  ciphertextBytes: number
  otherObjects: number
}

const artifactOrder = {
  name: 'l.name_key',
  kind: 'l.kind_label',
  size: 'l.plaintext_bytes',
  encrypted: 'l.encrypted_at',
  key: 'l.key_rank',
}
const foreignOrder = {
  name: 'f.name_key',
  kind: 'f.name_key',
  size: 'f.size_bytes',
  encrypted: 'f.modified_at',
  key: 'f.name_key',
}

export function listing(context: Context) {
  const frames = new Map<string, Frame>()
  const frameOf = (request: Request, meant: Meant): Frame => {
    const { storeId, folder, deep, query, foreign } = request
    const key = JSON.stringify([storeId, folder, deep, query, foreign])
    const known = frames.get(key)
    if (known) return known
    const frame = measure(context, request, meant)
    if (frames.size >= 16) frames.clear()
    frames.set(key, frame)
    return frame
  }
  return {
    /** Something changed that a frame may show. */
    forget: () => frames.clear(),
    listEntries: (request: Request): Response<'artifacts:list'> => {
      const meant = meaning(context, request)
      const frame = frameOf(request, meant)
      const end = request.offset + request.limit
      const folders = frame.folders.slice(request.offset, end)
      const rows: StoreEntry[] = [...folders]
      const first = Math.max(0, request.offset - frame.folders.length)
      if (rows.length < request.limit && first < frame.artifactsHere)
        rows.push(...artifactWindow(context, request, meant, first, request.limit - rows.length))
      const firstForeign = Math.max(0, request.offset - frame.folders.length - frame.artifactsHere)
      if (rows.length < request.limit && firstForeign < frame.foreignHere)
        rows.push(...foreignWindow(context, request, meant, firstForeign, request.limit - rows.length))
      return {
        total: frame.folders.length + frame.artifactsHere + frame.foreignHere,
        rows,
        artifacts: frame.artifacts,
        ciphertextBytes: frame.ciphertextBytes,
        otherObjects: frame.otherObjects,
      }
    },
    listArtifactIds: (request: Pick<Request, 'storeId' | 'folder' | 'deep' | 'query'>) => {
      const { here, parameters } = meaning(context, request)
      const row = context.get<{ ids: string }>(
        `SELECT json_group_array(artifact_id) AS ids FROM (
           SELECT a.artifact_id FROM artifact_list l JOIN artifacts a ON a.artifact_no = l.artifact_no
           WHERE l.scope = $scope AND ${here} ORDER BY l.name_key, l.artifact_no LIMIT 100000)`,
        parameters,
      )
      return JSON.parse(row?.ids ?? '[]')
    },
  }
}

function meaning(
  context: Context,
  { storeId, folder, deep, query }: Pick<Request, 'storeId' | 'folder' | 'deep' | 'query'>,
): Meant {
  const scope = storeId === null ? everyStore : storeNo(context, storeId)
  const terms = termsOf(query)
  const parameters: Parameters = { scope }
  const foreignParameters: Parameters = { scope }
  const under = (table: string) =>
    folder === ''
      ? 'true'
      : `${table}.folder >= $folder AND ${table}.folder < $folder || '0'
         AND (${table}.folder = $folder OR ${table}.folder >= $folder || '/')`
  if (folder !== '') parameters['folder'] = foreignParameters['folder'] = folder

  const found: string[] = []
  const foreignFound: string[] = ['($scope = 0 OR f.store_no = $scope)']
  const expression = matchExpression(terms)
  if (expression !== null) {
    found.push('l.artifact_no IN (SELECT rowid FROM search WHERE search MATCH $expression)')
    parameters['expression'] = expression
  }
  for (const [index, term] of terms.entries()) {
    foreignFound.push(`f.name_key LIKE $term${index} ESCAPE '\\'`)
    foreignParameters[`term${index}`] = containing(term)
    if (isIndexed(term)) continue
    found.push(`l.name_key LIKE $term${index} ESCAPE '\\'`)
    parameters[`term${index}`] = containing(term)
  }

  const below = [under('l'), ...found].join(' AND ')
  const foreignBelow = [under('f'), ...foreignFound].join(' AND ')
  const isDeep = deep || terms.length > 0
  const level = (table: string) => (folder === '' ? `${table}.folder = ''` : `${table}.folder = $folder`)
  return {
    scope,
    below,
    foreignBelow,
    here: isDeep ? below : level('l'),
    foreignHere: isDeep ? foreignBelow : [level('f'), ...foreignFound].join(' AND '),
    parameters,
    foreignParameters,
  }
}

function measure(context: Context, request: Request, meant: Meant): Frame {
  const { below, here, foreignBelow, parameters, foreignParameters } = meant
  const isDeep = here === below
  const artifacts = context.all<{ folder: string; artifacts: number; bytes: number }>(
    `SELECT l.folder, count(*) AS artifacts, sum(l.ciphertext_bytes) AS bytes FROM artifact_list l
     WHERE l.scope = $scope AND ${below} GROUP BY l.folder`,
    parameters,
  )
  const foreign = context.all<{ folder: string; objects: number }>(
    `SELECT f.folder, count(*) AS objects FROM foreign_objects f WHERE ${foreignBelow} GROUP BY f.folder`,
    foreignParameters,
  )
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
  const artifactsBelow = sum(artifacts.map((row) => row.artifacts))
  const otherObjects = sum(foreign.map((row) => row.objects))
  const isHere = (row: { folder: string }) => isDeep || row.folder === request.folder
  return {
    folders: isDeep
      ? []
      : foldersBelow(request, artifacts, request.foreign ? foreign.map((row) => row.folder) : []),
    artifactsHere: sum(artifacts.filter(isHere).map((row) => row.artifacts)),
    foreignHere: request.foreign ? sum(foreign.filter(isHere).map((row) => row.objects)) : 0,
    artifacts: artifactsBelow,
    ciphertextBytes: sum(artifacts.map((row) => row.bytes)),
    otherObjects,
  }
}

/** The next level of folders, sorted by name. */
function foldersBelow(
  { folder, sort }: Request,
  artifacts: { folder: string; artifacts: number }[],
  others: string[],
): Folder[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const counts = new Map<string, number>()
  for (const row of [...artifacts, ...others.map((name) => ({ folder: name, artifacts: 0 }))]) {
    if (row.folder === folder || !row.folder.startsWith(prefix)) continue
    const [name = ''] = row.folder.slice(prefix.length).split('/')
    counts.set(name, (counts.get(name) ?? 0) + row.artifacts)
  }
  const names = [...counts.keys()].toSorted((one, other) => {
    const order = one.toLowerCase() < other.toLowerCase() ? -1 : 1
    return sort.by === 'name' && sort.descending ? -order : order
  })
  return names.map((name) => ({
    type: 'folder',
    folder: prefix + name,
    name,
    artifacts: counts.get(name) ?? 0,
  }))
}

function artifactWindow(context: Context, request: Request, meant: Meant, offset: number, limit: number) {
  const direction = request.sort.descending ? 'DESC' : 'ASC'
  const numbers = context.all<{ no: number }>(
    `SELECT l.artifact_no AS no FROM artifact_list l WHERE l.scope = $scope AND ${meant.here}
     ORDER BY ${artifactOrder[request.sort.by]} ${direction}, l.name_key ${direction}, l.artifact_no ${direction}
     LIMIT $limit OFFSET $offset`,
    { ...meant.parameters, limit, offset },
  )
  const rows = artifactRowsByNo(
    context,
    numbers.map((row) => row.no),
    meant.scope,
  )
  return rows.map((row): StoreEntry => ({ type: 'artifact', ...row }))
}

function foreignWindow(
  context: Context,
  request: Request,
  meant: Meant,
  offset: number,
  limit: number,
): Foreign[] {
  const direction = request.sort.descending ? 'DESC' : 'ASC'
  return context
    .all<{ storeId: StoreId; objectName: string; sizeBytes: number; modifiedAt: number; isAgeFile: number }>(
      `SELECT s.store_id AS storeId, f.object_name AS objectName, f.size_bytes AS sizeBytes,
         f.modified_at AS modifiedAt, f.is_age_file AS isAgeFile
       FROM foreign_objects f JOIN stores s ON s.store_no = f.store_no WHERE ${meant.foreignHere}
       ORDER BY ${foreignOrder[request.sort.by]} ${direction}, f.object_name ${direction}, f.store_no
       LIMIT $limit OFFSET $offset`,
      { ...meant.foreignParameters, limit, offset },
    )
    .map((row) => ({ type: 'foreign', ...row, isAgeFile: row.isAgeFile === 1 }))
}
