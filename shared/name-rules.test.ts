import { describe, expect, it } from 'vitest'
import { checkName, nameProblem, posixNames, windowsNames } from './name-rules.ts'

describe('a name that would leave its folder', () => {
  it.each(['', '/etc/passwd', '..', 'a/../b', './a', 'a//b', 'a/', 'a\0b', '\ud800', 'x'.repeat(256)])(
    'is refused: %j',
    (name) => {
      expect(() => checkName(name, posixNames)).toThrowError('artifact/name-invalid')
    },
  )

  it.each(['a\\b', 'c:d', 'com1.txt', 'dot.', 'space ', '..\\up', 'aux'])(
    'is refused on Windows: %j',
    (name) => {
      expect(nameProblem(name, posixNames)).toBeNull()
      expect(nameProblem(name, windowsNames)).toBe('Windows cannot hold it')
    },
  )
})
