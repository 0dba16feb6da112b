import type { ShardSet } from '../../shared/model-inspection.ts'

const shardName =
  /^(?<stem>.+?)[-_.](?<number>\d{2,6})-of-(?<total>\d{2,6})\.(?<extension>safetensors|gguf|bin|pt|pth|ckpt|h5|msgpack|onnx|npz)$/i
const missingListed = 100

/** Names that say nothing of the model; the folder's is better. */
const genericStem =
  /^(model|pytorch_model|tf_model|flax_model|diffusion_pytorch_model|consolidated|ggml-model|weights)$/i

interface Group {
  stem: string
  folder: string
  extension: string
  total: number
  byNumber: Map<number, string>
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

function groupBySet(names: readonly string[]): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const name of names) {
    const folder = folderOf(name)
    const parts = shardName.exec(name.slice(folder.length))?.groups
    const { stem, number, total, extension } = parts ?? {}
    if (!stem || !number || !total || !extension) continue
    const key = [folder, stem, total, extension.toLowerCase()].join('\0')
    const group = groups.get(key) ?? { stem, folder, extension, total: Number(total), byNumber: new Map() }
    if (!group.byNumber.has(Number(number))) group.byNumber.set(Number(number), name)
    groups.set(key, group)
  }
  return groups
}

function describe(group: Group, indexName: string | null, folderName: string | null): ShardSet {
  const { stem, extension, total, byNumber } = group
  const numbers = [...byNumber.keys()].toSorted((a, b) => a - b)
  // Most count from one; some count from zero.
  const first = byNumber.has(0) ? 0 : 1
  const expected = numbers.filter((number) => number >= first && number < first + total)
  const missing: number[] = []
  for (let number = first; number < first + total && missing.length < missingListed; number++) {
    if (!byNumber.has(number)) missing.push(number)
  }
  const parent = group.folder.split('/').at(-2) ?? folderName
  const format = extension.toLowerCase()
  const shards = `${format} · ${expected.length} of ${total} shards`
  return {
    name: genericStem.test(stem) && parent ? parent : stem,
    format,
    members: [
      ...numbers.map((number) => byNumber.get(number) ?? ''),
      ...(indexName === null ? [] : [indexName]),
    ],
    indexName,
    shardCount: expected.length,
    shardTotal: total,
    missing,
    label: indexName === null ? shards : `${shards} and their index`,
  }
}

/**
 * Finds the sets of shards (`model-00001-of-00030.safetensors`) among the names of a folder or a selection, each with
 * its index (`model.safetensors.index.json`). A single shard alone, without an index, is no set.
 * @param names relative, with `/`
 * @param folderName names a set whose own name says nothing
 */
export function findShardSets(names: readonly string[], folderName: string | null = null): ShardSet[] {
  const all = new Set(names)
  const sets: ShardSet[] = []
  for (const group of groupBySet(names).values()) {
    const candidate = `${group.folder}${group.stem}.${group.extension}.index.json`
    const indexName = all.has(candidate) ? candidate : null
    if (group.byNumber.size > 1 || indexName !== null) sets.push(describe(group, indexName, folderName))
  }
  return sets
}
