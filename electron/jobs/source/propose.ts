/** What a drop would become: names, sizes, kinds, links, refusals. Nothing is encrypted and nothing is changed. */
import { basename, dirname } from 'node:path'
import { folderKindOf } from '../../models/folder-kind.ts'
import { findShardSets } from '../../models/shards.ts'
import { inspectModel } from '../../models/inspect.ts'
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import { fail, failureOf, type Failure } from '../../../shared/failure.ts'
import type { ModelSummary, ShardSet } from '../../../shared/model-inspection.ts'
import { follow, openSource } from './open-source.ts'
import { scanFolder } from './scan-folder.ts'
import type { SourceFiles } from './source-files.ts'

/** A proposal before the catalog has said what the name would mean. */
export type Candidate = Omit<EncryptProposal, 'existing' | 'objectName'>

const nothingLinked = { count: 0, outside: [], leftOut: [] }
const unknown: ModelSummary = {
  kind: 'binary',
  label: 'file',
  framework: null,
  warning: null,
  malformed: null,
}

/** @param paths absolute, in the order of the drop
 * @param groupShards whether shards with their index are proposed as one artifact */
export async function propose(
  files: SourceFiles,
  paths: readonly string[],
  { groupShards, signal }: { groupShards: boolean; signal?: AbortSignal },
): Promise<Candidate[]> {
  const names = paths.map((path) => basename(path))
  const parent = basename(dirname(paths[0] ?? ''))
  const sets = groupShards ? findShardSets(names, parent).filter((set) => set.members.length > 1) : []
  const grouped = new Set<number>()
  const candidates: Candidate[] = []
  for (const set of sets) {
    const members = set.members.flatMap((member) => {
      const at = paths.findIndex((path, index) => basename(path) === member && !grouped.has(index))
      return at < 0 ? [] : [at]
    })
    for (const member of members) grouped.add(member)
    candidates.push(await orRefusal(members, set.name, () => proposeShards(files, paths, members, set)))
  }
  for (const [index, path] of paths.entries()) {
    if (grouped.has(index)) continue
    const options = signal ? { signal } : {}
    candidates.push(await orRefusal([index], basename(path), () => proposeOne(files, path, index, options)))
  }
  return candidates.toSorted((one, other) => (one.sources[0] ?? 0) - (other.sources[0] ?? 0))
}

async function orRefusal(sources: number[], name: string, run: () => Promise<Candidate>): Promise<Candidate> {
  try {
    return await run()
  } catch (error) {
    const refusal: Failure | null = failureOf(error)
    if (refusal === null) throw error
    return {
      sources,
      name,
      isFolder: false,
      sizeBytes: 0,
      files: 0,
      summary: unknown,
      links: nothingLinked,
      hidden: [],
      offer: 'encrypt',
      refusal,
      shards: null,
    }
  }
}

async function proposeOne(
  files: SourceFiles,
  path: string,
  index: number,
  options: { signal?: AbortSignal },
): Promise<Candidate> {
  const { real, stat } = await follow(files, Buffer.from(path))
  const name = basename(path)
  if (stat.kind === 'directory') {
    const scan = await scanFolder(files, real, { leaveOutHidden: false, ...options })
    const names = scan.entries.flatMap((entry) =>
      entry.kind === 'file' ? [entry.name.toString('utf8')] : [],
    )
    return {
      sources: [index],
      name,
      isFolder: true,
      sizeBytes: scan.sizeBytes,
      files: scan.files,
      summary: folderSummary(folderKindOf(names).label),
      links: scan.links,
      hidden: scan.hidden,
      offer: 'encrypt',
      refusal: null,
      shards: null,
    }
  }
  const source = await openSource(files, [path], { rootName: name, leaveOutHidden: false, ...options })
  try {
    const { reader } = source
    const { summary } = reader ? await inspectModel(reader, name, options) : { summary: unknown }
    return {
      sources: [index],
      name,
      isFolder: false,
      sizeBytes: source.sizeBytes,
      files: 1,
      summary,
      links: nothingLinked,
      hidden: [],
      offer: offerFor(summary),
      refusal: null,
      shards: null,
    }
  } finally {
    await source.close()
  }
}

const offerFor = ({ kind }: ModelSummary): Candidate['offer'] =>
  kind === 'age' || kind === 'age-armored' ? 'open' : kind === 'age-identity' ? 'import' : 'encrypt'

const folderSummary = (label: string): ModelSummary => ({
  kind: 'folder',
  label,
  framework: null,
  warning: null,
  malformed: null,
})

async function proposeShards(
  files: SourceFiles,
  paths: readonly string[],
  members: number[],
  set: ShardSet,
): Promise<Candidate> {
  let sizeBytes = 0
  for (const member of members) {
    const path = paths[member] ?? ''
    const { stat } = await follow(files, Buffer.from(path))
    if (stat.kind !== 'file') return fail({ code: 'file/is-special', path, kind: stat.kind })
    sizeBytes += stat.sizeBytes
  }
  return {
    sources: members,
    name: set.name,
    isFolder: true,
    sizeBytes,
    files: members.length,
    summary: { ...folderSummary(set.label), kind: 'shard-set' },
    links: nothingLinked,
    hidden: [],
    offer: 'encrypt',
    refusal: null,
    shards: { present: set.shardCount, of: set.shardTotal },
  }
}
