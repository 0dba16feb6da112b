import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../testing/conformance.ts'
import { copySource, decodedKey, namesBelow } from './names.ts'

describe('names in a bucket', () => {
  const names = namesBelow('team/models/')

  it('become keys below the prefix, and back', () => {
    expect(names.keyOf('a/b.age')).toBe('team/models/a/b.age')
    expect(names.nameOf('team/models/a/b.age')).toBe('a/b.age')
  })

  it('are what has no empty parts; the rest is not listed', () => {
    const none = [
      'other/a.age',
      'team/models/',
      'team/models/a/',
      'team/models//a',
      'team/models/a/../b',
      'team/models',
    ]
    expect(none.map(names.nameOf)).toEqual(none.map(() => null))
    expect(names.nameOf(`team/models/x/.weightlock-${'a'.repeat(26)}.tmp`)).toBeNull()
    expect(names.nameOf('team/models/.weightlock-notes.tmp')).toBe('.weightlock-notes.tmp')
  })

  it('have a longest key', async () => {
    expect(names.keyOf('é'.repeat(506))).toHaveLength(12 + 506)
    expect(await codeOf((async () => names.keyOf('é'.repeat(507)))())).toBe('artifact/name-invalid')
  })

  it('come back as they were, however servers write spaces and signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (key) => {
        expect(decodedKey(encodeURIComponent(key), 'url')).toBe(key)
        expect(decodedKey(encodeURIComponent(key).replaceAll('%20', '+'), 'url')).toBe(key)
        expect(decodedKey(key, undefined)).toBe(key)
      }),
    )
    expect(decodedKey('100%', 'url')).toBe('100%')
  })

  it('are quoted as the source of a copy', () => {
    expect(copySource('models', 'a b/ü+%.age')).toBe('models/a%20b/%C3%BC%2B%25.age')
  })
})
