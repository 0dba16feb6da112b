import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { parseCommandLine } from './arguments.ts'
import { commands } from './commands.ts'

const parse = (line: string) => parseCommandLine(line.split(' ').filter(Boolean), commands)
const trouble = (line: string): string => {
  try {
    parse(line)
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code === 'usage/invalid') return failure.detail
    throw error
  }
  return 'no trouble'
}

describe('a line of the terminal', () => {
  it.each([
    ['list', 'list', []],
    ['list fraud', 'list', ['fraud']],
    ['--json list', 'list', []],
    ['--data dir keys list', 'keys list', []],
    ['keys destroy K --confirm-name N', 'keys destroy', ['K']],
    ['keys destroy --confirm-name N K', 'keys destroy', ['K']],
    ['encrypt a b -- -c', 'encrypt', ['a', 'b', '-c']],
    ['decrypt model --to -', 'decrypt', ['model']],
    ['stores add s3 --kind local-folder --path dir', 'stores add', []],
    ['verify', 'verify', []],
  ])('finds the command in: %s', (line, words, operands) => {
    const parsed = parse(line)
    if (parsed.kind !== 'command') throw new Error('not a command')
    expect(parsed.command.words).toBe(words)
    expect(parsed.input.operands).toEqual(operands)
  })

  it('takes the options of every command before or after it', () => {
    for (const line of ['--json --data dir list', 'list --data=dir --json']) {
      const parsed = parse(line)
      expect(parsed).toMatchObject({ kind: 'command', json: true, data: 'dir' })
    }
  })

  it.each([
    ['', { kind: 'help', command: null, group: null }],
    ['--help', { kind: 'help', command: null }],
    ['-h', { kind: 'help', command: null }],
    ['--version', { kind: 'version' }],
    ['keys --help', { kind: 'help', group: 'keys' }],
    ['keys help', { kind: 'help', command: null, group: 'keys' }],
    ['help keys', { kind: 'help', command: null, group: 'keys' }],
    ['help keys --data dir', { kind: 'help', command: null, group: 'keys' }],
    ['keys help destroy', { kind: 'help', command: { words: 'keys destroy' } }],
    ['help keys destroy', { kind: 'help', command: { words: 'keys destroy' } }],
    ['help --data dir', { kind: 'help', command: null, group: null }],
    ['keys destroy --help', { kind: 'help', command: { words: 'keys destroy' } }],
    ['encrypt -h', { kind: 'help', command: { words: 'encrypt' } }],
    ['stores add --help', { kind: 'help', command: { words: 'stores add' } }],
  ])('gives help for: %s', (line, expected) => {
    expect(parse(line)).toMatchObject(expected)
  })

  it.each([
    ['lsit', 'there is no command "lsit", did you mean list?'],
    ['frobnicate', 'there is no command "frobnicate"'],
    [
      'keys',
      'say which: keys list, keys show, keys export, keys import, keys destroy, keys rotate, keys suspend, keys resume, keys revoke',
    ],
    ['certificate --data dir', 'say which: certificate verify, certificate save'],
    ['-- list', 'there is no command "--"'],
    ['jobs list --json true', '--json takes no value: leave out "true". It is on where it is given'],
    ['keys destory K', 'there is no keys destory, did you mean keys destroy?'],
    ['list --strore s', 'unknown option --strore, did you mean --store?'],
    ['list -x', 'unknown option -x'],
    ['list --store', '--store needs a value'],
    ['list --json=yes', '--json takes no value'],
    ['list a b', 'list does not take "b"'],
    ['encrypt', 'encrypt needs PATH…'],
    ['keys destroy K', 'keys destroy needs --confirm-name NAME'],
    ['decrypt model', 'decrypt needs --to PATH|-'],
    ['verify --level some', '--level is one of quick, sample, full, not "some"'],
    ['encrypt a --original shred', '--original is one of keep, trash, not "shred"'],
    ['--data', '--data needs a value'],
  ])('says what is wrong with: %s', (line, detail) => {
    expect(trouble(line)).toBe(detail)
  })
})
