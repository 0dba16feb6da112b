import { describe, expect, it } from 'vitest'
import { artifactId, encryptProposal, pathToken } from '../../testing/builders.ts'
import {
  cleanFolder,
  groupings,
  isEncrypted,
  itemsOf,
  merged,
  needsKey,
  objectNameOf,
  objectNameShown,
  requestItem,
} from './encrypt-choices.ts'
import type { Edit } from './encrypt-choices.ts'

const existing = { artifactId: artifactId(1), nextVersion: 3, separateObjectName: 'fraud/x-2.pkl.age' }
const one = (over: Parameters<typeof encryptProposal>[0] = {}, edit: Edit = {}) => {
  const [item] = itemsOf([encryptProposal(over)], new Map([['0', edit]]), new Map())
  if (!item) throw new Error('no item')
  return item
}

describe('what a sheet asks for', () => {
  it('makes a new version under the active key when the name exists, a new key otherwise', () => {
    expect(needsKey(one({ existing }))).toBe(false)
    expect(needsKey(one({ existing }, { separate: true }))).toBe(true)
    expect(needsKey(one({ existing }, { name: 'other.pkl' }))).toBe(true)
    expect(needsKey(one())).toBe(true)
  })
  it('leaves age files, identities, refused and nameless items out', () => {
    expect(isEncrypted(one({ offer: 'open' }))).toBe(false)
    expect(isEncrypted(one({ offer: 'import' }))).toBe(false)
    expect(isEncrypted(one({ offer: 'open' }, { anyway: true }))).toBe(true)
    expect(isEncrypted(one({ refusal: { code: 'file/not-found', path: 'x' } }))).toBe(false)
    expect(isEncrypted(one({}, { name: '  ' }))).toBe(false)
    expect(needsKey(one({ offer: 'open' }))).toBe(false)
  })
  it('puts the folder before the name and asks to leave hidden files out only where there are some', () => {
    const sources = [{ token: pathToken(7), name: 'a' }]
    expect(requestItem(one({}, { name: ' a.pkl ' }), sources, 'fraud')).toEqual({
      sources: [{ token: pathToken(7) }],
      name: 'fraud/a.pkl',
      separate: false,
      leaveOutHidden: false,
    })
    expect(requestItem(one({ hidden: ['.DS_Store'] }), sources, '').leaveOutHidden).toBe(true)
  })
  it('cleans a typed folder', () => {
    expect(cleanFolder(' /fraud//2026 / ')).toBe('fraud/2026')
    expect(cleanFolder('')).toBe('')
  })
})

describe('object names', () => {
  it.each([
    ['model.pkl', false, 1, 'model.pkl.age'],
    ['model.pkl', false, 2, 'model.v2.pkl.age'],
    ['model', false, 3, 'model.v3.age'],
    ['notes.v1', true, 1, 'notes.v1.tar.age'],
    ['notes', true, 2, 'notes.v2.tar.age'],
    ['.hidden', false, 2, '.hidden.v2.age'],
  ])('%s, archive %s, version %i', (name, isArchive, version, expected) => {
    expect(objectNameOf(name, isArchive, version)).toBe(expected)
  })
  it('are main’s own until the name is edited, and unknown where only main can know', () => {
    expect(objectNameShown(one({ objectName: 'fraud/x.v3.pkl.age' }), false)).toBe('x.v3.pkl.age')
    expect(objectNameShown(one({}, { name: 'y.bin' }), false)).toBe('y.bin.age')
    expect(objectNameShown(one({ existing }, { separate: true }), false)).toBe('x-2.pkl.age')
    expect(objectNameShown(one(), true)).toBeNull()
  })
})

describe('shards', () => {
  it('are inspected apart once they are split, and come back in the order of the drop', () => {
    const parts = groupings(4, [[1, 2]])
    expect(parts).toEqual([
      { sources: [0, 3], groupShards: true },
      { sources: [1, 2], groupShards: false },
    ])
    const answers = parts.map((grouping) => ({
      grouping,
      proposals: grouping.sources.map((_, n) => encryptProposal({ sources: [n] })),
    }))
    expect(merged(answers).map(({ sources }) => sources)).toEqual([[0], [1], [2], [3]])
  })
})
