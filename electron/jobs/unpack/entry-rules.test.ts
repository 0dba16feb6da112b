import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { archiveRules, type EntryFacts, type TargetTraits } from './entry-rules.ts'

const linux: TargetTraits = { foldsCase: false, foldsNormalisation: false, windowsNames: false }
const entry = (name: string | Buffer, more: Partial<EntryFacts> = {}): EntryFacts => ({
  name: Buffer.from(name as string),
  type: 'file',
  mode: 0o644,
  sizeBytes: 1,
  ...more,
})
const codeOf = (entries: EntryFacts[], traits = linux, limitBytes = 1000): string | undefined => {
  const rules = archiveRules(traits, limitBytes)
  try {
    for (const each of entries) rules.check(each)
    return undefined
  } catch (error) {
    return failureOf(error)?.code
  }
}

describe('hostile entries', () => {
  it.each([
    ['an absolute path', entry('/etc/passwd')],
    ['a path that leads out', entry('model/../../x')],
    ['a path that leads out at its end', entry('model/a/..')],
    ['a set-user-id bit', entry('model/x', { mode: 0o4755 })],
    ['a set-group-id bit', entry('model/x', { mode: 0o2755 })],
    ['a symbolic link', entry('model/x', { type: 'symlink' })],
    ['a hard link', entry('model/x', { type: 'link' })],
    ['a device', entry('model/x', { type: 'character-device' })],
    ['a fifo', entry('model/x', { type: 'fifo' })],
    ['an unknown type', entry('model/x', { type: null })],
    ['a zero byte in its name', entry('model/a\0b')],
    ['a part that is too long', entry(`model/${'x'.repeat(256)}`)],
    ['a file in place of the root', entry('model')],
  ])('refuses %s', (_, hostile) => {
    expect(codeOf([hostile])).toBe('archive/hostile-entry')
  })

  it('refuses duplicates, and paths through files', () => {
    expect(codeOf([entry('m/x'), entry('m/x')])).toBe('archive/hostile-entry')
    expect(codeOf([entry('m/x'), entry('m/x/y')])).toBe('archive/hostile-entry')
    expect(codeOf([entry('m/x/y'), entry('m/x')])).toBe('archive/hostile-entry')
    expect(
      codeOf([entry('m/x/', { type: 'directory' }), entry('m/x/', { type: 'directory' })]),
    ).toBeUndefined()
  })

  it('refuses more bytes than the archive may hold', () => {
    expect(codeOf([entry('m/a', { sizeBytes: 600 }), entry('m/b', { sizeBytes: 600 })])).toBe(
      'archive/too-large',
    )
  })

  it('refuses colliding names only where the target cannot hold them', () => {
    const pairs: [string, string][] = [
      ['m/Model.bin', 'm/model.bin'],
      ['m/A/x', 'm/a/y'],
      ['m/é', 'm/e\u0301'],
    ]
    for (const [one, other] of pairs) {
      expect(codeOf([entry(one), entry(other)])).toBeUndefined()
      const folding = { foldsCase: true, foldsNormalisation: true, windowsNames: false }
      expect(codeOf([entry(one), entry(other)], folding)).toBe('archive/hostile-entry')
    }
  })

  it('refuses names of Windows only on Windows', () => {
    for (const name of ['m/run_12:00:00', 'm/con.txt', 'm/a\\b', 'm/x.', 'm/C:']) {
      expect(codeOf([entry(name)])).toBeUndefined()
      expect(codeOf([entry(name)], { ...linux, windowsNames: true })).toBe('archive/hostile-entry')
    }
  })

  it('gives the parts below the root, as bytes', () => {
    const rules = archiveRules(linux, 10)
    expect(rules.check(entry('./model/a/b')).map(String)).toEqual(['a', 'b'])
    expect(rules.check(entry(Buffer.of(0x6d, 0x2f, 0xff)))).toEqual([Buffer.of(0xff)])
  })
})
