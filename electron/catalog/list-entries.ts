/**
 * One window of what a store holds: folders, then artifacts, then foreign objects. Sorting and filtering run over the
 * thin `artifact_list`; only the rows of the window are joined with the rest. What the window's frame says (folders,
 * counts, sums) is remembered until something changes, so that scrolling asks for rows alone.
 */
import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { StoreEntry } from '../../shared/domain/store.ts'
import type { StoreId } from '../../shared/ids.ts'
import { artifactRowsByNo } from './artifact-rows.ts'
import type { Context } from './context.ts'
import { artifactOrders } from './list-order.ts'
import { meaning, type Meant } from './list-meaning.ts'

type Request = ParsedRequest<'artifacts:list'>
type Folder = Extract<StoreEntry, { type: 'folder' }>
type Foreign = Extract<StoreEntry, { type: 'foreign' }>

type Frame = {
  folders: Folder[]
  artifactsHere: number
  foreignHere: number
  artifacts: number
  ciphertextBytes: number
  otherObjects: number
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
  const order = artifactOrders(context)
  const frameOf = (request: Request, meant: Meant): Frame => {
    const { storeId, folder, deep, query, foreign, archived } = request
    const key = JSON.stringify([storeId, folder, deep, query, foreign, archived])
    const known = frames.get(key)
    if (known) return known
    const frame = measure(context, request, meant)
    if (frames.size >= 16) frames.clear()
    frames.set(key, frame)
    return frame
  }
  const artifactWindow = (request: Request, meant: Meant, offset: number, limit: number) =>
    artifactRowsByNo(context, order.window(request, meant, offset, limit), meant.scope).map(
      (row): StoreEntry => ({ type: 'artifact', ...row }),
    )
  return {
    /** Something changed that a frame may show. */
    forget: () => {
      frames.clear()
      order.forget()
    },
    listEntries: (request: Request): Response<'artifacts:list'> => {
      const meant = meaning(context, request)
      const frame = frameOf(request, meant)
      const end = request.offset + request.limit
      const folders = frame.folders.slice(request.offset, end)
      const rows: StoreEntry[] = [...folders]
      const first = Math.max(0, request.offset - frame.folders.length)
      if (rows.length < request.limit && first < frame.artifactsHere)
        rows.push(...artifactWindow(request, meant, first, request.limit - rows.length))
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
