import { describe, expect, it } from 'vitest'
import { ShardSet } from '../../shared/model-inspection.ts'
import { findShardSets } from './shards.ts'

const shards = (stem: string, numbers: readonly number[], total: number, extension = 'safetensors') =>
  numbers.map(
    (number) =>
      `${stem}-${String(number).padStart(5, '0')}-of-${String(total).padStart(5, '0')}.${extension}`,
  )

describe('shards', () => {
  it('proposes shards and their index as one artifact, named for their folder', () => {
    const names = ['README.md', 'model.safetensors.index.json', ...shards('model', [3, 1, 2], 3)]
    const [set, ...others] = findShardSets(names, 'txn-llm-6b')
    expect(others).toEqual([])
    expect(ShardSet.parse(set)).toEqual({
      name: 'txn-llm-6b',
      format: 'safetensors',
      members: [...shards('model', [1, 2, 3], 3), 'model.safetensors.index.json'],
      indexName: 'model.safetensors.index.json',
      shardCount: 3,
      shardTotal: 3,
      missing: [],
      label: 'safetensors · 3 of 3 shards and their index',
    })
  })

  it('names what is missing', () => {
    const [set] = findShardSets(shards('llama', [1, 2, 4], 5, 'gguf'))
    expect(set).toMatchObject({
      name: 'llama',
      missing: [3, 5],
      label: 'gguf · 3 of 5 shards',
      indexName: null,
    })
  })

  it('understands sets that count from zero', () => {
    expect(findShardSets(shards('a', [0, 1, 2], 3))[0]).toMatchObject({ shardCount: 3, missing: [] })
  })

  it('keeps sets of other folders, totals and formats apart', () => {
    const names = [
      ...shards('unet/model', [1, 2], 2),
      ...shards('text/model', [1, 2], 2),
      ...shards('text/model', [1, 2], 3),
      ...shards('text/model', [1, 2], 2, 'bin'),
    ]
    expect(findShardSets(names).map(({ name, members }) => [name, members.length])).toEqual([
      ['unet', 2],
      ['text', 2],
      ['text', 2],
      ['text', 2],
    ])
  })

  it('leaves single files and look-alikes alone', () => {
    expect(
      findShardSets(['model-00001-of-00001.safetensors', 'model-1-of-2.txt', '-00001-of-00002.bin']),
    ).toEqual([])
  })

  it('lists no more than a hundred missing shards, however many are claimed', () => {
    const [set] = findShardSets(shards('m', [1, 2], 99_999))
    expect(set?.missing).toHaveLength(100)
    expect(set?.shardTotal).toBe(99_999)
  })
})
