import { describe, expect, it } from 'vitest'
import { lockfileProblems } from './check-lockfile.ts'

const whole = { version: '1.0.0', integrity: 'sha512-x' }

describe('lockfileProblems', () => {
  it('finds an optional platform package wherever Node would', () => {
    expect(
      lockfileProblems({
        packages: {
          '': {},
          'node_modules/a': { ...whole, optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
          'node_modules/a/node_modules/a-linux': whole,
          'node_modules/a-mac': whole,
        },
      }),
    ).toEqual([])
  })

  it('names an optional platform package that is missing', () => {
    expect(
      lockfileProblems({
        packages: { 'node_modules/a': { ...whole, optionalDependencies: { 'a-windows': '1.0.0' } } },
      }),
    ).toEqual(['a-windows 1.0.0, optional for node_modules/a, is not in the lockfile'])
  })

  it('names a registry address and a missing hash', () => {
    expect(
      lockfileProblems({
        packages: {
          'node_modules/a': { ...whole, resolved: 'https://registry.example/a.tgz' },
          'node_modules/b': {},
        },
      }),
    ).toEqual(['node_modules/a names where it was fetched from', 'node_modules/b has no integrity hash'])
  })
})
